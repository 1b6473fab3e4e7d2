import { createHmac, randomBytes } from 'node:crypto';
import { matchesGlob } from '../../../values/index.ts';

/** The fields of a line of a known_hosts file. */
export interface KnownHostKey {
  readonly marker: string | undefined;
  readonly host: string;
  readonly type: string;
  readonly key: string;
}

/** Reads a line; undefined for comments, blank lines and what is no key. */
export const parseKnownHost = (line: string): KnownHostKey | undefined => {
  const fields = line.trim().split(/\s+/);
  if (fields[0] === '' || fields[0]!.startsWith('#')) return undefined;
  const marker = fields[0]!.startsWith('@') ? fields.shift() : undefined;
  const [host, type, key] = fields;
  return host === undefined || type === undefined || key === undefined ? undefined : { marker, host, type, key };
};

/** Whether the host field of a line, hashed or a list of patterns, means the host. */
export const isHostOf = (field: string, host: string): boolean => {
  if (field.startsWith('|1|')) {
    const [, , salt, hash] = field.split('|');
    return (
      createHmac('sha1', Buffer.from(salt ?? '', 'base64'))
        .update(host)
        .digest('base64') === hash
    );
  }
  const name = host.toLowerCase();
  let isMatch = false;
  for (const pattern of field.toLowerCase().split(',')) {
    const isNegated = pattern.startsWith('!');
    if (!matchesHostPattern(name, isNegated ? pattern.slice(1) : pattern)) continue;
    if (isNegated) return false;
    isMatch = true;
  }
  return isMatch;
};

// Brackets stand for themselves here, around a host with a port.
const matchesHostPattern = (name: string, pattern: string): boolean =>
  matchesGlob(name, pattern.replaceAll('[', '[[]'));

/** The line with its host hashed, as ssh-keygen -H does. */
export const hashHost = (host: string, line: string): string => {
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update(host).digest('base64');
  const fields = line.trim().split(/\s+/);
  fields[fields[0]!.startsWith('@') ? 1 : 0] = `|1|${salt.toString('base64')}|${hash}`;
  return fields.join(' ');
};

/** What a file has about a host. */
export interface HostSearch {
  readonly isFound: boolean;
  /** The key is there for none of its types, or another one is. */
  readonly mustReplace: boolean;
  /** The index of the line with a key of the same type. */
  readonly line: number | undefined;
}

/** Looks a host's key up in the lines of a file. Without a key only the host is looked for. */
export const searchHost = (lines: readonly string[], host: string, wanted: KnownHostKey | undefined): HostSearch => {
  const own = lines.flatMap((line, index) => {
    const key = parseKnownHost(line);
    return key && isHostOf(key.host, host) ? [{ index, key }] : [];
  });
  if (own.length === 0) return { isFound: false, mustReplace: false, line: undefined };
  if (!wanted) return { isFound: true, mustReplace: false, line: undefined };
  for (const { index, key } of own) {
    const isSameHost = key.host === wanted.host || (key.host.startsWith('|1|') && wanted.host.startsWith('|1|'));
    const isSame = isSameHost && key.type === wanted.type && key.key === wanted.key && key.marker === wanted.marker;
    if (isSame) return { isFound: true, mustReplace: false, line: index };
    if (key.type === wanted.type) return { isFound: true, mustReplace: true, line: index };
  }
  return { isFound: true, mustReplace: true, line: undefined };
};
