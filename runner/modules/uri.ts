import { gunzipSync } from 'node:zlib';
import { type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { parseJson, toText, type Value } from '../values/index.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { expandedWord } from './shared/commands/expand.ts';
import { fileArguments } from './shared/files/common-arguments.ts';
import {
  type FetchInfo,
  fetchInfo,
  fileNameOf,
  type HttpBody,
  headerOf,
  installDownload,
  isGzipped,
  prepareBody,
  RequestSkipped,
  requestOf,
  settleAttributes,
  urlArguments,
} from './shared/http/index.ts';

export default defineAction({
  name: 'ansible.builtin.uri',
  summary: 'Talks to web services from a host.',
  args: {
    ...urlArguments,
    ...fileArguments,
    url_username: { type: 'str', doc: 'User name for the server.', aliases: ['user'] },
    url_password: { type: 'str', doc: 'Password for the server.', aliases: ['password'], secret: true },
    method: { type: 'str', doc: 'The request method, in capitals.', default: 'GET' },
    body: { type: 'raw', doc: 'What to send; a mapping or a list when `body_format` says what becomes of it.' },
    body_format: {
      type: 'str',
      doc: 'How the body is written.',
      choices: ['form-urlencoded', 'json', 'raw', 'form-multipart'],
      default: 'raw',
    },
    src: { type: 'path', doc: 'A file to send as the body.' },
    remote_src: { type: 'bool', doc: 'Whether `src` is on the host.', default: false },
    return_content: { type: 'bool', doc: 'Whether the reply is returned as `content`.', default: false },
    follow_redirects: {
      type: 'str',
      doc: 'Which redirects are followed: all, those of GET and HEAD (safe), none, or as Python does (urllib2).',
      choices: ['all', 'no', 'none', 'safe', 'urllib2', 'yes'],
      default: 'safe',
    },
    creates: { type: 'path', doc: 'When this is there, nothing is sent.' },
    removes: { type: 'path', doc: 'When this is not there, nothing is sent.' },
    status_code: { type: 'list', elements: 'int', doc: 'The codes that count as success.', default: [200] },
    timeout: { type: 'int', doc: 'Seconds to wait for the server.', default: 30 },
    dest: { type: 'path', doc: 'A file or folder on the host that gets the reply.' },
    unix_socket: { type: 'path', doc: 'A socket on the host to connect to.' },
    ca_path: { type: 'path', doc: 'A file on the host with the certificates to trust.' },
  },
  mutuallyExclusive: [['body', 'src']],
  returns: {
    status: 'The code of the reply; -1 when there was none.',
    msg: 'The same in words.',
    url: 'Where the reply came from.',
    redirected: 'Whether that is elsewhere than asked.',
    content: 'The reply, when asked for.',
    json: 'The reply, when it is JSON.',
    cookies: 'Cookies by name.',
    cookies_string: 'Cookies as a header.',
    elapsed: 'Whole seconds that it took.',
    path: 'The file that got the reply.',
  },
  supports: { check: 'none', diff: false },

  run: async (args, context) => {
    const method = args.method.toUpperCase();
    if (!/^[A-Z]+$/.test(method)) {
      throw new ModuleFailure("Parameter 'method' needs to be a single word in uppercase, like GET or POST.");
    }
    const { target } = context;
    const { body, contentType } = await bodyOf(args, context);
    const request = requestOf(args);
    const headers = new Map(request.headers);
    const hasType = [...headers.keys()].some((name) => name.toLowerCase() === 'content-type');
    if (contentType !== undefined && (!hasType || args.body_format === 'form-multipart')) {
      for (const name of headers.keys()) if (name.toLowerCase() === 'content-type') headers.delete(name);
      headers.set('Content-Type', contentType);
    }
    const dest = args.dest === undefined ? undefined : await probeDest(args.dest, guardOf(args), context);
    if (dest && 'skipped' in dest) return { changed: false, stdout: dest.skipped };
    const saveTo = dest ? `${await target.temporaryDirectory()}/uri-${process.hrtime.bigint()}` : undefined;
    let info: FetchInfo;
    try {
      info = await fetchInfo(
        {
          ...request,
          method,
          headers,
          body,
          saveTo,
          redirects: args.follow_redirects,
          caPath: args.ca_path,
          unixSocket: args.unix_socket,
          modifiedSince: dest?.modified,
          guard: dest ? undefined : guardOf(args),
        },
        target,
      );
    } catch (error) {
      if (error instanceof RequestSkipped) return { changed: false, stdout: error.message };
      throw error;
    }
    const file = dest && saveTo ? await saveReply(info, dest, saveTo, args, context) : undefined;
    return resultOf(args, info, file);
  },
});

interface UriArguments {
  readonly url: string;
  readonly return_content: boolean;
  readonly status_code: readonly number[];
  readonly decompress: boolean;
}

const bodyOf = async (
  args: {
    readonly body?: Value | undefined;
    readonly body_format: 'raw' | 'json' | 'form-urlencoded' | 'form-multipart';
    readonly src?: string | undefined;
    readonly remote_src: boolean;
  },
  context: ModuleContext,
): Promise<{ body: HttpBody | undefined; contentType: string | undefined }> => {
  const { controller, target } = context;
  const readLocal = async (name: string): Promise<Buffer> => controller.read(await controller.find('files', name));
  const readRemote = async (path: string): Promise<Buffer> => {
    const { stdout, stderr, code } = await target.run(sh`cat -- ${expandedWord(path)}`);
    if (code !== 0) throw new ModuleFailure(`cannot read ${path}: ${stderr.toString().trim()}`);
    return stdout;
  };
  const prepared = await prepareBody(args.body, args.body_format, args.remote_src ? readRemote : readLocal);
  if (args.src === undefined) return { body: prepared.bytes, contentType: prepared.contentType };
  if (!args.remote_src) return { body: await readLocal(args.src), contentType: prepared.contentType };
  const { code } = await target.run(sh`[ -r ${expandedWord(args.src)} ]`);
  if (code !== 0) throw new ModuleFailure(`Unable to open source file ${args.src}`, { elapsed: 0 });
  return { body: { path: args.src }, contentType: prepared.contentType };
};

/** A script that ends the request before it begins, where `creates` or `removes` say so. */
const guardOf = ({
  creates,
  removes,
}: {
  creates?: string | undefined;
  removes?: string | undefined;
}): Script | undefined => {
  const parts: Script[] = [];
  if (creates !== undefined) {
    parts.push(
      sh`if [ -e ${expandedWord(creates)} ]; then printf %s ${`skipped, since '${creates}' exists`}; exit 98; fi`,
    );
  }
  if (removes !== undefined) {
    parts.push(
      sh`if [ ! -e ${expandedWord(removes)} ]; then printf %s ${`skipped, since '${removes}' does not exist`}; exit 98; fi`,
    );
  }
  return parts.length === 0 ? undefined : sh`${parts[0]}\n${parts[1] ?? sh`:`}`;
};

interface Dest {
  readonly path: string;
  readonly isFolder: boolean;
  /** Of a file that is there, in milliseconds since 1970. */
  readonly modified: number | undefined;
}

const probeDest = async (
  dest: string,
  guard: Script | undefined,
  { target }: ModuleContext,
): Promise<Dest | { skipped: string }> => {
  const { stdout, code } = await target.run(sh`${guard ?? sh`:`}
m_p=${expandedWord(dest)}
printf '%s\\n' "$m_p"
if [ -d "$m_p" ]; then echo folder; elif [ -f "$m_p" ]; then stat -L -c %Y "$m_p"; fi`);
  if (code === 98) return { skipped: stdout.toString() };
  const all = stdout.toString().split('\n');
  const kind = all.at(-2)!;
  const isKnown = all.length > 2 && (kind === 'folder' || /^\d+$/.test(kind));
  return {
    path: all.slice(0, isKnown ? -2 : -1).join('\n'),
    isFolder: isKnown && kind === 'folder',
    modified: isKnown && kind !== 'folder' ? Number(kind) * 1000 : undefined,
  };
};

interface SavedReply {
  readonly values: ResultObject;
  readonly content: Buffer | undefined;
}

const saveReply = async (
  info: FetchInfo,
  dest: Dest,
  saveTo: string,
  args: UriArguments & Parameters<typeof settleAttributes>[1],
  context: ModuleContext,
): Promise<SavedReply | undefined> => {
  const { reply, status } = info;
  if (!reply) return undefined;
  const name =
    fileNameOf(reply) ?? decodeURIComponent(new URL(reply.url).pathname.replace(/\/+$/, '')).split('/').at(-1);
  const path = dest.isFolder ? `${dest.path.replace(/\/+$/, '')}/${name || 'index.html'}` : dest.path;
  if (!args.status_code.includes(status) || status === 304) {
    const { stdout } = await context.target.run(sh`cat ${saveTo} 2>/dev/null; rm -f ${saveTo}`);
    return { values: { path }, content: stdout };
  }
  const installed = await installDownload(
    {
      from: saveTo,
      to: path,
      unpack: args.decompress && isGzipped(reply),
      backup: false,
      wantsContent: args.return_content || isJson(info),
    },
    context.target,
  );
  const settled = await settleAttributes(path, args, { changed: true, stat: installed.stat }, context);
  return { values: { ...settled, path }, content: installed.content };
};

const isJson = ({ reply }: FetchInfo): boolean => {
  const type = reply ? (headerOf(reply.headers, 'content-type') ?? '') : '';
  return /^\s*[\w.+-]+\/(?:[\w.-]*\+)?(?:json|javascript)\s*(?:;|$)/i.test(type);
};

const resultOf = (args: UriArguments, info: FetchInfo, file: SavedReply | undefined): ResultObject => {
  const { reply, status } = info;
  const isExpected = args.status_code.includes(status);
  const result: ResultObject = { redirected: info.url !== args.url };
  for (const [name, value] of Object.entries(info.values)) result[name.replaceAll('-', '_')] = value;
  Object.assign(result, { url: info.url, status, msg: info.msg, elapsed: info.elapsed, changed: false }, file?.values);
  if (typeof result.location === 'string') result.location = absoluteLocation(args.url, result.location);
  const content = reply ? textOf(reply.headers, file ? file.content : bodyBytes(reply, args), file !== undefined) : '';
  if (isJson(info) && content !== undefined) {
    try {
      result.json = parseJson(content);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  if (args.return_content) result.content = content ?? '';
  if (!isExpected) {
    const { msg, ...values } = result;
    throw new ModuleFailure(
      `Status code was ${status} and not [${args.status_code.join(', ')}]: ${toText(msg as Value)}`,
      values,
    );
  }
  return result;
};

const bodyBytes = (reply: NonNullable<FetchInfo['reply']>, { decompress }: UriArguments): Buffer =>
  decompress && isGzipped(reply) && reply.body.length > 0 ? gunzipSync(reply.body) : reply.body;

const textOf = (
  headers: NonNullable<FetchInfo['reply']>['headers'],
  bytes: Buffer | undefined,
  mayLack: boolean,
): string | undefined => {
  if (bytes === undefined) return mayLack ? undefined : '';
  const charset = /charset="?([^\s;"]+)/i.exec(headerOf(headers, 'content-type') ?? '')?.[1] ?? 'utf-8';
  try {
    // Python also writes latin-1 and utf_8, which the web's names of encodings do not.
    return new TextDecoder(charset.replace(/^(latin|utf)[-_](?=1$|8$)/i, '$1').replaceAll('_', '-'), {
      ignoreBOM: true,
    }).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
};

/** As Ansible completes it, by text. */
const absoluteLocation = (url: string, location: string): string => {
  if (location.includes('://')) return location;
  return location.startsWith('/') ? new URL(location, url).href : `${url.slice(0, url.lastIndexOf('/'))}/${location}`;
};
