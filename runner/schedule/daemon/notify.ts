import { execFile } from 'node:child_process';

/** Tells systemd how the service fares, when it asked for that. */
export const notifySystemd = (...states: readonly string[]): Promise<void> => {
  if (!process.env.NOTIFY_SOCKET) return Promise.resolve();
  return new Promise((resolve) => {
    execFile('systemd-notify', [`--pid=${process.pid}`, ...states], { timeout: 10_000 }, () => resolve());
  });
};
