import { MusterError } from '../errors/index.ts';
import type { RunRecord } from '../record/index.ts';
import type { Manifest } from '../record/manifest.ts';
import { toJson } from '../values/index.ts';
import { readExtraVars } from './extra-vars.ts';

const mask = '********';

/**
 * The words behind `muster run` of an earlier run, with further ones. Throws a MusterError for secrets that were on its
 * command line and are not given again: those are not recorded.
 */
export const recordedWords = ({ id }: RunRecord, { command }: Manifest, further: readonly string[]): string[] => {
  const words = command.slice(2);
  const given = new Set(extraVarsIn(further).flatMap((text) => namesIn(text)));
  const missing = extraVarsIn(words)
    .filter((text) => text.includes(mask))
    .flatMap((text) => namesIn(text, true))
    .filter((name) => !given.has(name));
  if (missing.length > 0) {
    throw new MusterError({
      message: `the record of run ${id} does not hold ${missing.length === 1 ? 'a secret' : 'secrets'} of its command line: ${missing.join(', ')}`,
      expected: `${missing.map((name) => `-e ${name}=…`).join(' ')}, or -e @FILE with ${missing.length === 1 ? 'it' : 'them'}`,
    });
  }
  const other = words.find(
    (word, index) => word.includes(mask) && !extraVarsIn(words.slice(index - 1, index + 1)).length,
  );
  if (other !== undefined) {
    throw new MusterError(`the record of run ${id} does not hold a secret of its command line: ${other}`);
  }
  return [...(further.some(isOutput) ? withoutOutputs(words) : words), ...further];
};

const isOutput = (word: string): boolean => /^--output(=|$)/.test(word);

/** Outputs that are given now are meant in place of those of then. */
const withoutOutputs = (words: readonly string[]): string[] =>
  words.filter((word, index) => !isOutput(word) && words[index - 1] !== '--output');

/** What stands behind -e, in each of its forms. */
const extraVarsIn = (words: readonly string[]): string[] =>
  words.flatMap((word, index) => {
    if (words[index - 1] === '-e' || words[index - 1] === '--extra-vars') return [word];
    return /^(?:--extra-vars=|-e(?=.))(.*)$/s.exec(word)?.[1] ?? [];
  });

/** The variables that a text behind -e gives; with `masked` those that lack something. */
const namesIn = (text: string, masked = false): string[] => {
  const vars = readExtraVars([text], undefined, () => {});
  return [...vars].flatMap(([name, value]) =>
    masked && !JSON.stringify(toJson(value)).includes(mask) ? [] : [String(name)],
  );
};

/** The words that are left when one of them, which is no option's value, is taken out. */
export const withoutWord = (
  words: readonly string[],
  word: string | undefined,
  hasNone: (words: readonly string[]) => boolean,
): string[] => {
  if (word === undefined) return [...words];
  const places = words.flatMap((one, index) => (one === word ? [index] : []));
  const place = places.find((index) => hasNone(words.toSpliced(index, 1))) ?? places[0]!;
  return words.toSpliced(place, 1);
};

/** Paths of a recorded command line count from the directory that it was given in. */
export const enterDirectory = ({ directory }: Manifest): void => {
  try {
    process.chdir(directory);
  } catch {
    throw new MusterError({
      message: `the directory of the run, ${directory}, cannot be entered`,
      hint: 'paths of its command line count from there',
    });
  }
};
