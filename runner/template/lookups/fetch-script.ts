/**
 * A program for a Node process of its own: reads a request as JSON, makes it, and writes the reply as JSON. It is text, so
 * that it runs from wherever this code was bundled to.
 */
export const fetchScript = String.raw`
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { readFileSync } from 'node:fs';

const request = JSON.parse(readFileSync(0, 'utf8'));
const say = (reply) => process.stdout.write(JSON.stringify(reply));

const bypasses = (host) =>
  (process.env.no_proxy ?? process.env.NO_PROXY ?? '')
    .split(',')
    .map((entry) => entry.trim().replace(/^\*?\./, ''))
    .some((entry) => entry !== '' && (entry === '*' || host === entry || host.endsWith('.' + entry)));

const proxyFor = (url) => {
  if (!request.useProxy || bypasses(url.hostname)) return undefined;
  const name = url.protocol.slice(0, -1) + '_proxy';
  const address = process.env[name] ?? process.env[name.toUpperCase()];
  return address ? new URL(address.includes('://') ? address : 'http://' + address) : undefined;
};

const basic = (user, password) => 'Basic ' + Buffer.from(user + ':' + password).toString('base64');

const tunnel = (proxy, url) =>
  new Promise((resolve, reject) => {
    const target = url.hostname + ':' + (url.port || 443);
    const headers = { Host: target };
    if (proxy.username) headers['Proxy-Authorization'] = basic(decodeURIComponent(proxy.username), decodeURIComponent(proxy.password));
    const connect = http.request({ host: proxy.hostname, port: proxy.port || 80, method: 'CONNECT', path: target, headers });
    connect.on('error', reject);
    connect.on('connect', (reply, socket) =>
      reply.statusCode === 200 ? resolve(socket) : reject(new Error('the proxy answered ' + reply.statusCode)),
    );
    connect.end();
  });

const send = async (url, headers) => {
  const isSecure = url.protocol === 'https:';
  if (!isSecure && url.protocol !== 'http:') throw new Error('unknown url type: ' + url.protocol.slice(0, -1));
  const options = { method: 'GET', headers, timeout: request.timeout };
  const security = { rejectUnauthorized: request.validateCerts, servername: url.hostname };
  if (request.ca) security.ca = [...tls.rootCertificates, request.ca];
  if (request.ciphers) security.ciphers = request.ciphers;
  const proxy = proxyFor(url);
  if (request.unixSocket) options.socketPath = request.unixSocket;
  else if (proxy && isSecure) {
    const socket = await tunnel(proxy, url);
    options.createConnection = () => tls.connect({ socket, ...security });
  } else if (proxy) {
    Object.assign(options, { host: proxy.hostname, port: proxy.port || 80, path: url.href });
    options.headers = { ...headers, Host: url.host };
    if (proxy.username) options.headers['Proxy-Authorization'] = basic(decodeURIComponent(proxy.username), decodeURIComponent(proxy.password));
  }
  return new Promise((resolve, reject) => {
    const client = isSecure ? https : http;
    const sent = proxy && !isSecure && !request.unixSocket ? http.request(options) : client.request(url, isSecure ? { ...security, ...options } : options);
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('timed out')));
    sent.on('response', (reply) => {
      const chunks = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => resolve({ reply, body: Buffer.concat(chunks) }));
    });
    sent.end();
  });
};

try {
  let url = new URL(request.url);
  const headers = { ...request.headers };
  const user = request.username || decodeURIComponent(url.username);
  if (user) headers.Authorization = basic(user, request.password || decodeURIComponent(url.password));
  url.username = '';
  url.password = '';
  const follows = !['no', 'none', 'false'].includes(request.followRedirects);
  for (let hop = 0; ; hop++) {
    const { reply, body } = await send(url, headers);
    const location = reply.headers.location;
    if (follows && location && [301, 302, 303, 307, 308].includes(reply.statusCode)) {
      if (hop >= 10) throw new Error('too many redirects');
      const next = new URL(location, url);
      if (next.host !== url.host) delete headers.Authorization;
      for (const name of Object.keys(headers)) if (request.unredirectedHeaders.includes(name.toLowerCase())) delete headers[name];
      url = next;
      continue;
    }
    say({ status: reply.statusCode, reason: reply.statusMessage, body: body.toString('base64') });
    break;
  }
} catch (error) {
  say({ error: error.message || error.code || String(error) });
}
`;
