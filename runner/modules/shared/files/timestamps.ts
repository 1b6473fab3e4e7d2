import { type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import { pad, strptime } from '../../../values/index.ts';
import type { FileStat } from './file-stat.ts';
import { die, type ReplyReader } from './reply.ts';

/** A time argument: leave it, the moment of the change, or a wall clock time in the target's zone. */
export type WantedTime = 'preserve' | 'now' | { readonly clock: string };

/** The same after the target was asked what its clock means: seconds since 1970. */
export type ResolvedTime = 'preserve' | 'now' | number;

export interface Times {
  readonly modified: ResolvedTime;
  readonly accessed: ResolvedTime;
}

/** Reads a time argument by its format. Throws ModuleFailure. */
export const readTime = (text: string | undefined, format: string, isTouch: boolean): WantedTime => {
  if (text === undefined) return isTouch ? 'now' : 'preserve';
  if (text === 'preserve' || text === 'now') return text;
  try {
    const { fields } = strptime(text, format);
    const date = `${pad(fields.year, 4)}-${pad(fields.month, 2)}-${pad(fields.day, 2)}`;
    return { clock: `${date} ${pad(fields.hour, 2)}:${pad(fields.minute, 2)}:${pad(fields.second, 2)}` };
  } catch (error) {
    throw new ModuleFailure(
      `Error while obtaining timestamp for time ${text} using format ${format}: ${(error as Error).message}`,
    );
  }
};

/** Shell that prints what a wall clock time is on the target; nothing for the other kinds. */
export const probeTime = (wanted: WantedTime): Script =>
  typeof wanted === 'string' ? sh`printf '\\0'` : sh`date -d ${wanted.clock} +%s; printf '\\0'`;

/** Reads what `probeTime` printed. */
export const readResolvedTime = (reader: ReplyReader, wanted: WantedTime): ResolvedTime => {
  const text = reader.field().trim();
  if (typeof wanted === 'string') return wanted;
  if (!/^-?\d+$/.test(text)) throw new ModuleFailure(`the target's date command does not understand '${wanted.clock}'`);
  return Number(text);
};

export interface TimesPlan {
  readonly changed: boolean;
  readonly script: Script | undefined;
  readonly before: ResultObject;
  readonly after: ResultObject;
}

/** Compares a file's times with those that were asked for. The script sets them; its step is `touch`. */
export const planTimes = (stat: FileStat | undefined, times: Times, path: string): TimesPlan => {
  const before: ResultObject = {};
  const after: ResultObject = {};
  const isModifiedRight = times.modified === 'preserve' || times.modified === stat?.modified;
  const isAccessedRight = times.accessed === 'preserve' || times.accessed === stat?.accessed;
  if (isModifiedRight && isAccessedRight) return { changed: false, script: undefined, before, after };
  if (!isModifiedRight) {
    before.mtime = stat?.modified;
    after.mtime = shown(times.modified);
  }
  if (!isAccessedRight) {
    before.atime = stat?.accessed;
    after.atime = shown(times.accessed);
  }
  return { changed: true, script: touchScript(times, path), before, after };
};

/** Shell that sets both times of what the path leads to. */
export const touchScript = ({ modified, accessed }: Times, path: string): Script => {
  if (modified === accessed) return sh`${touch(['-c'], modified)} -- ${path} || ${die} touch`;
  const commands = [
    modified === 'preserve' ? undefined : sh`${touch(['-c', '-m'], modified)} -- ${path} || ${die} touch`,
    accessed === 'preserve' ? undefined : sh`${touch(['-c', '-a'], accessed)} -- ${path} || ${die} touch`,
  ];
  return sh`${commands.filter((command) => command !== undefined).map((command) => sh`${command};`)}`;
};

/** The touch command with its options, without the files. */
export const touch = (options: readonly string[], time: ResolvedTime): Script =>
  typeof time === 'number' ? sh`touch ${options} -d ${`@${time}`}` : sh`touch ${options}`;

const shown = (time: ResolvedTime): number => (typeof time === 'number' ? time : Date.now() / 1000);
