import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { MusterError, UsageError } from '../../errors/index.ts';
import type { Daemon } from './daemon.ts';
import { createMetrics } from './metrics.ts';

// The daemon looks every few seconds; after so long something is wrong with it.
const longestSilence = 60_000;

/** An address to listen on: `127.0.0.1:9877`, `[::1]:9877` or `localhost:9877`, and only ones of this machine. */
export const parseAddress = (text: string): { host: string; port: number } => {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const isLoopback = name === 'localhost' || (isIP(name) === 4 && name.startsWith('127.')) || name === '::1';
  if (isLoopback && Number(port) <= 65_535) return { host: name, port: Number(port) };
  throw new UsageError({
    message: `--listen cannot be '${text}'`,
    expected: 'a loopback address and a port, as in 127.0.0.1:9877',
    hint: 'a proxy can offer it to others, with a password',
  });
};

/** Serves `/healthz` and `/metrics`. */
export const serve = async (daemon: Daemon, address: { host: string; port: number }): Promise<Server> => {
  const metrics = await createMetrics(() => daemon.context);
  const answer = async (url: string | undefined, response: ServerResponse): Promise<void> => {
    const path = url?.split('?')[0];
    if (path === '/healthz') {
      const isWell = daemon.idleFor < longestSilence;
      const schedules = daemon.context.schedules.schedules.length;
      const body = { status: isWell ? 'ok' : 'stuck', schedules, running: daemon.runningCount };
      response.writeHead(isWell ? 200 : 503, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
    } else if (path === '/metrics') {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.type }).end(text);
    } else response.writeHead(404, { 'content-type': 'text/plain' }).end('there are /healthz and /metrics\n');
  };
  const server = createServer((request, response) => {
    answer(request.url, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(new MusterError(`cannot listen on ${address.host}:${address.port}: ${error.message}`));
    });
    server.listen(address.port, address.host, resolve);
  });
  return server;
};

/** Where a server listens. */
export const portOf = (server: Server): number => (server.address() as AddressInfo).port;
