import { SourceError } from '../../errors/index.ts';
import type { Options } from './options.ts';
import { matchesAny } from './patterns.ts';
import { expandCommand, tokensOf } from './tokens.ts';

/** Who asks for options, and what is known so far: what `Host` and `Match` look at. */
export interface ConfigQuery {
  /** What `Host` looks at: the name as given, and in the final pass what HostName made of it. */
  readonly name: string;
  /** The name as given. */
  readonly originalName: string;
  readonly localUser: string;
  /** The options that were found so far, to which more are added. */
  readonly options: Options;
  /** Whether the files are read a second time, as `Match final` asks for. */
  readonly isFinal: boolean;
  /** To be called by who asks for that. */
  readonly wantFinal: () => void;
  /** Whether a command ends well on this machine. */
  readonly succeeds: (command: string) => boolean;
}

/**
 * `Match`: all its criteria must hold, in the order in which they stand; what stands behind one that does not hold is not run.
 * The rules are those of ssh_config(5). Throws SourceError.
 */
export const matches = (path: string, words: readonly string[], query: ConfigQuery): boolean => {
  let isMatch = true;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!.toLowerCase();
    const isNegated = word.startsWith('!');
    const criterion = isNegated ? word.slice(1) : word;
    if (criterion === 'all') continue;
    if (criterion === 'canonical' || criterion === 'final') {
      if (criterion === 'final') query.wantFinal();
      if (query.isFinal === isNegated) isMatch = false;
      continue;
    }
    const holds = criteria.get(criterion);
    if (holds === undefined) throw unsupported(path, criterion);
    const argument = words[++index] ?? '';
    if (isMatch && holds(argument, query) === isNegated) isMatch = false;
  }
  return isMatch;
};

type Criterion = (argument: string, query: ConfigQuery) => boolean;

const criteria: ReadonlyMap<string, Criterion> = new Map<string, Criterion>([
  ['host', (patterns, query) => matchesAny(patterns.split(','), tokensFor(query).h)],
  ['originalhost', (patterns, { originalName }) => matchesAny(patterns.split(','), originalName)],
  ['user', (patterns, query) => matchesAny(patterns.split(','), tokensFor(query).r)],
  ['localuser', (patterns, { localUser }) => matchesAny(patterns.split(','), localUser)],
  ['tagged', (patterns, { options }) => matchesAny(patterns.split(','), options.text('tag') ?? '')],
  ['exec', (command, query) => query.succeeds(expandCommand(command, tokensFor(query)))],
]);

const tokensFor = ({ options, originalName, localUser }: ConfigQuery): ReturnType<typeof tokensOf> =>
  tokensOf(options, originalName, localUser);

const unsupported = (path: string, criterion: string): SourceError =>
  new SourceError({
    message: `'Match ${criterion}' in ${path} is not supported`,
    expected: `Match with ${[...criteria.keys(), 'final', 'canonical', 'all'].join(', ')}`,
    hint: "name another file with ansible_ssh_common_args: '-F FILE', or use Host sections",
  });
