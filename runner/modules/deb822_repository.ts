import { createHash } from 'node:crypto';
import { emit, lines, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import { defineModule, type ModuleContext, type Plan } from './define.ts';
import { parseSum, sum } from './shared/files/checksum.ts';
import { chmodWord, resolveMode } from './shared/files/mode.ts';
import { runScript } from './shared/files/reply.ts';
import { fetchInfo, simpleRequest } from './shared/http/index.ts';
import { formatStanza, parseStanza } from './shared/packages/apt/index.ts';

const specs = {
  name: { type: 'str', doc: 'The name of the repository; its files are named after it.', required: true },
  types: { type: 'list', elements: 'str', doc: 'deb, deb-src or both.', choices: ['deb', 'deb-src'], default: ['deb'] },
  uris: { type: 'list', elements: 'str', doc: 'Where the repository is.' },
  suites: { type: 'list', elements: 'str', doc: 'Its suites, such as a release.' },
  components: { type: 'list', elements: 'str', doc: 'Its components, such as main.' },
  architectures: { type: 'list', elements: 'str', doc: 'The architectures to use.' },
  languages: { type: 'list', elements: 'str', doc: 'Languages to fetch translations for.' },
  targets: { type: 'list', elements: 'str', doc: 'What to fetch.' },
  signed_by: { type: 'str', doc: 'The key: a URL, a file on the host, a fingerprint, or the armored key itself.' },
  enabled: { type: 'bool', doc: 'Whether apt uses it.' },
  trusted: { type: 'bool', doc: 'Whether it is trusted without a signature.' },
  allow_downgrade_to_insecure: { type: 'bool', doc: 'Allow it to lose its signature.' },
  allow_insecure: { type: 'bool', doc: 'Allow it to have no signature.' },
  allow_weak: { type: 'bool', doc: 'Allow weak signatures.' },
  by_hash: { type: 'bool', doc: 'Fetch lists by their checksums.' },
  check_date: { type: 'bool', doc: 'Whether dates are checked.' },
  check_valid_until: { type: 'bool', doc: 'Whether outdated lists are refused.' },
  date_max_future: { type: 'int', doc: 'How far in the future it may be, in seconds.' },
  inrelease_path: { type: 'str', doc: 'Path of its InRelease file.' },
  pdiffs: { type: 'bool', doc: 'Fetch differences of lists.' },
  mode: { type: 'raw', doc: 'Permissions of the file.', default: '0644' },
  state: { type: 'str', doc: 'Whether it shall be there.', choices: ['absent', 'present'], default: 'present' },
} as const satisfies ArgumentSpecs;

type Arguments = ArgumentsOf<typeof specs>;

const keyFolder = '/etc/apt/keyrings';
const keyMark = '-----BEGIN PGP PUBLIC KEY BLOCK-----';

interface State {
  readonly content: string | undefined;
  readonly mode: number | undefined;
  /** SHA-256 of the key files that are there, by ending. */
  readonly keys: Readonly<Record<'asc' | 'gpg', string>>;
  /** `signed_by` is a file of the host. */
  readonly isKeyFile: boolean;
  /** The key that a URL gave. */
  readonly key: Buffer | undefined;
}

interface Steps {
  readonly repo: string | undefined;
  readonly mode: number | undefined;
  readonly key: { readonly path: string; readonly content: Buffer } | undefined;
}

export default defineModule({
  name: 'ansible.builtin.deb822_repository',
  summary: 'Adds and removes repositories of apt in the deb822 format.',
  args: specs,
  returns: {
    repo: 'The content of the file.',
    dest: 'The file.',
    key_filename: 'The file with the key.',
  },
  supports: { check: 'full', diff: true },

  async probe(args, context): Promise<State> {
    const { path, keyPath } = pathsOf(args);
    const signedBy = args.signed_by ?? '';
    const reader = await runScript(
      context.target,
      lines(
        sh`if [ -e ${path} ]; then stat -L -c %a ${path}; printf '\\0'; cat ${path}; printf '\\0'; else printf '\\0\\0'; fi`,
        ...(['asc', 'gpg'] as const).map(
          (end) => sh`if [ -e ${keyPath(end)} ]; then ${sum} sha256 ${keyPath(end)}; fi; printf '\\0'`,
        ),
        signedBy.startsWith('/') ? sh`if [ -f ${signedBy} ]; then printf 1; fi; printf '\\0'` : sh`printf '\\0'`,
      ),
    );
    const mode = reader.field().trim();
    const content = reader.field();
    const keys = { asc: parseSum(reader.field()), gpg: parseSum(reader.field()) };
    return {
      content: mode === '' ? undefined : content,
      mode: mode === '' ? undefined : Number.parseInt(mode, 8),
      keys,
      isKeyFile: reader.field() === '1',
      key: args.state === 'present' ? await fetchKey(signedBy, context) : undefined,
    };
  },

  diff(state, args): Plan<Steps> {
    const { path, keyPath } = pathsOf(args);
    if (args.state === 'absent') {
      const changed = state.content !== undefined || state.keys.asc !== '' || state.keys.gpg !== '';
      return {
        changed,
        result: { repo: null, dest: path, key_filename: keyPath('gpg') },
        diff: { before: state.content ?? '', after: '', beforeHeader: path, afterHeader: '/dev/null' },
        steps: { repo: undefined, mode: undefined, key: undefined } satisfies Steps,
      };
    }
    const end = state.key?.includes(keyMark) ? 'asc' : 'gpg';
    const newKeyPath = state.key ? keyPath(end) : undefined;
    const isKeyNew =
      state.key !== undefined && createHash('sha256').update(state.key).digest('hex') !== state.keys[end];
    const repo = formatStanza(fieldsOf(args, newKeyPath));
    // The order of fields says nothing.
    const isSame = state.content !== undefined && sameStanza(state.content, repo);
    const mode = resolveMode(args.mode, { mode: state.mode ?? 0o644, isDirectory: false, umask: 0o022 }, path);
    return {
      changed: !isSame || isKeyNew || mode !== state.mode,
      result: { repo, dest: path, key_filename: newKeyPath ?? (state.isKeyFile ? args.signed_by : null) ?? null },
      diff: { before: state.content ?? '', after: repo, beforeHeader: path, afterHeader: path },
      steps: {
        repo: isSame ? undefined : repo,
        mode,
        key: isKeyNew ? { path: newKeyPath!, content: state.key! } : undefined,
      } satisfies Steps,
    };
  },

  async apply({ steps }, args, { target }) {
    const { path, keyPath } = pathsOf(args);
    const { repo, mode, key } = steps!;
    const script =
      args.state === 'absent'
        ? sh`rm -f ${path} ${keyPath('asc')} ${keyPath('gpg')}`
        : lines(
            sh`set -e`,
            key && sh`[ -d ${keyFolder} ] || mkdir -m 755 ${keyFolder}`,
            key && writeScript(key.path, key.content, 0o644),
            repo === undefined ? sh`chmod ${chmodWord(mode!)} ${path}` : writeScript(path, Buffer.from(repo), mode!),
          );
    const { stderr, code } = await target.run(script);
    if (code !== 0) throw new ModuleFailure(stderr.toString().trim(), { rc: code });
  },
});

const writeScript = (path: string, content: Buffer, mode: number): Script =>
  sh`${emit(content)} >${path}.muster-new; chmod ${chmodWord(mode)} ${path}.muster-new; mv -f ${path}.muster-new ${path}`;

const pathsOf = ({ name }: Arguments): { path: string; keyPath: (end: string) => string } => {
  const slug = name
    .toLowerCase()
    .replace(/[_\s]+/g, '-')
    .replace(/[^a-z0-9-]+/g, '');
  return { path: `/etc/apt/sources.list.d/${slug}.sources`, keyPath: (end) => `${keyFolder}/${slug}.${end}` };
};

const fetchKey = async (signedBy: string, { target }: ModuleContext): Promise<Buffer | undefined> => {
  if (!/^[a-z]+:\/\//.test(signedBy)) return undefined;
  const info = await fetchInfo(simpleRequest(signedBy, { timeout: 10 }), target);
  if (info.status !== 200 || !info.reply) throw new ModuleFailure(`Could not fetch signed_by key: ${info.msg}`);
  return info.reply.body;
};

/** The fields of the file, by the names that apt has for them. */
const fieldsOf = (args: Arguments, keyPath: string | undefined): [string, string][] =>
  Object.entries(args).flatMap(([name, value]): [string, string][] => {
    if (name === 'mode' || name === 'state' || value === undefined) return [];
    const field =
      name === 'name'
        ? 'X-Repolib-Name'
        : name === 'uris'
          ? 'URIs'
          : name.replaceAll('_', '-').replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase());
    if (name === 'signed_by') return [[field, keyPath ?? String(value)]];
    if (typeof value === 'boolean') return [[field, value ? 'yes' : 'no']];
    return [[field, Array.isArray(value) ? value.join(' ') : String(value)]];
  });

const sameStanza = (left: string, right: string): boolean => {
  const a = parseStanza(left);
  const b = parseStanza(right);
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
};
