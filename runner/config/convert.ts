import { homedir } from 'node:os';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { SettingType } from './setting.ts';

/** What reading a value may need to know. */
export interface ConvertContext {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The file that the value stands in: relative paths are relative to its directory. */
  readonly file?: string | undefined;
}

export type Converted = string | number | boolean | readonly string[];

/** A value read as its type by Ansible's rules. Throws a plain message when it cannot be. */
export const convertSetting = (text: string, type: SettingType, context: ConvertContext): Converted => {
  switch (type) {
    case 'bool':
      // Whatever is not one of these is false, as in Ansible.
      return ['y', 'yes', 'on', '1', 'true', 't', '1.0'].includes(text.toLowerCase().trim());
    case 'int':
      return wholeNumber(text);
    case 'float':
      return number(text);
    case 'str':
      return unquote(text);
    case 'list':
      return text.trim() === '' ? [] : text.split(',').map((item) => unquote(item.trim()));
    case 'path':
      return expandPath(text, context);
    case 'pathspec':
      return text.split(':').map((item) => expandPath(item, context));
    case 'pathlist':
      return text.split(',').map((item) => expandPath(item.trim(), context));
  }
};

/** `~`, `$NAME` and `{{CWD}}` replaced, and the rest made absolute. */
export const expandPath = (text: string, { cwd, env, file }: ConvertContext): string => {
  const expanded = text
    .replaceAll('{{CWD}}', cwd)
    .replace(/\$(\w+)|\$\{([^}]*)\}/g, (whole, plain?: string, braced?: string) => env[plain ?? braced ?? ''] ?? whole)
    .replace(/^~(?=\/|$)/, env.HOME || homedir());
  return resolve(file && isAbsolute(file) ? dirname(file) : cwd, expanded);
};

/** Text without the quotes around it. */
const unquote = (text: string): string =>
  text.length > 1 && text[0] === text.at(-1) && (text[0] === '"' || text[0] === "'") && text.at(-2) !== '\\'
    ? text.slice(1, -1)
    : text;

const wholeNumber = (text: string): number => {
  if (!/^\s*[+-]?\d+(_\d+)*\s*$/.test(text)) throw new RangeError('a whole number');
  return Number(text.replaceAll('_', ''));
};

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new RangeError('a number');
  return value;
};
