import { closeSync, openSync, writeSync } from 'node:fs';
import type { Config } from '../config/index.ts';
import { didYouMean, MusterError, UsageError } from '../errors/index.ts';
import type { Reader } from '../events/index.ts';
import type { Screen } from '../output/index.ts';
import type { RunFlags } from './run-options.ts';

/** What outputs need to know of the command line. */
export type OutputFlags = Pick<RunFlags, 'output' | 'verbose'>;

const forms = ['console', 'classic', 'jsonl', 'junit'];
const fileForms = ['jsonl', 'junit'];

/**
 * The readers that --output or the configuration ask for. `isLive` is false when events of an earlier run are shown.
 * Outputs are read from disk when they are used: most runs need one of them.
 */
export const openOutputs = async (flags: OutputFlags, config: Config, isLive = true): Promise<Reader[]> => {
  const { standardScreen } = await import('../output/screen.ts');
  const screen = standardScreen({ noColor: config.noColor, forceColor: config.forceColor });
  const wanted = (flags.output ?? config.output).map(readForm);
  // A report in a file says nothing to those who watch.
  if (wanted.every(({ file }) => file !== undefined)) wanted.unshift({ form: usualForm(config, screen) });
  if (wanted.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError({
      message: 'only one output can write to stdout',
      hint: `write the others to files: ${fileForms.map((form) => `--output ${form}=FILE`).join(', ')}`,
    });
  }
  return Promise.all(wanted.map((output) => openOne(output, screen, flags, config, isLive)));
};

interface Wanted {
  readonly form: string;
  readonly file?: string | undefined;
}

const readForm = (text: string): Wanted => {
  const [, form = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (!forms.includes(form)) {
    throw new UsageError({
      message: `there is no output '${form}'`,
      expected: `one of ${forms.join(', ')}`,
      hint: didYouMean(form, forms),
    });
  }
  if (file !== undefined && (file === '' || !fileForms.includes(form))) {
    throw new UsageError({
      message: `'${text}' is no output`,
      expected: fileForms.map((one) => `${one}=FILE`).join(' or '),
    });
  }
  return { form, file };
};

/** People at a terminal get the console, unless they chose one of Ansible's callbacks. */
const usualForm = (config: Config, screen: Screen): string =>
  screen.isTerminal && config.sourceOf('stdoutCallback').kind === 'default' ? 'console' : 'classic';

const openOne = async (
  { form, file }: Wanted,
  screen: Screen,
  flags: OutputFlags,
  config: Config,
  isLive: boolean,
): Promise<Reader> => {
  const verbosity = flags.verbose ?? config.verbosity;
  if (form === 'jsonl') {
    const { jsonLines } = await import('../output/json-lines.ts');
    return jsonLines(file === undefined ? screen.write : openFile(file));
  }
  if (form === 'junit') {
    const { junitOutput } = await import('../output/junit.ts');
    return junitOutput(file === undefined ? screen.write : openFile(file));
  }
  if (form === 'console') {
    const { consoleOutput } = await import('../output/console/index.ts');
    const shown = isLive ? screen : { ...screen, canRedraw: false };
    return consoleOutput(shown, {
      verbosity,
      showsCustomStats: config.showCustomStats,
      diffContext: config.diffContext,
      isLive,
    });
  }
  const { classicOutput } = await import('../output/classic.ts');
  return classicOutput(screen, {
    verbosity,
    showsSkipped: config.displaySkippedHosts,
    showsOk: config.displayOkHosts,
    showsCustomStats: config.showCustomStats,
    diffContext: config.diffContext,
  });
};

/** A report's file, opened before the run: that it cannot be written is to be known then. */
const openFile = (file: string): ((text: string) => void) => {
  try {
    const descriptor = openSync(file, 'w');
    process.once('exit', () => closeSync(descriptor));
    return (text) => void writeSync(descriptor, text);
  } catch (error) {
    throw new MusterError({ message: `${file} cannot be written: ${(error as Error).message}` });
  }
};
