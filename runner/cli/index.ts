// The command line: one file a command, each read only when it is called.
import { didYouMean, formatProblem, MusterError, UsageError } from '../errors/index.ts';
import { exitCodeOf } from './exit-code.ts';

export { exit } from './exit.ts';

interface CommandEntry {
  readonly summary: string;
  load(): Promise<(args: readonly string[]) => Promise<number>>;
}

const commands: Readonly<Record<string, CommandEntry>> = {
  run: { summary: 'run playbooks', load: async () => (await import('./run.ts')).run },
  tui: { summary: 'show and steer everything full-screen', load: async () => (await import('./tui.ts')).tui },
  exec: { summary: 'run one module on some hosts', load: async () => (await import('./exec.ts')).exec },
  resume: { summary: 'go on with a run that did not end well', load: async () => (await import('./resume.ts')).resume },
  retry: {
    summary: 'run again on the hosts that failed',
    load: async () => (await import('./retry.ts')).retry,
  },
  history: {
    summary: 'list, show and compare earlier runs',
    load: async () => (await import('./history.ts')).history,
  },
  schedule: {
    summary: 'run playbooks by themselves, at given times',
    load: async () => (await import('./schedule.ts')).schedule,
  },
  inventory: {
    summary: 'show hosts, groups and their variables',
    load: async () => (await import('./inventory.ts')).inventory,
  },
  template: {
    summary: 'show what a template or expression renders to',
    load: async () => (await import('./template.ts')).template,
  },
  modules: { summary: 'list modules, or describe one', load: async () => (await import('./modules.ts')).modules },
  vault: {
    summary: 'encrypt, decrypt and edit files and strings',
    load: async () => (await import('./vault.ts')).vault,
  },
};

/** Runs a command line and returns its exit code: 1 where all went well but for output that was lost. Errors that are meant for people are shown without a stack trace. */
export const main = async (args: readonly string[]): Promise<number> => {
  hasLostOutput = false;
  for (const stream of [process.stdout, process.stderr]) stream.off('error', missReader).on('error', missReader);
  const exitCode = await runCommand(args);
  return hasLostOutput ? exitCode || 1 : exitCode;
};

const runCommand = async (args: readonly string[]): Promise<number> => {
  const [name = '--help', ...rest] = args;
  if (name === '--version' || name === '-V') return showVersion();
  if (name === '--help' || name === '-h' || name === 'help') return showHelp();
  const command = commands[name];
  try {
    if (!command) {
      throw new UsageError({
        message: `there is no command '${name}'`,
        expected: `one of ${Object.keys(commands).join(', ')}`,
        hint: didYouMean(name, Object.keys(commands)),
      });
    }
    return await (await command.load())(rest);
  } catch (error) {
    return showError(error);
  }
};

let hasLostOutput = false;

/**
 * Whoever read the output may have read enough, as `head` does: what is under way goes on without them. So it does when the
 * output cannot be written, as on a disk that is full, but that is told of.
 */
const missReader = (error: NodeJS.ErrnoException): void => {
  if (error.code === 'EPIPE' || hasLostOutput) return;
  hasLostOutput = true;
  process.stderr.write(`warning: output is lost: ${error.message}\n`);
};

const showError = (error: unknown): number => {
  if (error instanceof MusterError) {
    const { length } = error.problems;
    process.stderr.write(
      `${error.problems.map((problem) => `ERROR! ${formatProblem(problem)}\n`).join('\n')}${length > 1 ? `\n${length} mistakes; nothing was run\n` : ''}`,
    );
    return exitCodeOf(error);
  }
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`ERROR! muster itself failed, please report it:\n${shown}\n`);
  return 250;
};

const showHelp = (): number => {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const list = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  process.stdout.write(`usage: muster COMMAND …\n\n${list.join('\n')}\n\n'muster COMMAND --help' tells more.\n`);
  return 0;
};

const showVersion = async (): Promise<number> => {
  const { versionText } = await import('./version.ts');
  process.stdout.write(`${versionText()}\n`);
  return 0;
};
