import { ModuleFailure } from '../../../errors/index.ts';
import { matchesGlob } from '../../../values/index.ts';
import { pythonRegex } from '../../../values/python-regex.ts';
import { textRegex } from './bytes-regex.ts';
import type { FileStat } from './file-stat.ts';

export type NameTest = (name: string) => boolean;

/** The test that find's patterns and excludes make for names. */
export const nameTest = (patterns: readonly string[], excludes: readonly string[], useRegex: boolean): NameTest => {
  const given = patterns.length > 0 ? patterns : [useRegex ? '.*' : '*'];
  const one = (pattern: string): NameTest => {
    if (!useRegex) return (name) => matchesGlob(name, pattern);
    const regex = textRegex(pattern, {});
    return (name) => regex.match(name) !== undefined;
  };
  const wanted = given.map(one);
  const unwanted = excludes.map(one);
  return (name) => wanted.some((test) => test(name)) && !unwanted.some((test) => test(name));
};

const ageUnits: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const sizeUnits: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** A number with a unit as find's age and size have it. Throws ModuleFailure. */
export const readQuantity = (kind: 'age' | 'size', text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const match = kind === 'age' ? /^(-?\d+)([smhdw])?$/i.exec(text) : /^(-?\d+)([bkmgt])?$/i.exec(text);
  if (!match) throw new ModuleFailure(`failed to process ${kind}`, { [kind]: text });
  const units = kind === 'age' ? ageUnits : sizeUnits;
  return Number(match[1]) * (units[match[2]?.toLowerCase() ?? ''] ?? 1);
};

/** At least so much, or at most when it was given negative. */
const isWithin = (value: number, limit: number | undefined, isNegative: boolean): boolean =>
  limit === undefined || (isNegative ? value <= Math.abs(limit) : value >= limit);

/** Whether one of a file's times is at least `age` seconds ago, or at most when that is negative. */
export const isOldEnough = (stat: FileStat, stamp: 'atime' | 'ctime' | 'mtime', now: number, age?: number): boolean => {
  const time = stamp === 'atime' ? stat.accessed : stamp === 'ctime' ? stat.statusChanged : stat.modified;
  return isWithin(now - time, age, age !== undefined && (age < 0 || Object.is(age, -0)));
};

/** Whether a file has at least `size` bytes, or at most when that is negative. */
export const isLargeEnough = (stat: FileStat, size?: number): boolean =>
  isWithin(stat.size, size, size !== undefined && size < 0);

/** Whether a pattern is in some text file's content: at the beginning of a line, or anywhere in the whole. */
export const hasContent = (content: Buffer, pattern: string, wholeFile: boolean): boolean => {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content).replace(/\r\n?/g, '\n');
  } catch {
    // What is no text cannot be searched.
    return false;
  }
  const regex = pythonRegex(pattern);
  if (wholeFile) return regex.search(text) !== undefined;
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).some((line) => regex.match(line) !== undefined);
};
