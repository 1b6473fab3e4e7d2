import { MusterError } from '../../errors/index.ts';
import type { RunContext } from '../context.ts';

/**
 * A play's hosts, in the order that they had in the run that is resumed: `order: shuffle` would give another one. Throws
 * when they are not the same hosts, unless that is wanted.
 */
export const recordedOrder = (
  { journal }: RunContext,
  play: number,
  name: string,
  hosts: readonly string[],
): readonly string[] => {
  if (!journal) return hosts;
  const recorded = journal.past?.plays.get(play);
  if (recorded) {
    const here = new Set(hosts);
    const gone = recorded.hosts.filter((host) => !here.has(host));
    const added = hosts.filter((host) => !recorded.hosts.includes(host));
    if (gone.length === 0 && added.length === 0) return recorded.hosts;
    if (!journal.isForced) {
      throw new MusterError({
        message: `the hosts of the play '${name}' have changed since: ${[
          ...(gone.length > 0 ? [`${listOf(gone)} left it`] : []),
          ...(added.length > 0 ? [`${listOf(added)} came in`] : []),
        ].join(', ')}`,
        hint: "'muster resume --force' goes on with those that there are",
      });
    }
  }
  journal.write({ type: 'play', play, ...(!journal.isSecret(name) && { name }), hosts });
  return hosts;
};

const listOf = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
