// A registry of images in memory, for one test: `node --import tsx registry.ts PORT USER PASSWORD`. The port
// after that one shows the same without a login.
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const [port = '0', user = '', password = ''] = process.argv.slice(2);
const blobs = new Map<string, Buffer>();
const manifests = new Map<string, { readonly body: Buffer; readonly type: string; readonly digest: string }>();
const uploads = new Map<string, Buffer[]>();

const digestOf = (body: Buffer): string => `sha256:${createHash('sha256').update(body).digest('hex')}`;

const readAll = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const say = (response: ServerResponse, code: number, headers: Record<string, string> = {}, body?: Buffer): void => {
  response.writeHead(code, { 'content-length': body?.length ?? 0, ...headers });
  response.end(body);
};

const handleUpload = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
  const [, name, id = ''] = /^\/v2\/(.+)\/blobs\/uploads\/(.*)$/.exec(url.pathname)!;
  const body = await readAll(request);
  const upload = id === '' ? randomUUID() : id;
  const chunks = uploads.get(upload) ?? [];
  uploads.set(upload, [...chunks, body]);
  const location = `/v2/${name}/blobs/uploads/${upload}`;
  if (request.method !== 'PUT') {
    const size = uploads.get(upload)!.reduce((sum, chunk) => sum + chunk.length, 0);
    say(response, 202, { location, range: `0-${Math.max(0, size - 1)}`, 'docker-upload-uuid': upload });
    return;
  }
  const whole = Buffer.concat(uploads.get(upload)!);
  blobs.set(digestOf(whole), whole);
  say(response, 201, { location: `/v2/${name}/blobs/${digestOf(whole)}`, 'docker-content-digest': digestOf(whole) });
};

const handleManifest = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
  if (request.method === 'PUT') {
    const body = await readAll(request);
    const manifest = { body, type: request.headers['content-type'] ?? '', digest: digestOf(body) };
    manifests.set(path, manifest);
    manifests.set(path.replace(/[^/]+$/, manifest.digest), manifest);
    say(response, 201, { 'docker-content-digest': manifest.digest });
    return;
  }
  const manifest = manifests.get(path);
  if (!manifest) {
    const body = Buffer.from(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }));
    say(response, 404, { 'content-type': 'application/json' }, body);
    return;
  }
  const headers = { 'content-type': manifest.type, 'docker-content-digest': manifest.digest };
  if (request.method === 'HEAD') say(response, 200, { ...headers, 'content-length': String(manifest.body.length) });
  else say(response, 200, headers, manifest.body);
};

/** Answers a request; an open registry wants no login. */
const answer = (request: IncomingMessage, response: ServerResponse, isOpen: boolean): void => {
  const url = new URL(request.url ?? '/', 'http://registry');
  const given = request.headers.authorization;
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  if (given !== expected && !isOpen) {
    const body = Buffer.from(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'wrong user or password' }] }));
    say(response, 401, { 'www-authenticate': 'Basic realm="registry"', 'content-type': 'application/json' }, body);
    return;
  }
  response.setHeader('docker-distribution-api-version', 'registry/2.0');
  if (url.pathname === '/v2/') say(response, 200);
  else if (/\/blobs\/uploads\//.test(url.pathname)) void handleUpload(request, response, url);
  else if (/\/manifests\//.test(url.pathname)) void handleManifest(request, response, url.pathname);
  else {
    const blob = blobs.get(url.pathname.split('/').at(-1)!);
    if (!blob) say(response, 404);
    else if (request.method === 'HEAD') say(response, 200, { 'content-length': String(blob.length) });
    else say(response, 200, { 'content-type': 'application/octet-stream' }, blob);
  }
};
createServer((request, response) => answer(request, response, true)).listen(Number(port) + 1, '127.0.0.1');
const server = createServer((request, response) => answer(request, response, false));
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('the registry listens\n'));
