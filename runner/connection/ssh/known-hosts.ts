import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Origin } from '../../errors/index.ts';
import { matchesAny } from './patterns.ts';

/** A line of a known_hosts file. */
export interface KnownHost {
  readonly marker: '' | '@revoked' | '@cert-authority';
  readonly names: string;
  readonly type: string;
  /** The key as base64. */
  readonly key: string;
  readonly origin: Origin;
}

/** The name that a host has in known_hosts files. */
export const knownHostName = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

/** The lines of a known_hosts file; none when it cannot be read. */
export const readKnownHosts = (path: string): KnownHost[] => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  const entries: KnownHost[] = [];
  text.split('\n').forEach((line, index) => {
    const found = /^\s*(?:(@\S+)\s+)?([^\s#]\S*)\s+(\S+)\s+([A-Za-z0-9+/=]+)/.exec(line);
    if (!found) return;
    const [, marker = '', names, type, key] = found as unknown as [string, string | undefined, string, string, string];
    if (marker !== '' && marker !== '@revoked' && marker !== '@cert-authority') return;
    entries.push({ marker, names, type, key, origin: { file: path, line: index + 1, column: 1 } });
  });
  return entries;
};

/** Whether a line speaks of this name: by a pattern, or by the name's hash. */
export const speaksOf = ({ names }: KnownHost, name: string): boolean => {
  if (!names.startsWith('|1|')) return matchesAny(names.split(','), name);
  const [, , salt = '', hash = ''] = names.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
};

/** `SHA256:…`, as ssh shows keys. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The type that a key names itself. */
export const keyType = (key: Buffer): string => key.toString('latin1', 4, 4 + key.readUInt32BE(0));

/** Adds a host's key to a file, under the name's hash where that is wished. */
export const addKnownHost = async (path: string, name: string, key: Buffer, hashed: boolean): Promise<void> => {
  const shown = hashed ? hashName(name) : name;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await appendFile(path, `${startOfLine(path)}${shown} ${keyType(key)} ${key.toString('base64')}\n`, { mode: 0o600 });
};

const hashName = (name: string): string => {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

/** A line break, when the file's last line has none. */
const startOfLine = (path: string): string => {
  try {
    const text = readFileSync(path, 'latin1');
    return text === '' || text.endsWith('\n') ? '' : '\n';
  } catch {
    return '';
  }
};
