import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { findLab, type Lab, type LabHost, labStatus, openLab, removeLab } from './lab.ts';
import { type HostKind, labNames } from './record.ts';
import { vmsNames } from './vm/record.ts';
import { findVms, openVms, removeVms, vmsStatus } from './vm/vms.ts';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const usual = 'muster';
const find = (name: string): Lab | undefined => findLab(name) ?? findVms(name);
const kinds: readonly HostKind[] = ['debian', 'busybox', 'managers'];

const placeOf = ({ address, port }: LabHost): string => (port === undefined ? address : `${address} port ${port}`);

const open = async (hosts: number, kind: string, name: string): Promise<Lab> => {
  const ofHosts = kinds.find((known) => known === kind);
  if (ofHosts) return await openLab({ hosts, name, kind: ofHosts, tell });
  if (kind !== 'vm') throw new Error('--kind is debian, managers, busybox or vm');
  if (hosts !== 1 && hosts !== 2) throw new Error('there are one or two virtual machines in a lab');
  return await openVms({ hosts, name, tell });
};

const program = new Command('lab').description(
  'Throw-away hosts on this machine, for tests and for trying things out.',
);

program
  .command('up')
  .description('make a lab and write its inventory')
  .argument('[hosts]', 'how many hosts', '2')
  .option('--name <name>', 'what to call it', usual)
  .option('--kind <kind>', 'debian, managers, busybox or vm', 'debian')
  .action(async (hosts: string, options: { name: string; kind: string }) => {
    const lab = await open(Number(hosts), options.kind, options.name);
    for (const host of lab.hosts) tell(`${host.name} ${placeOf(host)}`);
    process.stdout.write(`${lab.inventory}\n`);
  });

program
  .command('down')
  .description('remove a lab, also one that a crash left behind')
  .option('--name <name>', 'which one', usual)
  .option('--all', 'all labs of this machine')
  .action(async (options: { name: string; all?: true }) => {
    for (const name of options.all ? [...labNames(), ...vmsNames()] : [options.name]) {
      await removeLab(name);
      await removeVms(name);
    }
  });

program
  .command('status')
  .description('show the labs and their hosts')
  .action(() => {
    for (const name of [...labNames(), ...vmsNames()]) {
      process.stdout.write(`${name}  ${find(name)?.inventory}\n`);
      for (const { host, isRunning } of [...labStatus(name), ...vmsStatus(name)]) {
        process.stdout.write(`  ${host.name}  ${placeOf(host)}  ${isRunning ? 'runs' : 'stopped'}\n`);
      }
    }
  });

program
  .command('exec')
  .description('run a command on a host as root, or log in to it')
  .argument('<host>')
  .argument('[command...]')
  .option('--name <name>', 'of which lab', usual)
  .action((host: string, command: string[], options: { name: string }) => {
    const lab = find(options.name);
    const found = lab?.hosts.find(({ name }) => name === host);
    if (!lab || !found) throw new Error(`there is no host '${host}' in lab '${options.name}'`);
    const args = [
      '-F',
      'none',
      '-q',
      '-i',
      lab.key,
      '-o',
      `UserKnownHostsFile=${lab.knownHosts}`,
      '-p',
      String(found.port ?? 22),
      `root@${found.address}`,
    ];
    process.exitCode = spawnSync('ssh', [...args, ...command], { stdio: 'inherit' }).status ?? 1;
  });

program
  .command('freshen')
  .description('put hosts back to how they were at first')
  .argument('[hosts...]')
  .option('--name <name>', 'of which lab', usual)
  .action(async (hosts: string[], options: { name: string }) => {
    const lab = find(options.name);
    if (!lab) throw new Error(`there is no lab '${options.name}'`);
    await lab.freshen(...hosts);
  });

program.parseAsync().catch((error: Error) => {
  tell(`lab: ${error.message}`);
  process.exitCode = 1;
});
