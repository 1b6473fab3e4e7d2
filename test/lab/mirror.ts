import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MusterError } from '../../runner/errors/index.ts';

export interface Mirror {
  readonly uri: string;
  readonly suite: string;
}

/** The Debian mirror and release that this machine itself uses, found in its apt sources. */
export const debianMirror = async (): Promise<Mirror> => {
  const folder = '/etc/apt/sources.list.d';
  const names = (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  for (const file of ['/etc/apt/sources.list', ...names]) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = file.endsWith('.sources') ? readStanzas(text) : readLines(text);
    if (found) return found;
  }
  throw new MusterError({
    message: "this machine's apt sources name no Debian mirror, which the lab makes its hosts from",
    expected: 'a source whose address ends in /debian, in /etc/apt/sources.list or sources.list.d',
  });
};

// Other vendors' sources, and Debian's own for updates, have no base system.
const isDebian = (uri: string): boolean => /\/debian\/?$/.test(uri);
const isBase = (suite: string): boolean => /^[a-z]+$/.test(suite);

const readLines = (text: string): Mirror | undefined => {
  for (const line of text.split('\n')) {
    const found = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line);
    if (found && isDebian(found[1]!) && isBase(found[2]!)) return { uri: found[1]!, suite: found[2]! };
  }
  return undefined;
};

const readStanzas = (text: string): Mirror | undefined => {
  for (const stanza of text.split(/\n\s*\n/)) {
    const field = (name: string): string[] =>
      new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    const uri = field('URIs').find(isDebian);
    const suite = field('Suites').find(isBase);
    if (uri && suite) return { uri, suite };
  }
  return undefined;
};
