import { toText } from '../../../values/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from '../../arguments.ts';
import type { FetchRequest } from './fetch.ts';

/** The arguments that all modules have which fetch URLs. */
export const urlArguments = {
  url: { type: 'str', doc: 'The URL: http, https or ftp.', required: true },
  force: { type: 'bool', doc: 'Fetch even what is here already.', default: false },
  http_agent: { type: 'str', doc: 'The User-Agent header.', default: 'ansible-httpget' },
  use_proxy: { type: 'bool', doc: "Whether the host's proxy variables count.", default: true },
  validate_certs: { type: 'bool', doc: 'Whether certificates are checked.', default: true },
  force_basic_auth: {
    type: 'bool',
    doc: 'Send the login with the first request, not only when the server asks for it.',
    default: false,
  },
  client_cert: { type: 'path', doc: 'A certificate on the host to identify it by; may hold the key as well.' },
  client_key: { type: 'path', doc: "The certificate's key, on the host." },
  use_gssapi: { type: 'bool', doc: "Log in by the host's Kerberos ticket; needs curl there.", default: false },
  headers: { type: 'dict', doc: 'Further headers.' },
  unredirected_headers: {
    type: 'list',
    elements: 'str',
    doc: 'Names of headers that are not sent on when a redirect is followed.',
    default: [],
  },
  decompress: { type: 'bool', doc: 'Whether a gzip-encoded reply is unpacked.', default: true },
  ciphers: { type: 'list', elements: 'str', doc: 'TLS ciphers, in OpenSSL names.' },
  use_netrc: { type: 'bool', doc: "Whether the host's ~/.netrc counts where no login is given.", default: true },
} as const satisfies ArgumentSpecs;

type UrlArguments = ArgumentsOf<typeof urlArguments> & {
  readonly timeout: number;
  readonly url_username?: string | undefined;
  readonly url_password?: string | undefined;
};

/** The request that a module's arguments mean; the caller adds what is its own. */
export const requestOf = (args: UrlArguments): FetchRequest => ({
  method: 'GET',
  url: args.url,
  headers: new Map([...(args.headers ?? [])].map(([name, value]) => [toText(name), toText(value)])),
  unredirected: args.unredirected_headers,
  redirects: 'urllib2',
  login: args.url_username ? { user: args.url_username, password: args.url_password ?? '' } : undefined,
  forceBasicAuth: args.force_basic_auth,
  agent: args.http_agent,
  force: args.force,
  timeout: args.timeout,
  validateCerts: args.validate_certs,
  clientCert: args.client_cert,
  clientKey: args.client_key,
  ciphers: args.ciphers?.join(':'),
  useProxy: args.use_proxy,
  useNetrc: args.use_netrc && !args.url_username,
  useGssapi: args.use_gssapi,
});

/** A plain GET of a URL, with everything else as it is when nobody says otherwise. */
export const simpleRequest = (
  url: string,
  options: { validateCerts?: boolean; timeout?: number; headers?: ReadonlyMap<string, string> } = {},
): FetchRequest => ({
  method: 'GET',
  url,
  headers: options.headers ?? new Map(),
  unredirected: [],
  redirects: 'urllib2',
  forceBasicAuth: false,
  agent: 'ansible-httpget',
  force: false,
  timeout: options.timeout ?? 30,
  validateCerts: options.validateCerts ?? true,
  useProxy: true,
  useNetrc: true,
  useGssapi: false,
});
