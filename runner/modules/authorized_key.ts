import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { lines, raw, sh, shellFunction } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineModule, type ModuleContext, type Plan, type ResultObject } from './define.ts';
import {
  type AuthorizedLine,
  isSameKey,
  parseAuthorizedKey,
  parseAuthorizedKeys,
  parseKeyOptions,
  writeAuthorizedKeys,
} from './shared/files/authorized-keys.ts';
import { probeContent, readContent } from './shared/files/content.ts';
import { type FileState, probeFile, readFileState } from './shared/files/file-state.ts';
import { pathInfo } from './shared/files/path-info.ts';
import { folderOf, pathWord } from './shared/files/paths.ts';
import { runScript } from './shared/files/reply.ts';
import { type FileWrite, writeFile } from './shared/files/write.ts';

const args = {
  user: { type: 'str', required: true, doc: 'The user whose keys they are.' },
  key: { type: 'str', required: true, doc: 'The keys, a line for each, or a URL that has them.' },
  path: { type: 'path', doc: "The file, instead of ~/.ssh/authorized_keys in the user's home." },
  manage_dir: { type: 'bool', default: true, doc: "Make the file's folder and give it to the user." },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'Whether the keys shall be there.' },
  key_options: { type: 'str', doc: 'Options to stand in front of the keys.' },
  exclusive: { type: 'bool', default: false, doc: 'Remove everything else from the file.' },
  comment: { type: 'str', doc: 'The comment behind the keys.' },
  validate_certs: { type: 'bool', default: true, doc: 'Check the certificate of the server that a URL leads to.' },
  follow: { type: 'bool', default: false, doc: 'Where the file is a link, write what it leads to.' },
} as const;

type Args = ArgumentsOf<typeof args>;

interface KeyState {
  readonly keys: readonly string[];
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly file: FileState;
  readonly content: string;
}

// The user's line of the user database, also where there is no getent.
const passwd = shellFunction(
  'm_passwd',
  `if command -v getent >/dev/null; then getent passwd -- "$1"
else
  while IFS= read -r m_l; do
    case $m_l in "$1:"*) printf '%s\\n' "$m_l"; break;; esac
  done </etc/passwd
fi`,
);

export default defineModule({
  name: 'ansible.posix.authorized_key',
  aliases: ['ansible.builtin.authorized_key'],
  summary: 'Adds and removes keys that may log in as a user.',
  args,
  returns: {
    keyfile: 'The file with the keys.',
    user: 'The user.',
    key: 'The keys.',
    state: 'As it was asked for; so are the other arguments.',
  },
  supports: { check: 'full', diff: true },
  async probe(given, context): Promise<KeyState> {
    const keys = (await readKeys(given)).split(/\r\n|\r|\n/).filter((line) => line !== '' && !line.startsWith('#'));
    const script = lines(
      sh`m_seen=; m_e=$(${passwd} ${given.user}); printf '%s\\0' "$m_e"`,
      given.path === undefined
        ? raw(`m_h=\${m_e%:*}; m_h=\${m_h##*:}; m_p=\${m_h%/}/.ssh/authorized_keys`)
        : sh`m_p=${pathWord(given.path)}`,
      raw(`printf '%s\\0' "$m_p"`),
      probeFile('m_p'),
      probeContent('m_p'),
    );
    const reader = await runScript(context.target, script);
    const [, , uid, gid] = reader.field().trim().split(':');
    const user = uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
    if (!user) refuseUser(given, context);
    const file = readFileState(reader, reader.field());
    const content = await readContent(reader, context.target, file.path);
    return { keys, user, file, content: content?.toString() ?? '' };
  },
  diff({ keys, user, file, content }, given): Plan<FileWrite> {
    const edited = editKeys(content, keys, given);
    const path = given.follow && file.own?.type === 'link' ? file.real : file.path;
    const result: ResultObject = {
      user: given.user,
      key: keys.length > 0 && /^http/.test(given.key) ? keys.join('\n') : given.key,
      path: given.path === undefined ? null : file.path,
      keyfile: file.path,
      manage_dir: given.manage_dir,
      state: given.state,
      key_options: given.key_options ?? null,
      exclusive: given.exclusive,
      comment: given.comment ?? null,
      validate_certs: given.validate_certs,
      follow: given.follow,
    };
    const info = given.path === undefined ? {} : pathInfo(file.own, file.context);
    if (edited === undefined) return { changed: false, result: { ...result, ...info } };
    return {
      changed: true,
      result: { ...result, ...info },
      diff: { before: content, after: edited, beforeHeader: file.path, afterHeader: path },
      steps: keyWrite(path, edited, user, file, given),
    };
  },
  async apply(plan, given, context): Promise<ResultObject> {
    const { stat } = await writeFile(context.target, plan.steps!);
    return given.path === undefined ? {} : pathInfo(stat);
  },
});

const refuseUser = (given: Args, { check }: ModuleContext): void => {
  if (!check)
    throw new ModuleFailure(`Failed to lookup user ${given.user}: "getpwnam(): name not found: '${given.user}'"`);
  if (given.path === undefined) {
    throw new ModuleFailure('Either user must exist or you must provide full path to key file in check mode');
  }
};

/** The keys themselves; those behind a URL are fetched by the controller. */
const readKeys = ({ key, validate_certs }: Args): Promise<string> =>
  key.startsWith('http') ? download(key, validate_certs, 10) : Promise.resolve(key);

const download = async (url: string, validate: boolean, redirects: number): Promise<string> => {
  const { get } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const fail = (): void => reject(new ModuleFailure(`Error getting key from: ${url}`));
    const request = get(url, { rejectUnauthorized: validate, timeout: 10_000 }, resolve).on('error', fail);
    request.on('timeout', () => request.destroy(new Error('timeout')));
  });
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location && redirects > 0) {
    response.resume();
    return download(new URL(headers.location, url).href, validate, redirects - 1);
  }
  if (statusCode === 200) return text(response);
  response.resume();
  throw new ModuleFailure(`Error getting key from: ${url}`);
};

/** The file's new text; undefined when nothing has to be done. */
const editKeys = (content: string, keys: readonly string[], given: Args): string | undefined => {
  const existing = parseAuthorizedKeys(content);
  const firstRank = existing.size;
  const wanted = new Set<string>();
  let isChanged = false;
  for (const [index, line] of keys.entries()) {
    const key = wantedKey(line, firstRank + index, given);
    const known = existing.get(key.id);
    if (given.state === 'absent') {
      isChanged = existing.delete(key.id) || isChanged;
      continue;
    }
    wanted.add(key.id);
    if (known && isSameKey(known, key)) continue;
    existing.set(key.id, key);
    isChanged = true;
  }
  if (given.state === 'present' && given.exclusive) {
    for (const id of [...existing.keys()]) {
      if (wanted.has(id)) continue;
      existing.delete(id);
      isChanged = true;
    }
  }
  return isChanged ? writeAuthorizedKeys(existing.values()) : undefined;
};

const wantedKey = (line: string, rank: number, { key_options, comment }: Args): AuthorizedLine => {
  const key = parseAuthorizedKey(line, rank);
  if (!key) throw new ModuleFailure(`invalid key specified: ${line}`);
  return {
    ...key,
    options: key_options === undefined ? key.options : parseKeyOptions(key_options),
    comment: comment ?? key.comment,
  };
};

const keyWrite = (path: string, edited: string, user: KeyState['user'], file: FileState, given: Args): FileWrite => {
  const none = { changed: false, attributes: undefined, context: undefined, before: {}, after: {} };
  const owner = { owner: user?.uid, group: user?.gid };
  const folder = folderOf(path);
  const attributes = given.manage_dir ? { ...none, ...owner, mode: 0o700 } : undefined;
  return {
    path,
    content: Buffer.from(edited),
    existing: file.stat,
    attributes: { ...none, ...owner, mode: 0o600 },
    mode: 0o600,
    newFolders: folder === '' ? [] : [{ path: folder, ...(attributes ? { attributes } : {}) }],
    isFolderWritable: true,
  };
};
