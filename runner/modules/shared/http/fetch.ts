import type { Script, Target } from '../../../connection/index.ts';
import { answerChallenge, basicAuthorization } from './digest.ts';
import { exchange } from './exchange.ts';
import { type HttpBody, HttpFailure, type HttpReply, type HttpRequest, headerOf } from './types.ts';

export type RedirectPolicy = 'all' | 'no' | 'none' | 'safe' | 'urllib2' | 'yes';

/** What is to be fetched, with everything that may take several requests. */
export interface FetchRequest
  extends Pick<
    HttpRequest,
    | 'timeout'
    | 'validateCerts'
    | 'caPath'
    | 'clientCert'
    | 'clientKey'
    | 'ciphers'
    | 'unixSocket'
    | 'useProxy'
    | 'useNetrc'
    | 'useGssapi'
    | 'saveTo'
  > {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  /** Names of headers that a redirect does not get. */
  readonly unredirected: readonly string[];
  readonly body?: HttpBody | undefined;
  readonly redirects: RedirectPolicy;
  readonly login?: { readonly user: string; readonly password: string } | undefined;
  /** Send the login at once, instead of when the server asks for it. */
  readonly forceBasicAuth: boolean;
  readonly agent: string;
  /** Only send what is newer, in milliseconds since 1970. */
  readonly modifiedSince?: number | undefined;
  readonly force: boolean;
  readonly guard?: Script | undefined;
}

export interface Fetched extends HttpReply {
  /** Where the reply came from in the end. */
  readonly url: string;
  readonly cookies: readonly (readonly [string, string])[];
  /** Whether the status counts as success for Python: 2xx. */
  readonly isSuccess: boolean;
}

const mostRedirects = 10;

/** Fetches a URL from the target, following redirects and logging in as asked. Throws HttpFailure when nobody answers. */
export const fetchUrl = async (request: FetchRequest, target: Target): Promise<Fetched> => {
  const first = withoutLogin(request.url);
  const login = request.login ?? first.login;
  const cookies = new Map<string, Cookie>();
  const headers = firstHeaders(request, login);
  let { method, body } = request;
  let url = first.url;
  let authorization: string | undefined;
  for (let redirects = 0; ; ) {
    const jar = cookieHeader(cookies, url);
    const sent = [...headers.values()];
    if (authorization !== undefined) sent.push(['Authorization', authorization]);
    if (jar !== '' && !headers.has('cookie')) sent.push(['Cookie', jar]);
    const guard = redirects === 0 && authorization === undefined ? request.guard : undefined;
    const reply = await exchange({ ...request, method, url, headers: sent, body }, target, guard);
    keepCookies(cookies, reply, url);
    if (reply.status === 401 && login && authorization === undefined && !headers.has('authorization')) {
      authorization = answerChallenge(challengesOf(reply), login, method, url);
      if (authorization !== undefined) continue;
    }
    const next = redirectOf(reply, method, url, request.redirects);
    if (next === undefined || redirects++ >= mostRedirects) return finish(reply, url, cookies);
    for (const name of request.unredirected) headers.delete(name.toLowerCase());
    if (!next.keepsBody) {
      body = undefined;
      for (const name of ['content-length', 'content-type', 'transfer-encoding']) headers.delete(name);
    }
    // A login is for the host that it was given for.
    if (new URL(next.url).host !== new URL(url).host) {
      authorization = undefined;
      headers.delete('authorization');
      headers.delete('cookie');
    }
    ({ method, url } = next);
  }
};

const firstHeaders = (
  request: FetchRequest,
  login: { user: string; password: string } | undefined,
): Map<string, [string, string]> => {
  const headers = new Map<string, [string, string]>();
  const add = (name: string, value: string): void => {
    if (/[\r\n]/.test(name + value)) throw new HttpFailure(`Invalid header value for ${name}`);
    headers.set(name.toLowerCase(), [name, value]);
  };
  add('Accept-Encoding', 'identity');
  add('User-Agent', request.agent);
  add('Connection', 'close');
  if (request.force) add('Cache-Control', 'no-cache');
  else if (request.modifiedSince !== undefined) {
    add('If-Modified-Since', new Date(request.modifiedSince).toUTCString());
  }
  if (login && request.forceBasicAuth) add('Authorization', basicAuthorization(login));
  for (const [name, value] of request.headers) add(name, value);
  return headers;
};

/** Takes `user:password@` out of a URL. */
const withoutLogin = (text: string): { url: string; login?: { user: string; password: string } } => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new HttpFailure(`unknown url type: '${text}'`);
  }
  if (url.username === '') return { url: text.replaceAll(' ', '%20') };
  const login = { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  url.username = '';
  url.password = '';
  return { url: url.href, login };
};

const challengesOf = (reply: HttpReply): string[] =>
  reply.headers
    .filter(([name]) => name.toLowerCase() === 'www-authenticate')
    .flatMap(([, value]) => value.split(/,\s*(?=(?:Basic|Digest|Negotiate|Bearer|NTLM)\b)/i));

/** Where a reply sends to, and how to ask there; undefined when it is the last one. */
const redirectOf = (
  reply: HttpReply,
  method: string,
  url: string,
  policy: RedirectPolicy,
): { url: string; method: string; keepsBody: boolean } | undefined => {
  const { status } = reply;
  const location = headerOf(reply.headers, 'location');
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const isSafe = method === 'GET' || method === 'HEAD';
  if (policy === 'no' || policy === 'none' || (policy === 'safe' && !isSafe)) return undefined;
  if (policy === 'urllib2' && !isSafe && (method !== 'POST' || status >= 307)) return undefined;
  const next = new URL(location.replaceAll(' ', '%20'), url);
  if (next.protocol !== 'http:' && next.protocol !== 'https:' && next.protocol !== 'ftp:') {
    throw new HttpFailure(`HTTP Error ${status}: ${reply.reason} - Redirection to url '${location}' is not allowed`);
  }
  const keepsBody = status >= 307;
  const turnsToGet = ((status === 303 || status === 302) && method !== 'HEAD') || (status === 301 && method === 'POST');
  return { url: next.href, method: turnsToGet ? 'GET' : method, keepsBody };
};

interface Cookie {
  readonly value: string;
  readonly host: string;
}

const keepCookies = (cookies: Map<string, Cookie>, reply: HttpReply, url: string): void => {
  const { hostname } = new URL(url);
  for (const [name, value] of reply.headers) {
    if (name.toLowerCase() !== 'set-cookie') continue;
    const [pair = '', ...attributes] = value.split(';');
    const equals = pair.indexOf('=');
    if (equals < 1) continue;
    const key = pair.slice(0, equals).trim();
    const isOver = attributes.some((attribute) => /^\s*max-age\s*=\s*(?:0|-\d+)\s*$/i.test(attribute));
    if (isOver) cookies.delete(key);
    else
      cookies.set(key, {
        value: pair.slice(equals + 1).trim(),
        host: hostname,
      });
  }
};

const cookieHeader = (cookies: ReadonlyMap<string, Cookie>, url: string): string => {
  const { hostname } = new URL(url);
  return [...cookies]
    .filter(([, { host }]) => host === hostname)
    .map(([name, { value }]) => `${name}=${value}`)
    .join('; ');
};

const finish = (reply: HttpReply, url: string, cookies: ReadonlyMap<string, Cookie>): Fetched => ({
  ...reply,
  url,
  cookies: [...cookies].map(([name, { value }]) => [name, value]),
  isSuccess: reply.status >= 200 && reply.status < 300,
});
