import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Dict, type Json, toJson } from '../../values/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { text } from '../filters/support.ts';
import { splitLines } from '../python/index.ts';
import { fetchScript } from './fetch-script.ts';
import { lookupError, Options } from './support.ts';

interface Reply {
  readonly status?: number;
  readonly reason?: string;
  readonly body?: string;
  readonly error?: string;
}

const request = (url: string, options: Options): Json => ({
  url,
  headers: {
    'User-Agent': options.text('http_agent', 'ansible-httpget'),
    ...(options.flag('force', false) ? { 'Cache-Control': 'no-cache' } : {}),
    ...(toJson(options.value('headers') ?? new Map()) as Record<string, Json>),
  },
  username: options.text('username', ''),
  password: options.text('password', ''),
  timeout: options.number('timeout', 10) * 1000,
  validateCerts: options.flag('validate_certs', true),
  useProxy: options.flag('use_proxy', true),
  followRedirects: options.text('follow_redirects', 'urllib2'),
  unixSocket: options.text('unix_socket', ''),
  ca: options.value('ca_path') === null ? '' : readFileSync(options.text('ca_path', ''), 'utf8'),
  ciphers: options.list('ciphers').map(text).join(':'),
  unredirectedHeaders: options.list('unredirected_headers').map((name) => text(name).toLowerCase()),
});

// Templates are rendered in one go, so the request is made by a process of its own that is waited for.
const fetchUrl = (url: string, given: Dict): string => {
  const options = new Options(given);
  const { stdout, stderr, error } = spawnSync(process.execPath, ['--input-type=module', '-e', fetchScript], {
    input: JSON.stringify(request(url, options)),
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (error) throw lookupError(`Failed lookup url for ${url} : ${error.message}`, error);
  let reply: Reply;
  try {
    reply = JSON.parse(stdout.toString('utf8')) as Reply;
  } catch {
    throw lookupError(`Failed lookup url for ${url} : ${stderr.toString('utf8').trim()}`);
  }
  if (reply.error !== undefined) throw lookupError(`Failed lookup url for ${url} : <urlopen error ${reply.error}>`);
  if (reply.status === undefined || reply.status >= 300)
    throw lookupError(`Received HTTP error for ${url} : HTTP Error ${reply.status}: ${reply.reason}`);
  return Buffer.from(reply.body ?? '', 'base64').toString('utf8');
};

/** The lookup of what an address serves. */
export const urlLookups: readonly Lookup[] = [
  defineLookup('url', (_, terms, options) =>
    terms.flatMap((term) => {
      const body = fetchUrl(text(term), options);
      return new Options(options).flag('split_lines', true) ? splitLines(body) : [body];
    }),
  ),
];
