import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerRoutes, runExecution } from './containers.ts';
import { imageRoutes } from './images.ts';
import { networkRoutes } from './networks.ts';
import { volumeRoutes } from './volumes.ts';

export type Item = Record<string, unknown> & { Id: string };

/** What an engine holds. */
export interface EngineState {
  readonly containers: Map<string, Item>;
  readonly images: Map<string, Item>;
  readonly networks: Map<string, Item>;
  readonly volumes: Map<string, Record<string, unknown>>;
  /** Images that a pull finds, by name and tag. */
  readonly registry: Map<string, Item>;
  /** What runs of commands in containers give: output and exit code by the command line. */
  readonly commands: Map<string, { stdout?: string; stderr?: string; code?: number }>;
}

export interface EngineCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly raw: Buffer;
  readonly headers: IncomingMessage['headers'];
  readonly state: EngineState;
  /** What the pattern of the route matched. */
  readonly names: readonly string[];
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly bytes?: Buffer;
  readonly headers?: Record<string, string>;
}

export type Route = readonly [method: string, pattern: RegExp, answer: (call: EngineCall) => Answer];

/** The refusal of an engine. */
export const refuse = (status: number, message: string): Answer => ({ status, body: { message } });

let counter = 0;

export const newId = (): string => createHash('sha256').update(`muster ${counter++}`).digest('hex');

/** A Docker Engine on a unix socket, with its state in memory, which answers as version 28 does. */
export interface FakeEngine {
  readonly socket: string;
  readonly state: EngineState;
  /** What it was asked, as `POST /containers/create`, without reads. */
  readonly changes: string[];
  readonly calls: EngineCall[];
  close(): Promise<void>;
}

const version: Route = [
  'GET',
  /^\/version$/,
  () => ({ body: { Version: '28.2.2', ApiVersion: '1.50', MinAPIVersion: '1.24', Os: 'linux', Arch: 'amd64' } }),
];

const login: Route = [
  'POST',
  /^\/auth$/,
  ({ body }) =>
    body.password === 'right'
      ? { body: { Status: 'Login Succeeded', IdentityToken: '' } }
      : refuse(401, 'Get "https://registry/v2/": unauthorized: incorrect username or password'),
];

const routes: readonly Route[] = [
  version,
  login,
  ...containerRoutes,
  ...imageRoutes,
  ...networkRoutes,
  ...volumeRoutes,
];

export const openEngine = async (): Promise<FakeEngine> => {
  const folder = await mkdtemp(join(tmpdir(), 'muster-docker-'));
  const socket = join(folder, 'docker.sock');
  const state: EngineState = {
    containers: new Map(),
    images: new Map(),
    networks: new Map(),
    volumes: new Map(),
    registry: new Map(),
    commands: new Map(),
  };
  for (const [name, driver] of [
    ['bridge', 'bridge'],
    ['host', 'host'],
    ['none', 'null'],
  ]) {
    const id = newId();
    state.networks.set(id, {
      Id: id,
      Name: name,
      Driver: driver,
      Scope: 'local',
      Options: {},
      Labels: {},
      Containers: {},
      IPAM: { Driver: 'default', Config: [] },
    });
  }
  const changes: string[] = [];
  const calls: EngineCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://docker');
    const path = decodeURIComponent(url.pathname.replace(/^\/v1\.\d+/, ''));
    const method = request.method ?? '';
    if (method !== 'GET') changes.push(`${method} ${path}`);
    const found = routes.find(([verb, pattern]) => verb === method && pattern.test(path));
    const isJson = request.headers['content-type'] === 'application/json' && raw.length > 0;
    const call: EngineCall = {
      method,
      path,
      query: url.searchParams,
      body: isJson ? (JSON.parse(raw.toString()) as Record<string, unknown>) : {},
      raw,
      headers: request.headers,
      state,
      names: found ? found[1].exec(path)!.slice(1) : [],
    };
    calls.push(call);
    const answer = found ? found[2](call) : refuse(404, `page not found: ${method} ${path}`);
    const content = answer.bytes ?? Buffer.from(answer.body === undefined ? '' : JSON.stringify(answer.body));
    const status = answer.status ?? (content.length > 0 ? 200 : 204);
    response.writeHead(status, { 'Content-Type': 'application/json', ...answer.headers });
    response.end(status === 204 || status === 304 ? undefined : content);
  });
  server.on('upgrade', (request, stream, head) => void converse(request, stream as Socket, head, state, changes));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    socket,
    state,
    changes,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A request that takes over its connection: input for what runs in a container, and the output of that. */
const converse = async (
  request: IncomingMessage,
  stream: Socket,
  head: Buffer,
  state: EngineState,
  changes: string[],
): Promise<void> => {
  changes.push(`POST ${request.url}`);
  let input = head;
  const length = Number(request.headers['content-length'] ?? 0);
  stream.on('data', (chunk: Buffer) => {
    input = Buffer.concat([input, chunk]);
  });
  stream.write(
    'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n',
  );
  await once(stream, 'end');
  const id = /\/exec\/([^/]+)\/start/.exec(request.url ?? '')![1]!;
  stream.end(runExecution(id, state, input.subarray(length).toString()));
};

/** An image as `docker inspect` tells it. */
export const image = (tag: string, config: Record<string, unknown> = {}): Item => ({
  Id: `sha256:${createHash('sha256').update(tag).update(JSON.stringify(config)).digest('hex')}`,
  RepoTags: [tag],
  RepoDigests: [],
  Created: '2026-01-01T00:00:00Z',
  Size: 1000,
  Os: 'linux',
  Architecture: 'amd64',
  Config: { Env: ['PATH=/usr/bin'], Cmd: ['sh'], Labels: null, Volumes: null, ExposedPorts: null, ...config },
});
