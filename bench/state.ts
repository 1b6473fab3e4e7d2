import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BedHost } from './bed.ts';

/** What lies in the directories of hosts, as text: names, kinds, modes and contents, one a line. */
export const stateOf = async (hosts: readonly Pick<BedHost, 'name' | 'place'>[]): Promise<string> => {
  const lines: string[] = [];
  for (const { name, place } of hosts) {
    for (const path of (await readdir(place, { recursive: true })).sort()) {
      lines.push(`${name} ${path} ${await describe(join(place, path))}`);
    }
  }
  return lines.join('\n');
};

const describe = async (path: string): Promise<string> => {
  const status = await lstat(path);
  const mode = (status.mode & 0o7777).toString(8);
  if (status.isSymbolicLink()) return `link ${await readlink(path)}`;
  if (status.isDirectory()) return `directory ${mode}`;
  return `file ${mode} ${await digest(path)}`;
};

const digest = async (path: string): Promise<string> => {
  const hash = createHash('sha1');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** The first line in which two states differ, for people. */
export const firstDifference = (expected: string, found: string): string | undefined => {
  if (expected === found) return undefined;
  const wanted = new Set(expected.split('\n'));
  const had = new Set(found.split('\n'));
  const missing = [...wanted].find((line) => !had.has(line));
  const extra = [...had].find((line) => !wanted.has(line));
  return [missing && `missing '${missing}'`, extra && `there is '${extra}'`].filter(Boolean).join(', ');
};
