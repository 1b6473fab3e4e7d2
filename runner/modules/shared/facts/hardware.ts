import { type Collector, known } from './collector.ts';
import { deviceCommands, deviceFiles, deviceLinks, deviceScript, readDevices } from './devices.ts';
import { dmidecodeScript, dmiFiles, dmiFolder, readDmi } from './dmi.ts';
import { lvmScript, readLvm } from './lvm.ts';
import { readMemory } from './memory.ts';
import { mountScript, readMounts, uuidScript } from './mounts.ts';
import { processorFiles, processorScript, readProcessor } from './processor.ts';

export const hardware: Collector = {
  name: 'hardware',
  factNames: ['devices', 'mounts', 'processor', 'processor_cores', 'processor_count'],
  needs: ['platform'],
  files: ['/proc/meminfo', '/proc/uptime', '/proc/self/status', ...processorFiles, ...dmiFiles, ...deviceFiles],
  exists: [`${dmiFolder}/product_name`],
  links: deviceLinks,
  quick: ({ mark, timeout }) => [
    processorScript(mark('cpuinfo')),
    deviceScript(mark('holders')),
    mountScript(mark, timeout),
  ],
  slow: ({ mark }) => [uuidScript(mark('lsblk')), lvmScript(mark), deviceCommands(mark), dmidecodeScript(mark)],
  read: (dump, facts) => {
    const uptime = dump.file('/proc/uptime');
    return {
      ...readProcessor(dump, known(facts, 'architecture')),
      ...readMemory(dump),
      ...readDmi(dump),
      ...readDevices(dump),
      uptime_seconds: uptime === undefined ? undefined : Math.floor(Number(uptime.split(' ')[0])),
      ...readLvm(dump),
      ...readMounts(dump),
    };
  },
};
