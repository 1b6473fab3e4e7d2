import { emit, lines, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { parseJson } from '../values/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import { type Diff, defineModule, type ModuleContext } from './define.ts';
import { chmodWord, resolveMode } from './shared/files/mode.ts';
import { runScript } from './shared/files/reply.ts';
import { fetchInfo, simpleRequest } from './shared/http/index.ts';
import {
  addSource,
  aptEnvironment,
  formatSourceList,
  parseSourceLine,
  parseSourceList,
  readCacheState,
  removeSource,
  type SourceLists,
  sourceFileName,
  untilUpdated,
  updateScript,
} from './shared/packages/apt/index.ts';

const specs = {
  repo: { type: 'str', doc: 'The line for a source list, or ppa:OWNER/NAME.', required: true },
  state: { type: 'str', doc: 'Whether it shall be there.', choices: ['absent', 'present'], default: 'present' },
  filename: { type: 'str', doc: 'The file in sources.list.d, without .list; made of the repository unless given.' },
  mode: { type: 'raw', doc: 'Permissions of a file that is made.' },
  update_cache: {
    type: 'bool',
    doc: 'Read the package lists anew after a change.',
    default: true,
    aliases: ['update-cache'],
  },
  update_cache_retries: { type: 'int', doc: 'How often that is tried.', default: 5 },
  update_cache_retry_max_delay: { type: 'int', doc: 'The longest wait between these tries, in seconds.', default: 12 },
  validate_certs: { type: 'bool', doc: 'Whether certificates are checked when a key is fetched.', default: true },
  codename: { type: 'str', doc: "The release's name, for a PPA." },
  install_python_apt: { type: 'bool', doc: 'Not needed; accepted for playbooks that have it.', default: true },
} as const satisfies ArgumentSpecs;

type Arguments = ArgumentsOf<typeof specs>;

interface State {
  readonly lists: SourceLists;
  readonly codename: string;
}

interface Steps {
  /** New content of files, and undefined for those that go. */
  readonly files: readonly {
    readonly path: string;
    readonly before: string | undefined;
    readonly after: string | undefined;
  }[];
  readonly ppa: { readonly owner: string; readonly name: string } | undefined;
}

const defaultFile = '/etc/apt/sources.list';
const folder = '/etc/apt/sources.list.d';

export default defineModule({
  name: 'ansible.builtin.apt_repository',
  summary: 'Adds and removes repositories of apt.',
  args: specs,
  returns: { repo: 'As asked.', state: 'As asked.' },
  supports: { check: 'full', diff: true },

  async probe(_args, { target }): Promise<State> {
    const reader = await runScript(
      target,
      sh`(VERSION_CODENAME=; . /etc/os-release 2>/dev/null; printf '%s\\0' "$VERSION_CODENAME")
for m_f in ${defaultFile} ${folder}/*.list; do
  if [ -f "$m_f" ]; then printf '%s\\0' "$m_f"; cat "$m_f"; printf '\\0'; fi
done`,
    );
    const codename = reader.field();
    const lists = new Map<string, ReturnType<typeof parseSourceList>>();
    while (!reader.isAtEnd) lists.set(reader.field(), parseSourceList(reader.field()));
    return { lists, codename };
  },

  diff({ lists, codename }, args) {
    const { repo, state } = args;
    if (repo.trim() === '') throw new ModuleFailure("Please set argument 'repo' to a non-empty value");
    const ppa = parsePpa(repo);
    const source = ppa
      ? `deb http://ppa.launchpad.net/${ppa.owner}/${ppa.name}/ubuntu ${args.codename ?? codename} main`
      : readSource(repo);
    const name = args.filename ?? sourceFileName(ppa ? `${repo}_${args.codename ?? codename}` : source);
    const path = name.includes('/') ? `${name}.list` : `${folder}/${name}.list`;
    const wanted = state === 'present' ? addSource(lists, source, path) : removeSource(lists, source);
    const files: Steps['files'] = [...wanted].flatMap(([file, all]) => {
      const old = lists.get(file);
      const before = old === undefined || old.length === 0 ? undefined : formatSourceList(old);
      const after = all.length === 0 ? undefined : formatSourceList(all);
      return before === after ? [] : [{ path: file, before, after }];
    });
    const diffs: Diff[] = files.map((file) => ({
      before: file.before ?? '',
      after: file.after ?? '',
      beforeHeader: file.before === undefined ? '/dev/null' : file.path,
      afterHeader: file.after === undefined ? '/dev/null' : file.path,
    }));
    return {
      changed: files.length > 0,
      result: { repo, state },
      diff: diffs,
      steps: { files, ppa: state === 'present' ? ppa : undefined } satisfies Steps,
    };
  },

  async apply({ steps }, args, context) {
    const { files, ppa } = steps!;
    const key = ppa ? await ppaKey(ppa, args, context) : undefined;
    const writes = lines(
      key,
      ...files.map(({ path, before, after }) => writeScript(path, after, before === undefined, args)),
    );
    if (!args.update_cache) {
      await runScript(context.target, writes);
      return;
    }
    let isWritten = false;
    const update = { ...args, cache_valid_time: 0, update_cache: true, lock_timeout: 60 };
    try {
      await untilUpdated(update, context, async () => {
        const reader = await runScript(
          context.target,
          lines(aptEnvironment, !isWritten && sh`{ ${writes}\n} >/dev/null`, updateScript(update, false)),
        );
        isWritten = true;
        return { cache: readCacheState(reader) };
      });
    } catch (error) {
      await context.target.run(lines(...files.map(({ path, before }) => writeScript(path, before, false, args))));
      throw error;
    }
  },
});

const readSource = (repo: string): string => {
  const { isSource, isEnabled, source } = parseSourceLine(repo);
  if (!isSource || !isEnabled) throw new ModuleFailure(`Invalid repository string: ${repo}`);
  return source;
};

const parsePpa = (repo: string): { owner: string; name: string } | undefined => {
  if (!repo.startsWith('ppa:')) return undefined;
  const [owner = '', name = 'ppa'] = repo.slice(4).split('/');
  return { owner, name };
};

/** Writes or removes one list, in one step. */
const writeScript = (path: string, content: string | undefined, isNew: boolean, args: Arguments): Script => {
  if (content === undefined) return sh`rm -f ${path} || exit`;
  const temporary = `${path}.muster-new`;
  const mode =
    isNew && args.mode !== undefined
      ? chmodWord(resolveMode(args.mode, { mode: 0o644, isDirectory: false, umask: 0o022 }, path))
      : undefined;
  const attributes = mode
    ? sh`chmod ${mode} ${temporary}`
    : isNew
      ? sh`:`
      : sh`chmod "$(stat -L -c %a ${path} 2>/dev/null || echo 644)" ${temporary}`;
  return sh`mkdir -p ${path.slice(0, path.lastIndexOf('/')) || '/'} && ${emit(content)} >${temporary} && ${attributes} && mv -f ${temporary} ${path} || exit`;
};

/** A script that makes apt trust a PPA's key, which Launchpad names. */
const ppaKey = async (
  ppa: { owner: string; name: string },
  args: Arguments,
  context: ModuleContext,
): Promise<Script> => {
  const fetch = async (url: string, accept: string): Promise<string> => {
    const headers = new Map([['Accept', accept]]);
    const info = await fetchInfo(simpleRequest(url, { headers, validateCerts: args.validate_certs }), context.target);
    if (info.status !== 200) throw new ModuleFailure(`failed to fetch PPA information, error was: ${info.msg}`);
    return info.reply!.body.toString();
  };
  const about = parseJson(
    await fetch(`https://launchpad.net/api/1.0/~${ppa.owner}/+archive/${ppa.name}`, 'application/json'),
  );
  const fingerprint = about instanceof Map ? about.get('signing_key_fingerprint') : undefined;
  if (typeof fingerprint !== 'string' || !/^[0-9A-F]{16,}$/i.test(fingerprint)) {
    throw new ModuleFailure(`failed to fetch PPA information, error was: ${ppa.owner}/${ppa.name} has no signing key`);
  }
  const key = await fetch(`https://keyserver.ubuntu.com/pks/lookup?op=get&options=mr&search=0x${fingerprint}`, '*/*');
  const file = `/etc/apt/trusted.gpg.d/${ppa.owner}-${ppa.name}.asc`.replace(/[^\w./-]/g, '_');
  return sh`mkdir -p /etc/apt/trusted.gpg.d && ${emit(key)} >${file} && chmod 644 ${file} || exit`;
};
