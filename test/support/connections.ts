import { userInfo } from 'node:os';
import { ConnectionPool, type ConnectionSpec, type PoolOptions, raw } from '../../runner/connection/index.ts';
import { MusterError } from '../../runner/errors/index.ts';
import type { Sshd } from './sshd.ts';

export type SpecChanges = Partial<ConnectionSpec> & { readonly args?: readonly string[] };

/** How to reach a test's own server: with its key, as this process's user, past the configuration of whoever runs the test. */
export const sshSpec = (sshd: Sshd, changes: SpecChanges = {}): ConnectionSpec => {
  const { args = [], ...rest } = changes;
  return {
    host: 'web1',
    connection: 'ssh',
    address: sshd.host,
    port: sshd.port,
    user: userInfo().username,
    password: undefined,
    privateKeyFile: sshd.privateKey,
    passphrase: undefined,
    // The first value of an option counts.
    sshArgs: [...args, `-F none -o IdentityAgent=none -o UserKnownHostsFile=${sshd.knownHosts}`],
    timeout: 10,
    hostKeyChecking: true,
    become: undefined,
    shell: '/bin/sh',
    ...rest,
  };
};

/** Gives `work` a pool and closes it afterwards. Warnings are an error unless `options` takes them. */
export const withPool = async <T>(
  work: (pool: ConnectionPool) => Promise<T>,
  options: Partial<PoolOptions> = {},
): Promise<T> => {
  const pool = new ConnectionPool({
    warn: (message) => {
      throw new Error(`unexpected warning: ${message}`);
    },
    ...options,
  });
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
};

/** What a script prints on a host. */
export const say = async (pool: ConnectionPool, spec: ConnectionSpec, script = 'echo hello'): Promise<string> => {
  const target = await pool.target(spec);
  const { stdout } = await target.run(raw(script));
  return stdout.toString().trim();
};

/** The error that a host cannot be reached with; anything but an error for people is a defect. */
export const refusal = (spec: ConnectionSpec, options: Partial<PoolOptions> = {}): Promise<MusterError> =>
  withPool(
    (pool) =>
      say(pool, spec).then(
        () => {
          throw new Error('this should have failed');
        },
        (error) => {
          if (!(error instanceof MusterError)) throw error;
          return error;
        },
      ),
    options,
  );
