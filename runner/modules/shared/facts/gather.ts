import { randomBytes } from 'node:crypto';
import { raw, type Script } from '../../../connection/index.ts';
import type { Collector, FactsRequest } from './collector.ts';

/**
 * The script that brings everything the collectors need, in one go. Slow commands run beside the quick part; their output
 * waits in a pipe until the quick part is done.
 */
export const factsScript = (
  collectors: readonly Collector[],
  options: Omit<FactsRequest, 'mark'>,
): { script: Script; word: string } => {
  const word = randomBytes(9).toString('hex');
  const request: FactsRequest = { ...options, mark: (name) => `printf '\\036${word} %s\\n' "${name}"` };
  const all = <T>(pick: (collector: Collector) => readonly T[] | T | undefined): T[] => [
    ...new Set(collectors.flatMap((collector) => pick(collector) ?? [])),
  ];
  const files = all(({ files }) => files);
  const exists = all(({ exists }) => exists);
  const links = all(({ links }) => links);
  const quick = all((collector) => collector.quick?.(request));
  const slow = all((collector) => collector.slow?.(request));
  const lines = [
    // The environment comes before anything changes it.
    collectors.some(({ name }) => name === 'env') && `${request.mark('environ')}; cat /proc/self/environ`,
    'LC_ALL=C; LANGUAGE=; export LC_ALL LANGUAGE; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export PATH',
    slow.length > 0 && `{\n${slow.join('\n')}\n} 2>/dev/null | {`,
    files.length > 0 && `${request.mark('files')}; grep -asH '' ${files.join(' ')}`,
    exists.length > 0 &&
      `${request.mark('exists')}; for m_f in ${exists.join(' ')}; do [ -e "$m_f" ] && echo "$m_f"; done`,
    links.length > 0 && `${request.mark('links')}; ls -ld ${links.join(' ')} 2>/dev/null`,
    ...quick,
    slow.length > 0 && 'exec cat\n}',
  ];
  return { script: raw(lines.filter((line) => line !== false).join('\n')), word };
};
