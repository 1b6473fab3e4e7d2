import type { Config } from '../config/index.ts';
import { ConnectionPool } from '../connection/index.ts';
import { ask } from './ask.ts';

/** The connections of a run, as the configuration has them. */
export const openTargets = (config: Config, warn: (message: string) => void): ConnectionPool =>
  new ConnectionPool({
    warn,
    retries: config.sshRetries,
    ...(process.stdin.isTTY && { ask: (prompt: string) => ask(prompt) }),
  });
