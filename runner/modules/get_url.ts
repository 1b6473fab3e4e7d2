import { lines, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { expandedWord } from './shared/commands/expand.ts';
import { parseSum, sum } from './shared/files/checksum.ts';
import { fileArguments, fileReturns } from './shared/files/common-arguments.ts';
import { type FileStat, parseStat, stat } from './shared/files/file-stat.ts';
import { pathInfo } from './shared/files/path-info.ts';
import { runScript } from './shared/files/reply.ts';
import {
  type Fetched,
  type FetchInfo,
  fetchInfo,
  fileNameOf,
  findChecksum,
  installDownload,
  isGzipped,
  requestOf,
  settleAttributes,
  splitChecksum,
  urlArguments,
  WrongChecksum,
} from './shared/http/index.ts';

export default defineAction({
  name: 'ansible.builtin.get_url',
  summary: 'Downloads a file to a host.',
  args: {
    ...urlArguments,
    ...fileArguments,
    url_username: { type: 'str', doc: 'User name for the server.', aliases: ['username'] },
    url_password: { type: 'str', doc: 'Password for the server.', aliases: ['password'], secret: true },
    dest: { type: 'path', doc: 'Where the file goes: a file, or a folder that is there.', required: true },
    checksum: {
      type: 'str',
      doc: 'The checksum that the file must have, as `sha256:…`, or `sha256:` and the URL of a list.',
      default: '',
    },
    backup: { type: 'bool', doc: 'Keep a copy of a file that is replaced.', default: false },
    timeout: { type: 'int', doc: 'Seconds to wait for the server.', default: 10 },
    tmp_dest: { type: 'path', doc: 'A folder on the host to download into before the file takes its place.' },
  },
  returns: {
    dest: 'The file.',
    url: 'What was asked for.',
    src: 'Where it was downloaded to first.',
    checksum_src: 'SHA-1 of the download.',
    checksum_dest: 'SHA-1 of what was there before.',
    md5sum: 'MD5 of the file.',
    backup_file: 'The copy of what was there before.',
    status_code: 'The code of the reply.',
    msg: 'How it went.',
    elapsed: 'Whole seconds that it took.',
    ...fileReturns,
  },
  supports: { check: 'full', diff: false },

  run: async (args, context) => {
    const { url } = args;
    const wanted = args.checksum === '' ? undefined : await wantedChecksum(args, context);
    const before = await probe(args, wanted?.algorithm ?? (context.check ? 'sha1' : undefined), context);
    const result: ResultObject = { checksum_dest: null, checksum_src: null, dest: before.dest, elapsed: 0, url };
    const isThere = before.stat !== undefined && !before.isFolder;
    const hasWanted = isThere && wanted !== undefined && before.checksum === wanted.checksum;
    if (hasWanted && !args.force) {
      const settled = await settleAttributes(before.dest, args, { changed: false, stat: before.stat }, context);
      const msg = settled.changed ? 'file already exists but file attributes changed' : 'file already exists';
      return { ...result, ...settled, msg };
    }
    if (before.problem !== '') throw new ModuleFailure(before.problem, { elapsed: 0 });
    const folder = before.temporary ?? (await context.target.temporaryDirectory());
    const from = `${folder}/muster-${process.hrtime.bigint()}`;
    const info = await fetchInfo(
      {
        ...requestOf(args),
        method: context.check ? 'HEAD' : 'GET',
        saveTo: context.check ? undefined : from,
        force: args.force || (isThere && wanted !== undefined),
        modifiedSince: isThere ? before.stat!.modified * 1000 : undefined,
      },
      context.target,
    );
    if (info.status !== 200 && before.temporary !== undefined) await context.target.run(sh`rm -f ${from}`);
    const reply = expectFile(info, { url, dest: before.dest, elapsed: info.elapsed }, from);
    if (reply === undefined) {
      return { changed: false, url, dest: before.dest, msg: info.msg, status_code: 304, elapsed: info.elapsed };
    }
    const name = fileNameOf(reply) ?? (new URL(reply.url).pathname.split('/').at(-1) || 'index.html');
    const dest = before.isFolder ? `${before.dest.replace(/\/+$/, '')}/${name}` : before.dest;
    Object.assign(result, { dest, elapsed: info.elapsed, src: from });
    if (context.check) {
      const now = isThere ? { ...pathInfo(before.stat), checksum_dest: wanted ? null : before.checksum } : {};
      return { ...result, ...now, changed: true, msg: info.msg, status_code: info.status };
    }
    return { ...result, ...(await install(args, { from, dest, wanted, reply }, context)), ...outcome(info) };
  },
});

type GetUrlArguments = Parameters<typeof requestOf>[0] &
  Parameters<typeof settleAttributes>[1] & {
    readonly dest: string;
    readonly checksum: string;
    readonly backup: boolean;
    readonly tmp_dest?: string | undefined;
  };

interface Checksum {
  readonly algorithm: string;
  readonly checksum: string;
}

const outcome = ({ msg, status }: FetchInfo): ResultObject => ({ msg, status_code: status });

/** The checksum that the file must have, out of a list on the web where the task names one. */
const wantedChecksum = async (args: GetUrlArguments, context: ModuleContext): Promise<Checksum> => {
  const given = splitChecksum(args.checksum);
  if (!given) {
    throw new ModuleFailure('The checksum parameter has to be in format <algorithm>:<checksum>', { url: args.url });
  }
  let { value } = given;
  if (/^(?:https?|ftp|file):/.test(value)) {
    const info = await fetchInfo({ ...requestOf(args), url: value }, context.target);
    const reply = expectFile(info, { url: value, dest: args.dest, elapsed: info.elapsed }, '');
    const filename = new URL(args.url).pathname.split('/').at(-1) || 'index.html';
    const found = findChecksum(reply?.body.toString() ?? '', filename);
    if (found === undefined) {
      throw new ModuleFailure(`Unable to find a checksum for file '${filename}' in '${value}'`);
    }
    value = found;
  }
  const checksum = value.replace(/\W+/g, '').toLowerCase();
  if (!/^[0-9a-f]+$/.test(checksum)) throw new ModuleFailure('The checksum format is invalid', { url: args.url });
  return { algorithm: given.algorithm, checksum };
};

interface Before {
  readonly dest: string;
  readonly temporary: string | undefined;
  readonly isFolder: boolean;
  readonly stat: FileStat | undefined;
  readonly checksum: string;
  /** What keeps the download from taking its place. */
  readonly problem: string;
}

/** Looks at the destination, in one round trip. */
const probe = async (args: GetUrlArguments, algorithm: string | undefined, context: ModuleContext): Promise<Before> => {
  const reader = await runScript(
    context.target,
    lines(
      sh`m_p=${expandedWord(args.dest)} m_tmp=${args.tmp_dest === undefined ? sh`` : expandedWord(args.tmp_dest)} m_why= m_s= m_sum=
m_dir=$m_p
if [ ! -d "$m_p" ]; then
  case $m_p in */*) m_dir=\${m_p%/*}/ ;; *) m_dir=./ ;; esac
fi
if [ ! -d "$m_dir" ]; then m_why="Destination \${m_dir%/} does not exist"
elif [ ! -w "$m_dir" ]; then m_why="Destination \${m_dir%/} is not writable"
elif [ -n "$m_tmp" ] && [ ! -d "$m_tmp" ]; then
  if [ -e "$m_tmp" ]; then m_why="$m_tmp is a file but should be a directory."; else m_why="$m_tmp directory does not exist."; fi
fi
if [ -e "$m_p" ]; then m_s=$(${stat} -L "$m_p"); fi`,
      algorithm !== undefined && sh`if [ -f "$m_p" ]; then m_sum=$(${sum} ${algorithm} "$m_p"); fi`,
      sh`printf '%s\\0' "$m_p" "$m_tmp" "$m_why" "$m_s" "$m_sum"`,
    ),
  );
  const dest = reader.field();
  const temporary = reader.field() || undefined;
  const problem = reader.field();
  const line = reader.field();
  const stats = line === '' ? undefined : parseStat(line);
  return {
    dest,
    temporary,
    problem,
    stat: stats,
    isFolder: stats?.type === 'directory',
    checksum: parseSum(reader.field()),
  };
};

/** The reply when it holds the file, undefined when the server says that nothing has changed; fails otherwise. */
const expectFile = (info: FetchInfo, values: ResultObject, from: string): Fetched | undefined => {
  if (info.status === 304) return undefined;
  if (info.status === -1 || !info.reply) throw new ModuleFailure(info.msg, values);
  const isFile = /^(?:file|ftp):/.test(info.url);
  if (info.status !== 200 && !isFile) {
    throw new ModuleFailure('Request failed', { ...values, status_code: info.status, response: info.msg, src: from });
  }
  return info.reply;
};

const install = async (
  args: GetUrlArguments,
  file: { from: string; dest: string; wanted: Checksum | undefined; reply: Fetched },
  context: ModuleContext,
): Promise<ResultObject> => {
  const { from, dest, wanted, reply } = file;
  try {
    const installed = await installDownload(
      { from, to: dest, unpack: args.decompress && isGzipped(reply), backup: args.backup, expected: wanted },
      context.target,
    );
    return {
      ...(await settleAttributes(dest, args, installed, context)),
      checksum_src: installed.source,
      checksum_dest: installed.previous ?? null,
      md5sum: installed.md5 ?? null,
      backup_file: installed.backupFile,
    };
  } catch (error) {
    if (!(error instanceof WrongChecksum)) throw error;
    throw new ModuleFailure(`The checksum for ${dest} did not match ${wanted?.checksum}; it was ${error.actual}.`, {
      dest,
      url: args.url,
      src: from,
    });
  }
};
