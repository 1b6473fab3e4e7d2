import { shellFunction } from '../../../connection/index.ts';

/** Ends the script with a code that says so, the message, what git said, and its exit code. */
export const failCode = 90;

/** `m_git_fail MESSAGE RC STDERR [STDOUT ARGUMENT...]`: with the arguments of git that failed, one after the other. */
export const fail = shellFunction(
  'm_git_fail',
  `
printf '\\0%s\\0%s\\0%s\\0%s\\0' "$1" "$2" "$3" "\${4-}"
if [ $# -gt 4 ]; then
  shift 4
  command -v "$m_git_bin"
  printf '\\037%s' "$@"
fi
printf '\\0'
exit ${failCode}`,
);

/**
 * `m_git_run ARGUMENT...`: runs git, and gives its exit code. $m_out holds what it printed, $m_err what it said on the error
 * stream.
 */
export const runGit = shellFunction(
  'm_git_run',
  `
m_mark=$(printf '\\036')
m_err=$( { m_out=$("$m_git_bin" "$@"); printf '\\036%s\\036%s' "$?" "$m_out"; } 2>&1)
m_out=\${m_err#*"$m_mark"}
m_err=\${m_err%%"$m_mark"*}
m_rc=\${m_out%%"$m_mark"*}
m_out=\${m_out#*"$m_mark"}
return "$m_rc"`,
);

/**
 * `m_git MESSAGE ARGUMENT...`: runs git, or ends the script with the message and what git said. $m_out holds what it
 * printed. An empty message stands for git's own words.
 */
export const step = shellFunction(
  'm_git',
  `
m_label=$1
shift
m_git_run "$@" && return 0
m_git_fail "\${m_label:-$m_err}" "$m_rc" "$m_err" "$m_out" "$@"`,
  [runGit, fail],
);

/** The branch that HEAD is on, or the one that the remote's HEAD stands for when it is on none; '' when nobody knows. */
export const headBranch = shellFunction(
  'm_git_branch',
  `
"$m_git_bin" symbolic-ref -q --short HEAD && return
m_ref=$("$m_git_bin" symbolic-ref -q "refs/remotes/$m_remote/HEAD") && echo "\${m_ref#"refs/remotes/$m_remote/"}"`,
);

/** Sets $m_kind to what version $2 is at the remote $1: branch, tag or nothing. Asks the remote. */
export const kindOf = shellFunction(
  'm_git_kind',
  `
m_git '' ls-remote "$1" "refs/heads/$2" "refs/tags/$2"
case $m_out in
  *"refs/heads/$2"*) m_kind=branch ;;
  *"refs/tags/$2"*) m_kind=tag ;;
  *) m_kind= ;;
esac`,
  [step],
);

/** Sets $m_after to the commit that version $2 is at the remote $1; the version itself when the remote has no such name. */
export const remoteHead = shellFunction(
  'm_git_remote_head',
  `
if [ "$2" = HEAD ]; then
  if [ "$1" = "$m_repo" ]; then m_want=HEAD; else m_want=refs/heads/$(m_git_branch); fi
  m_git '' ls-remote "$1" "$m_want"
else
  m_git '' ls-remote "$1" "refs/heads/$2" "refs/tags/$2" "refs/tags/$2^{}"
fi
m_found=
while read -r m_rev m_ref; do
  case $m_ref in
    "refs/heads/$2"|HEAD|"$m_want") m_found=$m_rev; break ;;
    refs/tags/*"^{}") m_found=$m_rev; break ;;
    refs/tags/*) m_found=$m_rev ;;
  esac
done <<m_end
$m_out
m_end
if [ -n "$m_found" ]; then m_after=$m_found
elif [ "$2" = HEAD ]; then m_git_fail "Could not determine remote revision for HEAD" 0 "$m_out"
else m_after=$2
fi`,
  [step, headBranch],
);

/** How ssh is to be called by git: $1 the task's options, $2 its key file. */
export const sshCommand = shellFunction(
  'm_git_ssh',
  `
m_opts="\${GIT_SSH_OPTS-} $1"
case $m_opts in *BatchMode=yes*) ;; *) m_opts="$m_opts -o BatchMode=yes" ;; esac
if [ -n "$2" ]; then m_opts="$m_opts -i '$2' -o IdentitiesOnly=yes"; fi
GIT_SSH_COMMAND="\${GIT_SSH:-\${GIT_SSH_COMMAND:-ssh}} $m_opts"
export GIT_SSH_COMMAND`,
);
