import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ModuleFailure } from '../../../errors/index.ts';

/** The checksums that results tell of a file. */
export interface Sums {
  readonly sha1: string;
  readonly md5: string;
}

// It is text so that it needs no file of its own beside the bundle.
const program = `
const { createHash } = require('node:crypto');
const { closeSync, openSync, readSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const hashes = { sha1: createHash('sha1'), md5: createHash('md5') };
const piece = Buffer.allocUnsafe(1024 * 1024);
try {
  const file = openSync(workerData, 'r');
  for (let count; (count = readSync(file, piece)) > 0; ) {
    for (const hash of Object.values(hashes)) hash.update(piece.subarray(0, count));
  }
  closeSync(file);
  parentPort.postMessage({ sha1: hashes.sha1.digest('hex'), md5: hashes.md5.digest('hex') });
} catch (error) {
  parentPort.postMessage({ error: error.message });
}
`;

/** Works out the checksums of a large file in a thread of its own, so that others are not held up. Throws ModuleFailure. */
export const hashFile = async (path: string): Promise<Sums> => {
  const worker = new Worker(program, { eval: true, workerData: path, execArgv: [] });
  const [answer] = (await once(worker, 'message')) as [Sums | { readonly error: string }];
  if ('error' in answer) throw new ModuleFailure(`cannot read src=${path}, ${answer.error}`);
  return answer;
};
