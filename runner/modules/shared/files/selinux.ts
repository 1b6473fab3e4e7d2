import { type Script, sh } from '../../../connection/index.ts';
import type { ResultObject } from '../../../values/index.ts';
import type { FileArguments } from './common-arguments.ts';
import { die } from './reply.ts';

export type SelinuxArguments = Pick<FileArguments, 'seuser' | 'serole' | 'setype' | 'selevel'>;

/** A file's context, and the one that the policy has for its path. */
export interface SelinuxContext {
  readonly current: string;
  readonly byPolicy: string | undefined;
}

/**
 * The parts of the context that differ from what was asked, in order user, role, type, level; undefined where nothing
 * does or where the target has no SELinux.
 */
export const planContext = (
  context: SelinuxContext | undefined,
  args: SelinuxArguments,
  before: ResultObject,
  after: ResultObject,
): readonly (string | undefined)[] | undefined => {
  const wanted = [args.seuser, args.serole, args.setype, args.selevel];
  if (context === undefined || wanted.every((part) => part === undefined)) return undefined;
  const current = splitContext(context.current);
  const policy = splitContext(context.byPolicy ?? context.current);
  const changes = wanted
    .map((part, index) => (part === '_default' ? policy[index] : part))
    .map((part, index) => (part === current[index] ? undefined : part));
  if (changes.every((part) => part === undefined)) return undefined;
  before.secontext = current;
  after.secontext = current.map((part, index) => changes[index] ?? part);
  return changes;
};

// The level may hold colons itself.
const splitContext = (context: string): string[] => {
  const parts = context.split(':');
  return parts.length > 4 ? [...parts.slice(0, 3), parts.slice(3).join(':')] : parts;
};

/** Shell that sets the parts, where the target has SELinux. */
export const contextScript = (parts: readonly (string | undefined)[], path: string): Script => {
  const options = ['-u', '-r', '-t', '-l'].flatMap((option, index) =>
    parts[index] === undefined ? [] : [option, parts[index]],
  );
  return sh`[ ! -e /sys/fs/selinux/enforce ] || chcon -h ${options} -- ${path} || ${die} chcon`;
};
