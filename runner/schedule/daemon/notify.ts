import { execFile } from 'node:child_process';

/** Tells systemd how the service fares, when it asked for that. */
export const notifySystemd = (state: 'READY=1' | 'STOPPING=1'): Promise<void> => {
  if (!process.env.NOTIFY_SOCKET) return Promise.resolve();
  return new Promise((resolve) => {
    execFile('systemd-notify', [`--pid=${process.pid}`, state], { timeout: 10_000 }, () => resolve());
  });
};
