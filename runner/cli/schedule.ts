import { Command } from 'commander';
import { UsageError } from '../errors/index.ts';
import { runCommand } from './parse-command.ts';

/** `muster schedule`: playbooks that run by themselves. */
export const schedule = async (args: readonly string[]): Promise<number> => {
  let exitCode = 0;
  const command = new Command('muster schedule').description('Playbooks that run by themselves.');
  const add = (words: string, text: string): Command =>
    command.command(words).description(text).option('--file <file>', 'the schedules file', 'schedules.yml');

  add('start', 'begins runs when they are due, until it is ended')
    .option('--listen <address>', 'serve /healthz and /metrics on a loopback address, as in 127.0.0.1:9877')
    .action(async (options) => {
      exitCode = await (await import('./schedule/start.ts')).scheduleStart(options);
    });
  add('install', "writes systemd's unit that runs 'muster schedule start'")
    .option('--print', 'only show it')
    .option('--user', 'for your own systemd instead of the machine’s')
    .option('--name <name>', 'the name of the unit', 'muster-schedule')
    .option('--listen <address>', 'as for start')
    .action(async (options) => (await import('./schedule/install.ts')).scheduleInstall(options));
  add('list', 'shows what ran last and what runs next')
    .option('--json', 'one schedule a line')
    .action(async (options) => (await import('./schedule/list.ts')).scheduleList(options));
  add('next', 'shows the next runs')
    .argument('[name]', 'of this schedule only')
    .option('-n, --number <number>', 'how many', wholeNumber('-n'), 5)
    .action(async (name, options) => (await import('./schedule/next.ts')).scheduleNext(name, options));
  add('run', 'runs a schedule now, and waits for its end')
    .argument('<name>')
    .option('--quiet', 'say nothing')
    .action(async (name, options) => {
      exitCode = await (await import('./schedule/run.ts')).scheduleRun(name, options);
    });
  add('pause', 'begins no more runs of schedules until they are resumed')
    .argument('<name...>')
    .action(async (names, options) => (await import('./schedule/pause.ts')).schedulePause(names, true, options));
  add('resume', 'lets schedules run again')
    .argument('<name...>')
    .action(async (names, options) => (await import('./schedule/pause.ts')).schedulePause(names, false, options));
  add('validate', 'checks the schedules file and what it names').action(async (options) =>
    (await import('./schedule/validate.ts')).scheduleValidate(options),
  );
  const failure = await runCommand(command, args);
  return failure || exitCode;
};

const wholeNumber =
  (option: string) =>
  (value: string): number => {
    if (/^\d{1,4}$/.test(value) && Number(value) > 0) return Number(value);
    throw new UsageError({ message: `${option} cannot be '${value}'`, expected: 'a whole number from 1 on' });
  };
