import { once } from 'node:events';
import type { Client, ClientChannel } from 'ssh2';
import { UnreachableError } from '../../errors/index.ts';
import { type Channel, settleEnd } from '../transport.ts';

/** Makes a channel of an ssh2 stream. `lost` tells why the connection broke, once it has. */
export const sshChannel = (stream: ClientChannel, client: Client, lost: () => Error | undefined): Channel => {
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    stream.once('exit', (code: number | null, signal?: string) => resolve({ code, signal: signal ?? null }));
    const broken = (): void => reject(lost() ?? new UnreachableError('the connection to the host was lost'));
    stream.once('close', () => {
      // A connection that broke closes its channels first and tells why only then.
      setImmediate(broken);
    });
    const onClose = (): void => void setImmediate(broken);
    client.once('close', onClose);
    const forget = (): void => void client.off('close', onClose);
    stream.once('exit', forget);
    stream.once('close', forget);
  });
  client.setMaxListeners(0);
  stream.on('error', () => {});
  stream.stderr.on('error', () => {});
  return {
    stdin: stream.stdin,
    stdout: stream.stdout,
    stderr: stream.stderr,
    ended: settleEnd({ exited, closed: once(stream, 'close') }),
    kill: () => {
      stream.signal('KILL');
      stream.close();
    },
  };
};
