import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { commandFailure } from './shared/answers.ts';
import { splitLines } from './shared/commands/decode.ts';
import {
  changedMarker,
  isChange,
  rsyncOptions,
  type SynchronizeArguments,
  synchronizeArguments,
} from './shared/rsync/options.ts';
import { localPath, placesOf } from './shared/rsync/places.ts';
import { type RsyncReply, runOnTarget } from './shared/rsync/run-on-target.ts';
import { runThroughConnection } from './shared/rsync/run-through-connection.ts';

export default defineAction({
  name: 'ansible.posix.synchronize',
  summary:
    'Keep folders the same with rsync, over the connection of the task: passwords, become and jump hosts work as they do for other tasks. Needs rsync on both sides.',
  args: synchronizeArguments,
  returns: {
    msg: 'What rsync said.',
    stdout_lines: 'The same, a line an item.',
    rc: 'The exit code of rsync.',
    cmd: 'The command line.',
  },
  notes: [
    'rsync runs over the connection of the task, so that passwords, become and jump hosts work as they do for other tasks',
  ],
  supports: { check: 'full', diff: true },

  run: async (args, context) => {
    if (args.rsync_opts.includes('')) {
      context.warn(
        'The empty string is present in rsync_opts, which makes rsync transfer the current working directory. Use "." where that is meant, and take it out where it is not.',
      );
    }
    const options = rsyncOptions(args, context.check);
    const reply = await transfer(args, options, context);
    if (reply.code !== 0) throw commandFailure(reply, explain(reply));
    const said = reply.stdout.replaceAll(changedMarker, '');
    return {
      changed: isChange(reply.stdout, args),
      msg: said,
      rc: 0,
      cmd: reply.command,
      stdout_lines: splitLines(said).filter((line) => line !== ''),
      ...(context.wantsDiff && { diff: { prepared: said } }),
    } satisfies ResultObject;
  },
});

/** Has rsync run where it belongs: here, on the target alone, or on the target towards another host. */
const transfer = async (
  args: SynchronizeArguments,
  options: readonly string[],
  context: ModuleContext,
): Promise<RsyncReply> => {
  const { controller, target, delegatedTo } = context;
  const path = (text: string): Promise<string> => localPath(text, controller);
  const places = placesOf(delegatedTo, target, controller);
  if (places === 'target') {
    const src = target.isLocal ? await path(args.src) : args.src;
    const dest = target.isLocal ? await path(args.dest) : args.dest;
    return runOnTarget(options, [src, dest], undefined, args, context);
  }
  if (places !== 'connection') return runOnTarget(options, [args.src, args.dest], places, args, context);
  const isPush = args.mode === 'push';
  const local = await path(isPush ? args.src : args.dest);
  return runThroughConnection(options, { local, remote: isPush ? args.dest : args.src, isPush }, args, context);
};

const explain = ({ stderr, stdout, code }: RsyncReply): string =>
  stderr.trim() || stdout.trim() || `rsync failed with exit code ${code}`;
