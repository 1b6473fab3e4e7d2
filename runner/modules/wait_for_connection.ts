import { setTimeout as sleep } from 'node:timers/promises';
import { sh } from '../connection/index.ts';
import { ModuleFailure, UnreachableError } from '../errors/index.ts';
import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.wait_for_connection',
  summary: 'Waits until a host can be reached.',
  args: {
    connect_timeout: { type: 'int', default: 5, doc: 'Seconds that one attempt may take.' },
    delay: { type: 'int', default: 0, doc: 'Seconds before the first attempt.' },
    sleep: { type: 'int', default: 1, doc: 'Seconds between attempts.' },
    timeout: { type: 'int', default: 600, doc: 'Seconds after which it fails.' },
  },
  returns: { elapsed: 'seconds that it took' },
  supports: { check: 'none', diff: false, async: false },
  run: async ({ connect_timeout, delay, sleep: pause, timeout }, { target, signal }) => {
    const start = Date.now();
    const elapsed = (): number => Math.floor((Date.now() - start) / 1000);
    await sleep(delay * 1000, undefined, { signal });
    let reason = 'no attempt ended in time';
    do {
      try {
        const attempt = target.run(sh`:`).then(() => true);
        if (await Promise.race([attempt, sleep(connect_timeout * 1000, false)]))
          return { changed: false, elapsed: elapsed() };
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        reason = error.message;
      }
      await sleep(pause * 1000, undefined, { signal });
    } while (elapsed() < timeout);
    throw new ModuleFailure(`timed out waiting for ping module test: ${reason}`, { elapsed: elapsed() });
  },
});
