import type { Client, ConnectConfig } from 'ssh2';
import { UnreachableError } from '../../errors/index.ts';
import { offeredAlgorithms } from './algorithms.ts';
import { Authentication, type Credentials } from './authentication.ts';
import type { SshEnvironment } from './environment.ts';
import { checkHostKey } from './host-key.ts';
import { loadSsh2 } from './load.ts';
import type { SshSettings } from './settings.ts';
import type { ServerSocket } from './socket.ts';

/** The connection broke off before the login was decided: trying again may help. */
export class HandshakeError extends UnreachableError {}

/** Logs in over a connected stream. Rejects with UnreachableError; with HandshakeError where another attempt may help. */
export const login = async (
  { stream, said }: ServerSocket,
  settings: SshSettings,
  credentials: Credentials,
  environment: SshEnvironment,
): Promise<Client> => {
  const { Client } = await loadSsh2();
  const client = new Client();
  const known = environment.knownHosts.about(settings);
  const place = `${settings.hostName} port ${settings.port}`;
  return new Promise((resolve, reject) => {
    let refusal: Error | undefined;
    let timer: NodeJS.Timeout | undefined;
    let isPaused = false;
    let hasKeys = false;
    const watch = (): void => {
      clearTimeout(timer);
      if (isPaused) return;
      timer = setTimeout(() => {
        const what = hasKeys ? 'the login' : 'the ssh handshake';
        failWith(
          (detail) =>
            new UnreachableError(`${what} on ${place} timed out after ${settings.timeoutMs / 1000} s${detail}`),
        );
      }, settings.timeoutMs);
    };
    const authentication = new Authentication(settings, credentials, environment.keys, environment.ask, (paused) => {
      isPaused = paused;
      watch();
    });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      client.removeListener('close', closed);
      // What the library still has to say about it is of no interest.
      client.on('error', () => {});
      client.destroy();
      stream.destroy();
      reject(error);
    };
    /** What a proxy command has to say about it goes with the error. */
    const failWith = (make: (detail: string) => Error): void => {
      clearTimeout(timer);
      said().then((text) => fail(refusal ?? make(text === '' ? '' : `: ${text}`)));
    };
    const closed = (): void =>
      failWith((detail) => new HandshakeError(`${place} closed the connection before the login${detail}`));

    client.on('error', (error: Error & { level?: string }) => {
      if (error.level === 'agent') return;
      failWith((detail) => explain(error, place, settings, authentication, detail));
    });
    client.once('close', closed);
    client.once('handshake', () => {
      hasKeys = true;
      watch();
    });
    client.once('ready', () => {
      clearTimeout(timer);
      client.removeListener('close', closed);
      client.removeAllListeners('error');
      resolve(client);
    });
    watch();
    try {
      client.connect({
        sock: stream,
        username: settings.user,
        readyTimeout: 0,
        keepaliveInterval: settings.keepaliveMs,
        keepaliveCountMax: settings.keepaliveCount,
        algorithms: offeredAlgorithms(settings, known),
        authHandler: (left, partial, next) => {
          watch();
          authentication.handler(left, partial, next);
        },
        hostVerifier: (key: Buffer, verify: (isRight: boolean) => void) => {
          checkHostKey(key, settings, known, environment.knownHosts).then(
            () => verify(true),
            (error: Error) => {
              refusal = error;
              verify(false);
            },
          );
        },
        ...(settings.agent === undefined ? {} : { agent: settings.agent }),
        agentForward: settings.forwardAgent && settings.agent !== undefined,
        strictVendor: false,
      } satisfies ConnectConfig & { strictVendor: boolean } as ConnectConfig);
    } catch (error) {
      fail(new UnreachableError(`cannot connect to ${place}: ${(error as Error).message}`, { cause: error }));
    }
  });
};

const explain = (
  error: Error & { level?: string },
  place: string,
  settings: SshSettings,
  { tried, offered }: Authentication,
  detail: string,
): UnreachableError => {
  if (error.level === 'client-authentication') {
    return new UnreachableError(
      {
        message: `${settings.user}@${settings.hostName}: Permission denied (${offered.join(',')})`,
        hint: `${tried.length === 0 ? 'there was nothing to log in with' : `tried: ${tried.join(', ')}`}; set ansible_user, ansible_ssh_private_key_file or ansible_password`,
      },
      { cause: error },
    );
  }
  if (/no matching/i.test(error.message)) {
    return new UnreachableError(
      {
        message: `${place}: ${error.message.replace(/^Handshake failed: /, '')}`,
        hint: 'the host is too old, or its sshd_config or your ssh_config too narrow',
      },
      { cause: error },
    );
  }
  const message = /connection lost before handshake/i.test(error.message)
    ? `${place} closed the connection before the login`
    : `${place}: ${error.message}`;
  return new HandshakeError(`${message}${detail}`, { cause: error });
};
