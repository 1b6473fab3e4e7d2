import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ModuleFailure, UnreachableError } from '../../../errors/index.ts';
import type { Json } from '../../../values/index.ts';
import type { ModuleContext } from '../../define.ts';
import type { DockerArguments } from './arguments.ts';
import { type EngineAddress, engineAddress } from './connect.ts';

export type JsonObject = { [key: string]: Json };

/** What the engine refused, with the HTTP status that says why. */
export class EngineError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface EngineRequest {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: Json | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Waits for a reply as long as it takes. */
  readonly isSlow?: boolean;
  /** Seconds on top of the usual ones. */
  readonly patience?: number;
}

/** A Docker Engine of the target. One stream is used for all requests, one after the other. */
export class Engine {
  readonly #address: EngineAddress;
  readonly #agent: Agent;
  readonly #prefix: string;
  readonly #timeout: number;
  readonly #context: ModuleContext;
  readonly #streams = new Set<Duplex>();

  constructor(address: EngineAddress, args: DockerArguments, context: ModuleContext) {
    this.#address = address;
    this.#prefix = args.api_version === 'auto' ? '' : `/v${args.api_version.replace(/^v/, '')}`;
    this.#timeout = args.timeout;
    this.#context = context;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 });
    this.#agent.createConnection = (_options, callback) => {
      this.#address.open().then(
        (stream) => {
          this.#streams.add(stream);
          stream.once('close', () => this.#streams.delete(stream));
          callback?.(null, likeSocket(stream));
        },
        (error: Error) => callback?.(error, undefined as never),
      );
      return undefined;
    };
  }

  get(path: string, query: EngineRequest['query'] = {}): Promise<Json> {
    return this.#json('GET', path, { query });
  }

  /** As `get`, but null where there is no such thing. */
  async find(path: string): Promise<JsonObject | null> {
    try {
      return (await this.get(path)) as JsonObject;
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return null;
      throw error;
    }
  }

  post(path: string, request: EngineRequest = {}): Promise<Json> {
    return this.#json('POST', path, request);
  }

  delete(path: string, query: EngineRequest['query'] = {}): Promise<Json> {
    return this.#json('DELETE', path, { query });
  }

  /** The bytes of a reply. */
  async bytes(method: string, path: string, request: EngineRequest = {}): Promise<Buffer> {
    const message = await this.#send(method, path, request);
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if ((message.statusCode ?? 0) < 400) return body;
    throw new EngineError(message.statusCode!, errorText(body.toString()) || (message.statusMessage ?? ''));
  }

  /** A reply that goes on: an archive, or progress. */
  async stream(method: string, path: string, request: EngineRequest = {}): Promise<IncomingMessage> {
    const message = await this.#send(method, path, { isSlow: true, ...request });
    if ((message.statusCode ?? 0) < 400) return message;
    let text = '';
    for await (const chunk of message) text += String(chunk);
    throw new EngineError(message.statusCode!, errorText(text));
  }

  /** Sends input to what a request starts, over a stream of its own that it takes over, and takes all of its output. */
  async converse(path: string, body: Json, input: Buffer): Promise<Buffer> {
    const stream = await this.#address.open();
    this.#streams.add(stream);
    const content = JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        createConnection: () => likeSocket(stream) as never,
        method: 'POST',
        path: this.#prefix + path,
        signal: this.#context.signal,
        headers: {
          Host: 'docker',
          Connection: 'Upgrade',
          Upgrade: 'tcp',
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(content),
        },
      });
      outgoing.on('error', (error) => reject(this.#explain(error)));
      outgoing.on('upgrade', (_message, _socket, head) => {
        const chunks: Buffer[] = [head];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.once('end', () => resolve(Buffer.concat(chunks)));
        stream.once('error', (error) => reject(this.#explain(error)));
        stream.end(input);
        stream.resume();
      });
      outgoing.on('response', (message) => {
        message.resume();
        reject(new EngineError(message.statusCode ?? 0, message.statusMessage ?? ''));
      });
      outgoing.end(content);
    });
  }

  close(): void {
    this.#agent.destroy();
    for (const stream of this.#streams) stream.destroy();
  }

  async #json(method: string, path: string, request: EngineRequest): Promise<Json> {
    const text = (await this.bytes(method, path, request)).toString();
    if (text.trim() === '') return null;
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }

  #send(
    method: string,
    path: string,
    { query, body, headers, isSlow, patience = 0 }: EngineRequest,
  ): Promise<IncomingMessage> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, String(value));
    const content = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const outgoing: ClientRequest = httpRequest(
        {
          agent: this.#agent,
          method,
          path: `${this.#prefix}${path}${search.size > 0 ? `?${search}` : ''}`,
          signal: this.#context.signal,
          headers: {
            Host: 'docker',
            ...(content === undefined
              ? method === 'POST'
                ? { 'Content-Length': 0 }
                : {}
              : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) }),
            ...headers,
          },
        },
        (message) => {
          clearTimeout(timer);
          resolve(message);
        },
      );
      // A channel of an ssh connection has no timeout of its own.
      if (!isSlow) {
        const seconds = this.#timeout + patience;
        timer = setTimeout(
          () => outgoing.destroy(new ModuleFailure(`the Docker Engine gave no answer within ${seconds} s`)),
          seconds * 1000,
        );
      }
      outgoing.on('error', (error) => {
        clearTimeout(timer);
        reject(this.#explain(error));
      });
      outgoing.end(content);
    });
  }

  #explain(error: Error): Error {
    if (error instanceof ModuleFailure || error instanceof UnreachableError || this.#context.signal.aborted)
      return error;
    return new ModuleFailure(`Error connecting: the Docker Engine at ${this.#address.name}: ${error.message}`);
  }
}

/** Runs `work` with an engine that is closed afterwards; what the engine refuses becomes the task's failure. */
export const withEngine = async <T>(
  args: DockerArguments,
  context: ModuleContext,
  work: (engine: Engine) => Promise<T>,
): Promise<T> => {
  const engine = new Engine(await engineAddress(args, context.target), args, context);
  try {
    return await work(engine);
  } catch (error) {
    if (error instanceof EngineError) throw new ModuleFailure(`An unexpected Docker error occurred: ${error.message}`);
    throw error;
  } finally {
    engine.close();
  }
};

/** Puts a purpose in front of what the engine refuses. */
export const purpose = async <T>(what: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw error instanceof EngineError ? new ModuleFailure(`${what}: ${error.message}`) : error;
  }
};

/** A part of a path. */
export const part = (name: string): string => encodeURIComponent(name);

/** Filters as the engine takes them in a query. */
export const filters = (values: Readonly<Record<string, readonly string[]>>): string => JSON.stringify(values);

const errorText = (body: string): string => {
  try {
    const { message } = JSON.parse(body) as { message?: string };
    return message ?? body.trim();
  } catch {
    return body.trim();
  }
};

/** Node's agent asks sockets for what only sockets have. */
const likeSocket = (stream: Duplex): Duplex => {
  const self = () => stream;
  const methods = { setKeepAlive: self, setNoDelay: self, setTimeout: self, ref: self, unref: self };
  for (const [name, method] of Object.entries(methods))
    if (!(name in stream)) Object.assign(stream, { [name]: method });
  return stream;
};
