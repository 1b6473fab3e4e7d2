import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { findLab, labStatus, openLab, removeLab } from './lab.ts';
import { type HostKind, labNames } from './record.ts';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const usual = 'muster';

const program = new Command('lab').description(
  'Throw-away hosts on this machine, for tests and for trying things out.',
);

program
  .command('up')
  .description('make a lab and write its inventory')
  .argument('[hosts]', 'how many hosts', '2')
  .option('--name <name>', 'what to call it', usual)
  .option('--kind <kind>', 'debian or busybox', 'debian')
  .action(async (hosts: string, options: { name: string; kind: string }) => {
    if (options.kind !== 'debian' && options.kind !== 'busybox') throw new Error('--kind is debian or busybox');
    const lab = await openLab({
      hosts: Number(hosts),
      name: options.name,
      kind: options.kind satisfies HostKind,
      tell,
    });
    for (const { name, address } of lab.hosts) tell(`${name} ${address}`);
    process.stdout.write(`${lab.inventory}\n`);
  });

program
  .command('down')
  .description('remove a lab, also one that a crash left behind')
  .option('--name <name>', 'which one', usual)
  .option('--all', 'all labs of this machine')
  .action(async (options: { name: string; all?: true }) => {
    for (const name of options.all ? labNames() : [options.name]) await removeLab(name);
  });

program
  .command('status')
  .description('show the labs and their hosts')
  .action(() => {
    for (const name of labNames()) {
      process.stdout.write(`${name}  ${findLab(name)?.inventory}\n`);
      for (const { host, isRunning } of labStatus(name)) {
        process.stdout.write(`  ${host.name}  ${host.address}  ${isRunning ? 'runs' : 'stopped'}\n`);
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
    const lab = findLab(options.name);
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
    const lab = findLab(options.name);
    if (!lab) throw new Error(`there is no lab '${options.name}'`);
    await lab.freshen(...hosts);
  });

program.parseAsync().catch((error: Error) => {
  tell(`lab: ${error.message}`);
  process.exitCode = 1;
});
