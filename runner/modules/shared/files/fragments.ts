import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import { compareText } from '../../../values/index.ts';
import type { Controller } from '../../define.ts';
import { textRegex } from './bytes-regex.ts';
import type { ReplyReader } from './reply.ts';

/** A file that becomes a part of an assembled one. */
export interface Fragment {
  readonly name: string;
  readonly content: Buffer;
}

// A size in front of each content, so that it may hold anything.
const fragments = shellFunction(
  'm_parts',
  `for m_f in "$1"/* "$1"/.[!.]* "$1"/..?*; do
  [ -f "$m_f" ] || continue
  m_size=$(wc -c <"$m_f")
  printf '%s\\0%s\\0' "\${m_f##*/}" "$m_size"
  head -c "$m_size" <"$m_f"
done
printf '\\0'`,
);

/** Shell that prints all files of the folder in a shell variable. */
export const probeFragments = (variable: `m_${string}`): Script => sh`${fragments} ${raw(`"$${variable}"`)}`;

/** Reads what `probeFragments` printed. */
export const readFragments = (reader: ReplyReader): Fragment[] => {
  const found: Fragment[] = [];
  for (;;) {
    const name = reader.field();
    if (name === '') return found;
    found.push({ name, content: reader.take(Number(reader.field().trim())) });
  }
};

/** The files of a folder of the controller. */
export const localFragments = async (folder: string, controller: Controller, decrypt: boolean): Promise<Fragment[]> => {
  const found: Fragment[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) found.push({ name, content: await controller.read(path, { decrypt }) });
  }
  return found;
};

export interface AssembleRules {
  readonly delimiter: string | undefined;
  readonly regexp: string | undefined;
  readonly ignoreHidden: boolean;
}

/** The fragments one after the other, by name, each on lines of its own, with the delimiter in between. */
export const assemble = (found: readonly Fragment[], rules: AssembleRules): Buffer => {
  const regex = rules.regexp === undefined ? undefined : textRegex(rules.regexp, {});
  const parts = found
    .filter(({ name }) => !regex || regex.search(name))
    .filter(({ name }) => !(rules.ignoreHidden && name.startsWith('.')))
    .sort((a, b) => compareText(a.name, b.name));
  const newline = Buffer.from('\n');
  const delimiter = rules.delimiter ? unescapeBytes(rules.delimiter) : undefined;
  const pieces: Buffer[] = [];
  for (const { content } of parts) {
    const last = pieces.at(-1);
    if (last && last.at(-1) !== 0x0a) pieces.push(newline);
    if (pieces.length > 0 && delimiter) {
      pieces.push(delimiter);
      if (delimiter.at(-1) !== 0x0a) pieces.push(newline);
    }
    pieces.push(content);
  }
  return Buffer.concat(pieces);
};

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** Text with the escapes of Python's byte literals. */
const unescapeBytes = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const plain = bytes.replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g, (whole, code: string) => {
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return escapes[code] ?? whole;
  });
  return Buffer.from(plain, 'latin1');
};
