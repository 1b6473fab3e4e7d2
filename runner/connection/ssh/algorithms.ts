import type { Algorithms } from 'ssh2';
import type { KnownKeys } from './host-key.ts';
import { matchesAny } from './patterns.ts';
import type { SshSettings } from './settings.ts';

// Quickest first, of what is safe.
const ciphers = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
];
const macs = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha1-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'hmac-sha1',
];
const exchanges = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
];
const hostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

// Old ones that are offered only to who names them.
const weak = {
  ciphers: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
  macs: ['hmac-md5', 'hmac-sha1-96', 'hmac-md5-96'],
  exchanges: ['diffie-hellman-group14-sha1', 'diffie-hellman-group-exchange-sha1', 'diffie-hellman-group1-sha1'],
  hostKeys: ['ssh-rsa', 'ssh-dss'],
};

/** The algorithms to offer: those of the settings, and host keys of the kinds that are known for the host first. */
export const offeredAlgorithms = (settings: SshSettings, { entries }: KnownKeys): Algorithms => {
  const known = new Set(entries.filter(({ marker }) => marker === '').flatMap(({ type }) => signatures(type)));
  const keys = choose(settings.hostKeyAlgorithms, hostKeys, weak.hostKeys);
  // A host that is known by such a key only is not to be lost.
  if (known.has('ssh-rsa') && settings.hostKeyAlgorithms === undefined) keys.push('ssh-rsa');
  const ordered = [...keys.filter((name) => known.has(name)), ...keys.filter((name) => !known.has(name))];
  return {
    cipher: choose(settings.ciphers, ciphers, weak.ciphers),
    hmac: choose(settings.macs, macs, weak.macs),
    kex: choose(settings.kex, exchanges, weak.exchanges),
    serverHostKey: ordered,
    compress: ['none'],
  } as Algorithms;
};

const signatures = (type: string): string[] =>
  type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type];

/** A list as ssh_config gives it: `a,b` replaces, `+a` appends, `-a` takes away, `^a` puts in front. */
const choose = (given: string | undefined, defaults: readonly string[], others: readonly string[]): string[] => {
  if (given === undefined) return [...defaults];
  const patterns = given.replace(/^[-+^]/, '').split(',');
  const supported = [...defaults, ...others];
  const named = patterns.flatMap((pattern) => supported.filter((name) => matchesAny([pattern], name)));
  const without = defaults.filter((name) => !named.includes(name));
  switch (given[0]) {
    case '+':
      return [...defaults, ...named.filter((name) => !defaults.includes(name))];
    case '-':
      return without;
    case '^':
      return [...named, ...without];
  }
  // Names of which none is supported must not become an empty offer.
  return named.length > 0 ? named : [...defaults];
};
