import { spawnSync } from 'node:child_process';
import { TemplateError } from '../../errors/index.ts';
import { defineLookup, type Lookup } from '../define.ts';
import { text } from '../filters/support.ts';
import { splitLines } from '../python/index.ts';
import type { CallContext } from '../types.ts';
import { baseDirectory } from './support.ts';

// Runs a command of the controller's shell; what it writes to its standard error only shows when it fails.
const run = (context: CallContext, name: string, command: string): string => {
  const { status, signal, stdout, stderr, error } = spawnSync('/bin/sh', ['-c', command], {
    cwd: baseDirectory(context),
    input: '',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (status === 0) return stdout.toString('utf8');
  const reason = error?.message ?? stderr.toString('utf8').trim();
  throw new TemplateError('lookup', {
    message: `lookup_plugin.${name}(${command}) returned ${status ?? signal}`,
    hint: reason === '' ? undefined : reason,
  });
};

/** Lookups that run a command on the controller. */
export const commandLookups: readonly Lookup[] = [
  defineLookup('pipe', (context, terms) =>
    terms.map((term) => run(context, 'pipe', text(term)).replace(/[\s\x1c-\x1f\x85]+$/, '')),
  ),
  defineLookup('lines', (context, terms) =>
    terms.flatMap((term) => splitLines(run(context, 'lines', text(term)).replaceAll('\r\n', '\n'))),
  ),
];
