import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { FileLine } from '../engine/restore/journal.ts';

/**
 * The hash of what a source file says. Lines that are comments say nothing, as far as that can be told without reading
 * the file in earnest: where it has no blocks of text, in which such lines would be text.
 */
export const hashOfSource = (path: string, bytes: Buffer): string => {
  const hash = createHash('sha256');
  if (!/\.ya?ml$/.test(path)) return hash.update(bytes).digest('base64url');
  const text = bytes.toString('latin1');
  const hasBlocks = /[|>][-+\d]*[ \t]*(#.*)?\r?$/m.test(text);
  return hash.update(hasBlocks ? text : text.replace(/^[ \t]*#.*(\n|$)/gm, ''), 'latin1').digest('base64url');
};

/** The files that do not say any more what they said, or cannot be read. */
export const changedSources = (files: Iterable<FileLine>): string[] =>
  Array.from(files)
    .filter(({ path, hash, isContent }) => {
      if (isContent && !existsSync(path)) return false;
      try {
        return hashOfSource(path, readFileSync(path)) !== hash;
      } catch {
        return true;
      }
    })
    .map(({ path }) => path);
