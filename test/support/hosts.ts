import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Transport } from '../../runner/connection/index.ts';
import { type ModuleHost, openModuleHost, type Tools } from './module-host.ts';

/** A host that is opened and closed around tests; there is none outside of them. */
export type TestHost = Omit<ModuleHost, 'close'>;

/** What a host is made of: tools of this machine, or what opens another way to commands. */
type Kind = Tools | (() => Promise<Transport>);

/**
 * This machine as a host with a scratch directory, another one for each test. To be called at the top of a file of tests
 * or of a `describe`, before hooks that use it.
 */
export const hostForEachTest = (kind?: Kind): TestHost => hostBetween(beforeEach, afterEach, kind);

/** The same, but one host for all tests of the file or the `describe`. */
export const hostForAllTests = (kind?: Kind): TestHost => hostBetween(beforeAll, afterAll, kind);

type Hook = (work: () => Promise<void>, limit: number) => void;

const hostBetween = (before: Hook, after: Hook, kind?: Kind): TestHost => {
  let open: ModuleHost | undefined;
  before(async () => {
    open = await openModuleHost(typeof kind === 'function' ? await kind() : kind);
  }, 60_000);
  after(async () => {
    await open?.close();
    open = undefined;
  }, 60_000);
  const host = (): ModuleHost => {
    if (!open) throw new Error('the host is there only while tests and their hooks run');
    return open;
  };
  return {
    get directory() {
      return host().directory;
    },
    get target() {
      return host().target;
    },
    get warnings() {
      return host().warnings;
    },
    run: (...args) => host().run(...args),
    countRoundTrips: (work) => host().countRoundTrips(work),
  };
};
