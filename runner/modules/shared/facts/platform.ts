import type { Collector, Facts } from './collector.ts';
import { askFullName, readFullName } from './full-name.ts';
import { askPython, readPython } from './python.ts';

const kernelFile = (name: string): string => `/proc/sys/kernel/${name}`;

export const platform: Collector = {
  name: 'platform',
  factNames: ['architecture', 'kernel', 'kernel_version', 'machine', 'machine_id', 'python_version', 'system'],
  files: [
    ...['ostype', 'osrelease', 'version', 'hostname'].map(kernelFile),
    '/var/lib/dbus/machine-id',
    '/etc/machine-id',
  ],
  // The fifth byte of a program tells whether it is a 32 or 64 bit one.
  quick: ({ mark }) =>
    `${mark('machine')}; uname -m; IFS= read -r m_program </proc/self/exe; case $m_program in ?ELF\x02*) echo 64;; *) echo 32;; esac`,
  slow: (request) => [`${request.mark('names')}; ( ${askFullName.text} )`, askPython(request)],
  read: (dump) => {
    const [machine = '', programBits = '64'] = (dump.section('machine') ?? '').split('\n');
    const nodename = dump.file(kernelFile('hostname')) ?? '';
    const fqdn = readFullName(dump.section('names') ?? '', nodename);
    const bits = programBits === '32' && !machine.includes('64') ? '32' : programBits;
    const machineId = dump.lines('/var/lib/dbus/machine-id')[0] ?? dump.lines('/etc/machine-id')[0];
    return {
      system: dump.file(kernelFile('ostype')) ?? 'Linux',
      kernel: dump.file(kernelFile('osrelease')),
      kernel_version: dump.file(kernelFile('version')),
      machine,
      python_version: readPython(dump)?.text,
      fqdn,
      hostname: nodename.split('.')[0],
      nodename,
      domain: fqdn.split('.').slice(1).join('.'),
      userspace_bits: bits,
      ...architecture(machine, bits),
      machine_id: machineId?.trim() || undefined,
    };
  },
};

const architecture = (machine: string, bits: string): Facts => {
  const userspace = bits === '64' ? 'x86_64' : 'i386';
  if (machine === 'x86_64') return { architecture: machine, userspace_architecture: userspace };
  if (/i([3456]86|86pc)/.test(machine)) return { architecture: 'i386', userspace_architecture: userspace };
  return { architecture: machine };
};
