import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from './manifest.ts';

// Larger sources are not read: a run must not wait for its record.
const mostBytes = 8 << 20;
const mostFiles = 500;

/** A source with the hash of what it holds: of a file its bytes, of a directory its files with their names. */
export const hashSource = (path: string): Source => {
  const hash = createHash('sha256');
  const left = { bytes: mostBytes, files: mostFiles };
  try {
    return addPath(hash, path, '', left) ? { path, sha256: hash.digest('hex') } : { path };
  } catch {
    return { path };
  }
};

/** False when there is more than is read. */
const addPath = (hash: Hash, path: string, name: string, left: { bytes: number; files: number }): boolean => {
  const stats = statSync(path);
  if (stats.isDirectory()) {
    return readdirSync(path)
      .sort()
      .every((entry) => addPath(hash, join(path, entry), `${name}/${entry}`, left));
  }
  if (!stats.isFile()) return true;
  left.bytes -= stats.size;
  left.files--;
  if (left.bytes < 0 || left.files < 0) return false;
  if (name !== '') hash.update(`${name}\0${stats.size}\0`);
  hash.update(readFileSync(path));
  return true;
};
