import { connect } from 'node:net';

export interface QmpCommand {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

interface Message {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

const limitMs = 30_000;

/** Gives commands to a QEMU process through its monitor's socket; resolves to what it answers to the last one. */
export const qmp = (path: string, ...commands: readonly QmpCommand[]): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const socket = connect(path);
    const waiting: QmpCommand[] = [{ execute: 'qmp_capabilities' }, ...commands];
    const end = (error: Error | undefined, result?: unknown): void => {
      socket.destroy();
      if (error) reject(error);
      else resolve(result);
    };
    const next = (): void => void socket.write(`${JSON.stringify(waiting[0])}\n`);
    socket.setTimeout(limitMs, () => end(new Error(`the machine's monitor does not answer: ${path}`)));
    socket.once('error', end);
    socket.once('close', () => end(new Error(`the machine's monitor went away: ${path}`)));
    let rest = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    });
    const take = (line: string): void => {
      const message = JSON.parse(line) as Message & Record<string, unknown>;
      if ('QMP' in message) next();
      else if (message.error) end(new Error(`${waiting[0]!.execute}: ${message.error.desc}`));
      else if ('return' in message) {
        waiting.shift();
        if (waiting.length === 0) end(undefined, message.return);
        else next();
      }
    };
  });
