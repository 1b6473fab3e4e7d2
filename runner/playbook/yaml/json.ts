import type { Origin } from '../../errors/index.ts';
import { type Dict, float, integer, Template, type Value, VaultText } from '../../values/index.ts';
import type { BuildOptions } from './builder.ts';
import { deepest } from './nodes.ts';
import { type Entry, recordOrigins } from './origins.ts';
import type { SourceText } from './source-text.ts';
import { SyntaxMistake } from './syntax-mistake.ts';

/** Whether text is one JSON value in brackets; such files are read as JSON, whose numbers and escapes differ from YAML's. */
export const isJson = (text: string): boolean => {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Reads text that `isJson` found to be valid, with the place of each entry. */
export const readJson = (source: SourceText, options: BuildOptions): Value => {
  const token = /[[\]{},:]|"(?:[^"\\]|\\.)*"|[^\s[\]{},:"]+/gy;
  const { text } = source;
  let index = 0;
  let depth = 0;
  const skipSpace = (): void => {
    while (/\s/.test(text[index] ?? '')) index++;
  };
  const next = (): string => {
    skipSpace();
    token.lastIndex = index;
    const [found] = token.exec(text)!;
    index = token.lastIndex;
    return found;
  };
  const peek = (): string => {
    skipSpace();
    return text[index]!;
  };

  const readMapping = (start: number): Value => {
    const map: Dict = new Map();
    const entries: Entry[] = [];
    while (peek() !== '}') {
      if (peek() === ',') next();
      skipSpace();
      const keyIndex = index;
      const key = JSON.parse(next()) as string;
      next();
      skipSpace();
      const valueIndex = index;
      const value = read();
      map.set(key, value);
      entries.push({ key, value, keyIndex, valueIndex });
    }
    next();
    recordOrigins(map, source, start, entries);
    return special(map, () => source.originAt(start), options);
  };

  const readList = (start: number): Value => {
    const list: Value[] = [];
    const entries: Entry[] = [];
    while (peek() !== ']') {
      if (peek() === ',') next();
      skipSpace();
      const valueIndex = index;
      const value = read();
      entries.push({ key: list.length, value, keyIndex: valueIndex, valueIndex });
      list.push(value);
    }
    next();
    recordOrigins(list, source, start, entries);
    return list;
  };

  const read = (): Value => {
    skipSpace();
    const start = index;
    const word = next();
    if (word === '{' || word === '[') {
      if (++depth > deepest) throw new SyntaxMistake(`this is nested too deeply: more than ${deepest} levels`, start);
      const value = word === '{' ? readMapping(start) : readList(start);
      depth--;
      return value;
    }
    if (word[0] === '"') return readText(JSON.parse(word) as string, source, start, options);
    if (/^[-\d]/.test(word)) return /[.eE]/.test(word) ? float(Number(word)) : integer(BigInt(word));
    return JSON.parse(word) as boolean | null;
  };
  return read();
};

const readText = (text: string, source: SourceText, start: number, options: BuildOptions): Value =>
  (options.templates ?? true) && Template.needed(text) ? new Template(text, source.originAt(start + 1)) : text;

/** The forms in which Ansible writes vault and unsafe values to JSON. */
const special = (map: Dict, originOf: () => Origin, { decrypt }: BuildOptions): Value => {
  if (map.size !== 1) return map;
  const vault = map.get('__ansible_vault');
  if (typeof vault === 'string' && decrypt !== undefined) {
    const origin = originOf();
    return new VaultText(vault, (ciphertext) => decrypt(ciphertext, origin), origin);
  }
  const unsafe = map.get('__ansible_unsafe');
  if (unsafe instanceof Template) return unsafe.source;
  return typeof unsafe === 'string' ? unsafe : map;
};
