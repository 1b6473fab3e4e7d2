import { lines, raw, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { toText } from '../values/index.ts';
import type { ArgumentSpecs, ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { withoutPasswords } from './shared/answers.ts';
import { expandedWord, joinWords, outputValues } from './shared/commands/index.ts';
import { ReplyReader } from './shared/files/reply.ts';
import {
  archive,
  archiveFormat,
  clone,
  fail,
  failCode,
  fetch,
  remoteHead,
  sshCommand,
  step,
  submodules,
  switchVersion,
} from './shared/git/index.ts';
import { missingText } from './shared/missing.ts';

const specs = {
  repo: { type: 'str', doc: 'The repository.', required: true, aliases: ['name'] },
  dest: { type: 'path', doc: 'Where the working copy goes.' },
  version: { type: 'str', doc: 'A branch, tag or commit; HEAD is the branch of the remote.', default: 'HEAD' },
  remote: { type: 'str', doc: 'The name of the remote.', default: 'origin' },
  refspec: { type: 'str', doc: 'A further refspec to fetch.' },
  reference: { type: 'str', doc: 'A repository on the host to take objects from.' },
  force: { type: 'bool', doc: 'Throw local changes away.', default: false },
  depth: { type: 'int', doc: 'How many commits of the history to fetch.' },
  clone: { type: 'bool', doc: 'Whether a repository that is not there is cloned.', default: true },
  update: { type: 'bool', doc: 'Whether one that is there is brought up to date.', default: true },
  verify_commit: { type: 'bool', doc: 'Whether the signature of what is checked out is verified.', default: false },
  gpg_whitelist: { type: 'list', elements: 'str', doc: 'Fingerprints of keys that may sign.', default: [] },
  accept_hostkey: { type: 'bool', doc: 'Do not check host keys of ssh.', default: false },
  accept_newhostkey: { type: 'bool', doc: 'Accept host keys that are not known yet.', default: false },
  key_file: { type: 'path', doc: 'The ssh key to use, a file on the host.' },
  ssh_opts: { type: 'str', doc: 'Options for ssh.' },
  executable: { type: 'path', doc: 'The git to use.' },
  bare: { type: 'bool', doc: 'Without a working copy.', default: false },
  recursive: { type: 'bool', doc: 'Whether submodules come along.', default: true },
  single_branch: { type: 'bool', doc: 'Fetch only one branch.', default: false },
  track_submodules: { type: 'bool', doc: "Submodules follow their remote's branch.", default: false },
  umask: { type: 'raw', doc: 'The umask to work with, as quoted octal digits.' },
  archive: { type: 'path', doc: 'An archive to write: .zip, .tar, .tar.gz or .tgz.' },
  archive_prefix: { type: 'str', doc: 'What the names in the archive begin with.' },
  separate_git_dir: { type: 'path', doc: 'Where the repository itself goes, apart from the working copy.' },
} as const satisfies ArgumentSpecs;

type Arguments = ArgumentsOf<typeof specs>;

export default defineAction({
  name: 'ansible.builtin.git',
  summary: 'Clones repositories and brings them up to date.',
  args: specs,
  mutuallyExclusive: [
    ['separate_git_dir', 'bare'],
    ['accept_hostkey', 'accept_newhostkey'],
  ],
  requiredBy: { archive_prefix: ['archive'] },
  returns: {
    before: 'The commit before; none when it was cloned.',
    after: 'The commit now.',
    remote_url_changed: 'Whether the remote was another one.',
    submodules_changed: 'Whether submodules were brought up to date.',
    git_dir_before: 'Where the repository was, when it was moved.',
    git_dir_now: 'Where it is now.',
    warnings: 'What could not be had.',
  },
  supports: { check: 'full', diff: true },

  run: async (args, context) => {
    if (args.dest === undefined && args.clone) {
      throw new ModuleFailure('the destination directory must be specified unless clone=no');
    }
    const format = args.archive === undefined ? undefined : archiveFormat(args.archive);
    if (args.archive !== undefined && format === undefined) {
      throw new ModuleFailure(`Unable to get file extension from archive file name : ${args.archive}`);
    }
    const { stdout, stderr, code } = await context.target.run(
      lines(settings(args), context.check ? checkScript(args) : workScript(args, format), reportScript(context)),
    );
    if (code === failCode) throw failure(stdout, args);
    if (code !== 0) throw new ModuleFailure(stderr.toString().trim(), { rc: code });
    return readReport(new ReplyReader(stdout), args, context);
  },
});

/** Everything that the functions need to know, as variables. */
const settings = (args: Arguments): Script => {
  const flag = (name: string, value: boolean): Script => sh`${variable(name)}=${value ? '1' : ''}`;
  const text = (name: string, value: string | number | undefined): Script => sh`${variable(name)}=${value ?? ''}`;
  const path = (name: string, value: string | undefined): Script =>
    sh`${variable(name)}=${value === undefined ? '' : expandedWord(value)}`;
  const hostKeys = args.accept_hostkey ? ' -o StrictHostKeyChecking=no' : '';
  return lines(
    sh`export LC_ALL=C LANG=C GIT_TERMINAL_PROMPT=0`,
    args.umask === undefined ? undefined : sh`umask ${readUmask(toText(args.umask))}`,
    path('git_bin', args.executable ?? 'git'),
    sh`command -v "$m_git_bin" >/dev/null || ${fail} ${missingText('git')} 2 ''`,
    text('version', args.version),
    text('remote', args.remote),
    text('refspec', args.refspec),
    text('depth', args.depth),
    text('reference', args.reference),
    text('keys', args.gpg_whitelist.join(' ')),
    text('prefix', args.archive_prefix),
    flag('force', args.force),
    flag('bare', args.bare),
    flag('single', args.single_branch),
    flag('track', args.track_submodules),
    flag('verify', args.verify_commit),
    path('dest', args.dest?.replace(/(?<=.)\/+$/, '')),
    path('repo', args.repo.startsWith('~') ? args.repo : undefined),
    args.repo.startsWith('~') ? undefined : text('repo', args.repo),
    path('separate', args.separate_git_dir),
    path('archive', args.archive),
    sh`case $m_repo in /*) m_repo=file://$m_repo ;; esac
case $m_dest in ''|/*) ;; *) m_dest=$PWD/$m_dest ;; esac
case $m_archive in ''|/*) ;; *) m_archive=$PWD/$m_archive ;; esac
m_notes= m_before= m_after= m_url= m_subs= m_packed= m_mods= m_moved= m_want=
m_opts=${(args.ssh_opts ?? '') + hostKeys}`,
    args.accept_newhostkey &&
      sh`if ssh -o StrictHostKeyChecking=accept-new -V >/dev/null 2>&1; then m_opts="$m_opts -o StrictHostKeyChecking=accept-new"; else m_notes=hostkey; fi`,
    sh`${sshCommand} "$m_opts" ${args.key_file === undefined ? '' : expandedWord(args.key_file)}
m_dir=$m_dest
if [ -z "$m_bare" ]; then m_dir=$m_dest/.git; fi
if [ -f "$m_dir" ]; then
  read -r m_word m_dir <"$m_dir"
  case $m_dir in /*) ;; *) m_dir=$m_dest/$m_dir ;; esac
  [ "$m_word" = gitdir: ] && [ -d "$m_dir" ] ||
    ${fail} 'Current repo does not have a valid reference to a separate Git dir or it refers to the invalid path' 1 "$m_dir"
fi`,
  );
};

const variable = (name: string): Script => raw(`m_${name}`);

const readUmask = (text: string): string => {
  if (!/^[0-7]+$/.test(text)) throw new ModuleFailure('umask must be an octal integer');
  return text;
};

/** Looks at the local repository: $m_before, $m_mods and $m_url, the last when the remote is another one. */
const look = sh`cd "$m_dest" || ${fail} "cannot enter $m_dest" 1 ''
m_before=$("$m_git_bin" rev-parse HEAD 2>/dev/null)
if [ -z "$m_bare" ]; then m_mods=$("$m_git_bin" status --porcelain --untracked-files=no); fi
m_now=$("$m_git_bin" ls-remote --get-url "$m_remote" 2>/dev/null)
if [ -n "$m_now" ] && [ "$m_now" != "$m_repo" ]; then m_url=1; fi`;

const refuseChanges = sh`${fail} "Local modifications exist in the destination: $m_dest (force=no)." 1 "$m_before"`;

const checkScript = (args: Arguments): Script =>
  sh`if [ -z "$m_dest" ] || [ ! -e "$m_dir/config" ]; then
  ${remoteHead} "$m_repo" "$m_version"
  m_did=cloned
else
  ${look}
  ${
    args.update
      ? sh`if [ -n "$m_mods" ] && [ -z "$m_force" ]; then ${refuseChanges}; fi
  ${remoteHead} "$m_remote" "$m_version"
  m_did=updated`
      : sh`m_after=$m_before m_did=kept`
  }
fi`;

const workScript = (args: Arguments, format: string | undefined): Script =>
  lines(
    args.clone
      ? undefined
      : sh`if [ -z "$m_dest" ] || [ ! -e "$m_dir/config" ]; then
  ${remoteHead} "$m_repo" "$m_version"
  m_did=cloned
else`,
    args.separate_git_dir === undefined
      ? undefined
      : sh`if [ -e "$m_dir" ] && [ "$m_dir" != "$m_separate" ]; then
  if [ -e "$m_separate" ]; then ${fail} "Separate-git-dir path $m_separate already exists." 1 ''; fi
  mv "$m_dir" "$m_separate" && printf 'gitdir: %s' "$m_separate" >"$m_dest/.git" || ${fail} 'Unable to move git dir.' 1 ''
  m_moved=$m_dir m_dir=$m_separate
fi`,
    sh`if [ ! -e "$m_dir/config" ]; then
  ${clone}
  m_did=cloned
else
  ${look}
  m_did=${args.update ? 'updated' : 'kept'}`,
    args.update
      ? sh`  if [ -n "$m_mods" ]; then
    if [ -z "$m_force" ]; then ${refuseChanges}; fi
    ${step} '' reset --hard HEAD --
  fi
  if [ -n "$m_url" ]; then ${step} "Failed to set a new url $m_repo for $m_remote" remote set-url "$m_remote" "$m_repo"; fi
  if [ -z "$m_now" ]; then ${step} "Failed to set a new url $m_repo for $m_remote" remote add "$m_remote" "$m_repo"; fi
  ${fetch}`
      : undefined,
    sh`fi`,
    args.bare ? undefined : sh`if [ "$m_did" != kept ]; then ${switchVersion}; fi`,
    args.recursive && !args.bare && sh`if [ "$m_did" != kept ]; then ${submodules}; fi`,
    sh`m_after=$("$m_git_bin" rev-parse HEAD 2>/dev/null)`,
    format === undefined ? undefined : sh`${archive} ${format}`,
    args.clone ? undefined : sh`fi`,
  );

/** Prints what came of it. */
const reportScript = ({ wantsDiff }: ModuleContext): Script =>
  lines(
    sh`printf '\\0%s\\0' "$m_did" "$m_before" "$m_after" "$m_mods" "$m_url" "$m_subs" "$m_packed" "$m_notes" "$m_moved" "$m_separate"`,
    // In a check run what would be fetched is not there yet, unless it was fetched before.
    wantsDiff
      ? sh`if [ -n "$m_before" ] && [ "$m_before" != "$m_after" ]; then "$m_git_bin" diff "$m_before" "$m_after" 2>/dev/null || printf '>> The commit %s is not there yet\n' "$m_after"; fi`
      : undefined,
  );

const failure = (stdout: Buffer, args: Arguments): ModuleFailure => {
  const parts = withoutPasswords(stdout.toString()).split('\0').slice(-6);
  const [msg, rc, err, out, command] = parts as [string, string, string, string, string];
  if (msg.startsWith('Local modifications')) return new ModuleFailure(msg, { before: err, changed: false });
  const [program = '', ...words] = command.split('\x1f');
  return new ModuleFailure(msg.trimEnd(), {
    ...(command !== '' && { cmd: joinWords([program.trim(), ...words]) }),
    rc: Number(rc),
    ...outputValues(out, err),
    repo: withoutPasswords(args.repo),
  });
};

const readReport = (reader: ReplyReader, args: Arguments, context: ModuleContext): ResultObject => {
  const field = (): string => {
    reader.field();
    return reader.field();
  };
  const did = field();
  const before = field() || null;
  const after = field() || null;
  const hasMods = field() !== '';
  const isUrlChanged = field() !== '';
  const hasSubmodules = field() !== '';
  const isPacked = field() !== '';
  const notes = field();
  const moved = field();
  const separate = field();
  if (notes === 'depth') {
    context.warn(
      'Ignoring depth argument. Shallow clones are only available for HEAD, branches, tags or in combination with refspec.',
    );
  }
  if (notes === 'hostkey') {
    context.warn('Your ssh client does not support accept_newhostkey option, therefore it cannot be used.');
  }
  const isUpdated = did === 'updated';
  const changed =
    before !== after ||
    hasSubmodules ||
    moved !== '' ||
    (isUpdated && ((hasMods && !context.check) || isUrlChanged)) ||
    isPacked;
  return {
    changed,
    before,
    after,
    warnings: [],
    ...(isUpdated ? { remote_url_changed: isUrlChanged } : {}),
    ...(isUpdated && hasMods && !context.check
      ? { msg: `Local modifications exist in the destination: ${args.dest}` }
      : {}),
    ...(hasSubmodules ? { submodules_changed: true } : {}),
    ...(moved === '' ? {} : { git_dir_before: moved, git_dir_now: separate }),
    ...(context.wantsDiff && before !== after ? { diff: { prepared: difference(before, after, reader) } } : {}),
  };
};

const difference = (before: string | null, after: string | null, reader: ReplyReader): string => {
  if (before === null) return `>> Newly checked out ${after}`;
  const text = reader.rest().toString();
  return text === '' ? `>> No visual differences between ${before} and ${after}` : text;
};
