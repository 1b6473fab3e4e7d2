import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { PassThrough, type Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { sh, type Target } from '../../../connection/index.ts';
import { expandedWord } from '../commands/expand.ts';
import { tlsFailure } from './curl.ts';
import { HttpFailure, type HttpReply, type HttpRequest } from './types.ts';

/**
 * One request by the controller, through a connection that the target opens: for targets without curl. Names, addresses
 * and sockets are the target's; proxies and .netrc of the target are not looked at.
 */
export const exchangeByForward = async (request: HttpRequest, target: Target): Promise<HttpReply> => {
  const url = new URL(request.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new HttpFailure(`Request failed: <urlopen error ${url.protocol.slice(0, -1)} needs curl on the host>`);
  }
  if (request.useGssapi) throw new HttpFailure('use_gssapi needs curl on the host');
  const socket = await openSocket(request, url, target);
  const [{ request: send }, stream, body] = await Promise.all([
    import('node:http'),
    url.protocol === 'https:' ? startTls(socket, request, url, target) : socket,
    readBody(request, target),
  ]);
  const headers: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of request.headers) headers[name] = value;
  if (body !== undefined) {
    headers['Content-Length'] = String(body.length);
    if (!request.headers.some(([name]) => name.toLowerCase() === 'content-type')) {
      headers['Content-Type'] = 'application/x-www-form-urlencoded';
    }
  }
  const options: RequestOptions = {
    method: request.method,
    host: url.hostname,
    port: url.port || undefined,
    path: url.pathname + url.search,
    headers: { Host: url.host, ...headers },
    createConnection: () => stream as never,
  };
  let timer: NodeJS.Timeout | undefined;
  try {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = send(options, resolve);
      // A channel of an ssh connection has no timeout of its own, as sockets have, so that Node's may not be asked for.
      timer = setTimeout(
        () => outgoing.destroy(new HttpFailure('Connection failure: The read operation timed out')),
        request.timeout * 1000,
      );
      outgoing.once('socket', () => stream.on('data', () => timer?.refresh()));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
    return await readReply(message, request, target);
  } catch (error) {
    if (error instanceof HttpFailure) throw error;
    throw new HttpFailure(`Connection failure: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
};

const openSocket = async (request: HttpRequest, url: URL, target: Target): Promise<Duplex> => {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    return await withTimeout(
      target.forward(request.unixSocket === undefined ? { host, port } : { path: request.unixSocket }),
      request.timeout,
    );
  } catch (error) {
    if (error instanceof HttpFailure) throw error;
    throw new HttpFailure(wordFailure((error as Error).message));
  }
};

/** The system's reason as Python words it; sshd gives the same ones. */
const wordFailure = (said: string): string => {
  if (/refused/i.test(said)) return 'Request failed: <urlopen error [Errno 111] Connection refused>';
  if (/ENOTFOUND|not known|could not resolve/i.test(said)) {
    return 'Request failed: <urlopen error [Errno -2] Name or service not known>';
  }
  return `Request failed: <urlopen error ${said}> (the host has no curl, so its sshd was asked to connect, which it may forbid)`;
};

const withTimeout = async <T>(work: Promise<T>, seconds: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HttpFailure('Request failed: <urlopen error timed out>')), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const startTls = async (socket: Duplex, request: HttpRequest, url: URL, target: Target): Promise<Duplex> => {
  const tls = await import('node:tls');
  const { caPath, clientCert, clientKey, validateCerts, ciphers } = request;
  const [store, cert, key] = await Promise.all([
    validateCerts ? trustStore(target, caPath) : undefined,
    clientCert === undefined ? undefined : readRemote(target, clientCert),
    clientCert === undefined ? undefined : readRemote(target, clientKey ?? clientCert),
  ]);
  const options: ConnectionOptions = {
    socket,
    servername: /^[\d.]+$|:/.test(url.hostname) ? undefined : url.hostname,
    host: url.hostname,
    rejectUnauthorized: validateCerts,
    ca:
      store === undefined || store.length === 0
        ? undefined
        : [...(caPath ? [] : tls.rootCertificates), store.toString()],
    cert,
    key,
    ciphers,
  };
  return new Promise((resolve, reject) => {
    const secure = tls.connect(options, () => resolve(secure));
    secure.once('error', (error) => reject(new HttpFailure(tlsFailure(request.url, error.message))));
  });
};

const stores = new WeakMap<Target, Promise<Buffer>>();

/** The certificates that the target trusts, so that those of its own organization count. */
const trustStore = (target: Target, caPath: string | undefined): Promise<Buffer> => {
  if (caPath !== undefined) return readRemote(target, caPath);
  const known = stores.get(target);
  if (known) return known;
  const read = target
    .run(
      sh`for m_file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
  if [ -r "$m_file" ]; then exec cat "$m_file"; fi
done`,
    )
    .then(({ stdout }) => stdout);
  stores.set(target, read);
  return read;
};

const readRemote = async (target: Target, path: string): Promise<Buffer> => {
  const { stdout, stderr, code } = await target.run(sh`cat -- ${expandedWord(path)}`);
  if (code !== 0) throw new HttpFailure(`Request failed: ${stderr.toString().trim()}`);
  return stdout;
};

const readBody = async ({ body }: HttpRequest, target: Target): Promise<Buffer | undefined> =>
  body === undefined || Buffer.isBuffer(body) ? body : readRemote(target, body.path);

const readReply = async (message: IncomingMessage, request: HttpRequest, target: Target): Promise<HttpReply> => {
  const headers: [string, string][] = [];
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    headers.push([message.rawHeaders[index]!, message.rawHeaders[index + 1]!]);
  }
  let body = Buffer.alloc(0);
  if (request.saveTo === undefined) body = await collect(message);
  else await target.put(message.pipe(new PassThrough()), request.saveTo);
  return { status: message.statusCode ?? 0, reason: message.statusMessage ?? '', headers, body };
};

const collect = async (stream: Readable): Promise<Buffer<ArrayBuffer>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
