import { formatOrigin, UnreachableError } from '../../errors/index.ts';
import {
  addKnownHost,
  fingerprint,
  type KnownHost,
  keyType,
  knownHostName,
  readKnownHosts,
  speaksOf,
} from './known-hosts.ts';
import type { SshSettings } from './settings.ts';

/** What the known_hosts files say about one host. */
export interface KnownKeys {
  readonly name: string;
  readonly entries: readonly KnownHost[];
}

/** The known_hosts files of a run, each read once. */
export class KnownHostFiles {
  readonly #files = new Map<string, KnownHost[]>();

  /** The lines about a host. */
  about(settings: SshSettings): KnownKeys {
    const name = settings.hostKeyAlias?.toLowerCase() ?? knownHostName(settings.hostName, settings.port);
    const files = [...settings.userKnownHosts, ...settings.globalKnownHosts];
    return { name, entries: files.flatMap((path) => this.#read(path)).filter((entry) => speaksOf(entry, name)) };
  }

  /** Notes a new host's key, in the user's first file and here. */
  async add(settings: SshSettings, name: string, key: Buffer): Promise<void> {
    const path = settings.userKnownHosts[0];
    if (path === undefined) return;
    this.#read(path).push({
      marker: '',
      names: name,
      type: keyType(key),
      key: key.toString('base64'),
      origin: { file: path, line: 0, column: 1 },
    });
    // What is thrown away needs not be written.
    if (path !== '/dev/null') await addKnownHost(path, name, key, settings.hashKnownHosts);
  }

  #read(path: string): KnownHost[] {
    let entries = this.#files.get(path);
    if (!entries) {
      entries = readKnownHosts(path);
      this.#files.set(path, entries);
    }
    return entries;
  }
}

/** Whether a host's key is right. Resolves when it is, after noting a new one where the settings allow that; rejects with UnreachableError. */
export const checkHostKey = async (
  key: Buffer,
  settings: SshSettings,
  known: KnownKeys,
  files: KnownHostFiles,
): Promise<void> => {
  if (settings.hostKeyPolicy === 'off') return;
  const { name, entries } = known;
  const type = keyType(key);
  const text = key.toString('base64');
  const revoked = entries.find(({ marker, key: other }) => marker === '@revoked' && other === text);
  if (revoked) {
    throw new UnreachableError({ message: `the host key of ${name} is revoked`, origin: revoked.origin });
  }
  const plain = entries.filter(({ marker }) => marker === '');
  if (plain.some((entry) => entry.key === text)) return;
  const old = plain.find((entry) => entry.type === type);
  if (old) throw changedKey(name, key, old);
  if (settings.hostKeyPolicy === 'accept-new') {
    await files.add(settings, name, key);
    return;
  }
  throw unknownKey(settings, known, key);
};

const changedKey = (name: string, key: Buffer, old: KnownHost): UnreachableError =>
  new UnreachableError({
    message: `the host key of ${name} has changed: it is now ${shortType(key)} ${fingerprint(key)}, which is not the key in ${formatOrigin(old.origin)} (${fingerprint(Buffer.from(old.key, 'base64'))})`,
    hint: `somebody may be in between; if the host was set up anew, remove the old key: ssh-keygen -f ${old.origin.file} -R '${name}'`,
  });

const unknownKey = (settings: SshSettings, { name, entries }: KnownKeys, key: Buffer): UnreachableError => {
  const authority = entries.find(({ marker }) => marker === '@cert-authority');
  if (authority) {
    return new UnreachableError({
      message: `${name} is known by a certificate authority only (${formatOrigin(authority.origin)}), which is not supported`,
      hint: 'add the host’s own key to known_hosts',
    });
  }
  const port = settings.port === 22 ? '' : `-p ${settings.port} `;
  return new UnreachableError({
    message: `the host key of ${name} is not known: ${shortType(key)} ${fingerprint(key)}`,
    hint: `if that is the right one, add it: ssh-keyscan ${port}${settings.hostName} >> ${settings.userKnownHosts[0] ?? '~/.ssh/known_hosts'}; or accept new hosts by ansible_ssh_common_args: '-o StrictHostKeyChecking=accept-new'`,
  });
};

const shortType = (key: Buffer): string =>
  keyType(key)
    .replace(/^ssh-/, '')
    .replace(/^ecdsa-sha2-.*/, 'ecdsa')
    .toUpperCase();
