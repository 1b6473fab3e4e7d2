import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { ConnectionSpec } from '../../runner/connection/index.ts';
import { type SpecChanges, sshSpec } from './connections.ts';
import { openSshd, type Sshd } from './sshd.ts';

/** An ssh server that runs while the tests of a file do. */
export interface TestServer {
  /** Undefined before the first test. */
  readonly sshd: Sshd;
  spec(changes?: SpecChanges): ConnectionSpec;
  /** A path in the server's own folder. */
  file(name: string): string;
}

/** Starts an ssh server before the tests of a file, and ends it after them. */
export const sshdForTests = (): TestServer => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await openSshd();
  });
  afterAll(() => sshd.close());
  return {
    get sshd() {
      return sshd;
    },
    spec: (changes) => sshSpec(sshd, changes),
    file: (name) => join(sshd.directory, name),
  };
};
