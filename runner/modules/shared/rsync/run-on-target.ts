import { quote, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext } from '../../define.ts';
import { expandedWord } from '../commands/expand.ts';
import type { SynchronizeArguments } from './options.ts';
import { type Places, textVariable } from './places.ts';

export interface RsyncReply {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The command line. */
  readonly command: string;
}

/** The failure that a side has no rsync. */
export const noRsync = (where: string): ModuleFailure =>
  new ModuleFailure(`synchronize needs rsync on both sides, and there is none on ${where}: install the package rsync`);

/** Runs rsync on the target: between two of its own folders, or towards the host at `to` with an ssh of its own. */
export const runOnTarget = async (
  options: readonly string[],
  paths: readonly [src: string, dest: string],
  to: Exclude<Places, 'connection' | 'target'> | undefined,
  args: SynchronizeArguments,
  context: ModuleContext,
): Promise<RsyncReply> => {
  const { target, controller } = context;
  const program = textVariable(controller, 'ansible_rsync_path') ?? 'rsync';
  const way = to ? remoteShell(to.address, paths, args, context) : { options: [], paths, password: undefined };
  const words = [...(way.password === undefined ? [] : ['sshpass', '-e']), program, ...options, ...way.options];
  const { code, stdout, stderr } = await target.run(
    sh`command -v ${words[0]} >/dev/null || exit 127\n${words} ${way.paths.map(expandedWord)}`,
    {
      onOutput: context.output,
      signal: context.signal,
      ...(way.password !== undefined && { environment: { SSHPASS: way.password } }),
    },
  );
  if (code === 127) {
    if (words[0] !== 'sshpass') throw noRsync(target.host);
    throw new ModuleFailure('to use rsync connection with passwords, you must install the sshpass program');
  }
  const command = [...words, ...way.paths].map(quote).join(' ');
  return { code, stdout: stdout.toString(), stderr: stderr.toString(), command };
};

interface Way {
  readonly options: readonly string[];
  readonly paths: readonly string[];
  readonly password: string | undefined;
}

/** How rsync on a delegate reaches the task's own host. */
const remoteShell = (
  address: string,
  [src, dest]: readonly [string, string],
  args: SynchronizeArguments,
  { controller }: ModuleContext,
): Way => {
  const remote = args.mode === 'push' ? dest : src;
  if (remote.startsWith('rsync://')) return { options: [], paths: [src, dest], password: undefined };
  const user = args.set_remote_user ? textVariable(controller, 'ansible_user') : undefined;
  const host = `${user === undefined ? '' : `${user}@`}${address}`;
  const place = `${address.includes(':') ? `[${host}]` : host}:${remote}`;
  const paths = args.mode === 'push' ? [src, place] : [place, dest];
  const password = textVariable(controller, 'ansible_ssh_pass') ?? textVariable(controller, 'ansible_password');
  if (args.rsync_opts.some((option) => option.includes('--rsh'))) return { options: [], paths, password };
  const key = args.private_key ?? textVariable(controller, 'ansible_ssh_private_key_file');
  const port = args.dest_port ?? textVariable(controller, 'ansible_port');
  const words = [
    'ssh',
    ...(args.ssh_connection_multiplexing ? [] : ['-S', 'none']),
    ...(key === undefined ? [] : ['-i', key]),
    ...(port === undefined ? [] : ['-o', `Port=${port}`]),
    ...(args.verify_host ? [] : ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']),
  ].map(quote);
  const further = args.use_ssh_args
    ? ['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args'].flatMap(
        (name) => textVariable(controller, name) ?? [],
      )
    : [];
  return { options: [`--rsh=${[...words, ...further].join(' ')}`], paths, password };
};
