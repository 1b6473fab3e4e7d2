import { STATUS_CODES } from 'node:http';
import { emit, lines, quote, raw, type Script, sh, type Target } from '../../../connection/index.ts';
import { expandedWord } from '../commands/expand.ts';
import { HttpFailure, type HttpReply, type HttpRequest } from './types.ts';

/** Content beyond this size is sent ahead to a file. */
const inlineLimit = 64 * 1024;
const missingCode = 97;
/** What a script in front of the request may give to `exit` when there is to be no request. */
export const skippedCode = 98;

export type CurlOutcome =
  | { readonly kind: 'reply'; readonly reply: HttpReply }
  /** The target has no curl. */
  | { readonly kind: 'missing' }
  /** `guard` ended the script with `skippedCode`. */
  | { readonly kind: 'skipped'; readonly said: string };

/**
 * One request by the target's curl, in one round trip. What is secret travels on standard input, so that no list of
 * processes shows it. `guard` stands in front and may `exit` with `skippedCode`.
 */
export const exchangeByCurl = async (request: HttpRequest, target: Target, guard?: Script): Promise<CurlOutcome> => {
  const { body } = request;
  let file = body !== undefined && !Buffer.isBuffer(body) ? expandedWord(body.path) : undefined;
  let sent: string | undefined;
  if (Buffer.isBuffer(body) && body.length > inlineLimit) {
    sent = `${await target.temporaryDirectory()}/body-${process.hrtime.bigint()}`;
    await target.put(body, sent);
    file = sh`${sent}`;
  }
  const config = sh`${emit(curlConfig(request, file !== undefined))}`;
  const words = sh`curl -q -K /dev/fd/3 ${fileOptions(request, file)}`;
  const run = Buffer.isBuffer(body) && file === undefined ? sh`${emit(body)} | ${words}` : sh`${words} </dev/null`;
  const reply = await target.run(
    lines(
      guard,
      sh`command -v curl >/dev/null || exit ${missingCode}`,
      sh`${config} | { exec 3<&0; ${run}; }`,
      sent !== undefined && sh`m_rc=$?; rm -f ${sent}; exit "$m_rc"`,
    ),
  );
  if (reply.code === missingCode) return { kind: 'missing' };
  if (reply.code === skippedCode) return { kind: 'skipped', said: reply.stdout.toString() };
  const parsed = parseReply(reply.stdout);
  // A server that closes without its last chunk or byte has answered all the same, for Python no less.
  if (reply.code !== 0 && !(reply.code === 18 && parsed)) {
    throw new HttpFailure(wordFailure(reply.code, reply.stderr.toString(), request));
  }
  if (!parsed) throw new HttpFailure('Connection failure: connection was closed before a valid response was received');
  return { kind: 'reply', reply: parsed };
};

/** Options that name files of the target, whose paths its shell has to expand. */
const fileOptions = (request: HttpRequest, body: Script | undefined): Script => {
  const { caPath, clientCert, clientKey, unixSocket, saveTo } = request;
  const path = (option: string, value: string | undefined): Script[] =>
    value === undefined ? [] : [raw(`${quote(option)} ${expandedWord(value).text}`)];
  return sh`${[
    ...path('--cacert', caPath),
    ...path('--cert', clientCert),
    ...path('--key', clientKey),
    ...path('--unix-socket', unixSocket),
    ...path('--output', saveTo),
    ...(body ? [sh`--data-binary @${body}`] : []),
  ]}`;
};

const curlConfig = (request: HttpRequest, hasFile: boolean): string => {
  const { method, timeout } = request;
  const headers = request.headers.map(([name, value]) =>
    option('header', value === '' ? `${name};` : `${name}: ${value}`),
  );
  const given = new Set(request.headers.map(([name]) => name.toLowerCase()));
  // curl's own headers, which Python's library does not send.
  const unwanted = ['Accept', 'Expect'].filter((name) => !given.has(name.toLowerCase()));
  return [
    'silent',
    'show-error',
    'globoff',
    'dump-header = "-"',
    option('url', request.url),
    option('connect-timeout', String(timeout)),
    option('speed-time', String(timeout)),
    'speed-limit = 1',
    ...headers,
    ...unwanted.map((name) => option('header', `${name}:`)),
    method === 'HEAD' ? 'head' : option('request', method),
    Buffer.isBuffer(request.body) && !hasFile ? 'data-binary = "@-"' : '',
    request.validateCerts ? '' : 'insecure',
    request.ciphers === undefined ? '' : option('ciphers', request.ciphers),
    request.useProxy ? '' : 'noproxy = "*"',
    request.useNetrc && !given.has('authorization') ? 'netrc-optional' : '',
    request.useGssapi ? 'negotiate\nuser = ":"' : '',
  ]
    .filter((line) => line !== '')
    .map((line) => `${line}\n`)
    .join('');
};

const option = (name: string, value: string): string =>
  `${name} = "${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\t', '\\t')}"`;

/** Reads headers and body, past the heads of interim replies and of a proxy's. */
const parseReply = (bytes: Buffer): HttpReply | undefined => {
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1 || !/^HTTP\/\d/.test(rest.toString('latin1', 0, 7))) return undefined;
    const [first, ...fields] = rest.toString('latin1', 0, end).split('\r\n') as [string, ...string[]];
    rest = rest.subarray(end + 4);
    const [, code, reason = ''] = /^HTTP\/[\d.]+ +(\d+) *(.*)$/.exec(first) ?? [];
    if (code === undefined) return undefined;
    const isInterim = code.startsWith('1') || /^connection established$/i.test(reason);
    if (isInterim && /^HTTP\/\d/.test(rest.toString('latin1', 0, 7))) continue;
    return {
      status: Number(code),
      reason: reason || STATUS_CODES[code] || '',
      headers: fields.flatMap(parseHeader),
      body: rest,
    };
  }
};

const parseHeader = (line: string): [string, string][] => {
  const colon = line.indexOf(':');
  return colon === -1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
};

/** curl's exit codes in the words that Ansible's users know. */
const wordFailure = (code: number, said: string, { url, timeout }: HttpRequest): string => {
  const detail = said.replace(/^curl: \(\d+\) /, '').trim();
  switch (code) {
    case 3:
      return `An unknown error occurred: ${detail}`;
    case 5:
    case 6:
      return 'Request failed: <urlopen error [Errno -2] Name or service not known>';
    case 7:
      return `Request failed: <urlopen error ${connectError(detail)}>`;
    case 28:
      return /connect/i.test(detail) && !/operation too slow/i.test(detail)
        ? 'Request failed: <urlopen error timed out>'
        : `Connection failure: The read operation timed out (after ${timeout} s)`;
    case 52:
      return 'Connection failure: Remote end closed connection without response';
    case 56:
      return `Connection failure: ${detail}`;
    case 35:
    case 51:
    case 58:
    case 60:
    case 77:
      return tlsFailure(url, detail);
    default:
      return `Request failed: <urlopen error ${detail}>`;
  }
};

/** How a connection whose certificate cannot be trusted is told. */
export const tlsFailure = (url: string, detail: string): string => {
  const { hostname, port } = new URL(url);
  return `Failed to validate the SSL certificate for ${hostname}:${port || 443}. The host's certificate store must know who signed it; validate_certs: false trusts anything. The exception msg was: ${detail.split('\n')[0]}`;
};

const connectError = (detail: string): string => {
  if (/no route to host/i.test(detail)) return '[Errno 113] No route to host';
  if (/network is unreachable/i.test(detail)) return '[Errno 101] Network is unreachable';
  if (/permission denied/i.test(detail)) return '[Errno 13] Permission denied';
  return '[Errno 111] Connection refused';
};
