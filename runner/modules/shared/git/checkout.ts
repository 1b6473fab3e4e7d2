import { shellFunction } from '../../../connection/index.ts';
import { fail, headBranch, kindOf, runGit, step } from './steps.ts';

/** Ends the script unless $m_version has a good signature, by one of $m_keys where there are any. */
const verify = shellFunction(
  'm_git_verify',
  `
m_sub=verify-commit
if [ "$("$m_git_bin" cat-file -t "refs/tags/$m_version" 2>/dev/null)" = tag ]; then m_sub=verify-tag; fi
m_git "Failed to verify GPG signature of commit/tag \\"$m_version\\"" "$m_sub" \${m_keys:+--raw} "$m_version"
if [ -n "$m_keys" ]; then
  m_by=
  while read -r m_a m_b m_by m_rest; do [ "$m_b" != VALIDSIG ] || break; m_by=; done <<m_end
$m_err
$m_out
m_end
  case " $m_keys " in
    *" $m_by "*|*" \${m_rest##* } "*) ;;
    *) m_git_fail "The gpg_whitelist does not include the public key \\"$m_by\\" for this commit" 0 "$m_err" ;;
  esac
fi`,
  [step, fail],
);

/** Makes a new repository in $m_dest. */
export const clone = shellFunction(
  'm_git_clone',
  `
case $m_dest in */*) mkdir -p "\${m_dest%/*}/" 2>/dev/null ;; esac
set -- clone
if [ -n "$m_bare" ]; then set -- "$@" --bare; else set -- "$@" --origin "$m_remote"; fi
m_kind=
if [ "$m_version" != HEAD ] && [ -n "$m_depth$m_single" ]; then m_git_kind "$m_repo" "$m_version"; fi
m_branch=
if [ -n "$m_depth" ]; then
  if [ "$m_version" = HEAD ] || [ -n "$m_refspec" ]; then set -- "$@" --depth "$m_depth"
  elif [ -n "$m_kind" ]; then set -- "$@" --depth "$m_depth"; m_branch=1
  else m_notes=depth
  fi
fi
if [ -n "$m_reference" ]; then set -- "$@" --reference "$m_reference"; fi
if [ -n "$m_single" ]; then set -- "$@" --single-branch; [ -z "$m_kind" ] || m_branch=1; fi
if [ -n "$m_branch" ]; then set -- "$@" --branch "$m_version"; fi
if [ -n "$m_separate" ]; then set -- "$@" "--separate-git-dir=$m_separate"; fi
m_git '' "$@" "$m_repo" "$m_dest"
cd "$m_dest" || m_git_fail "cannot enter $m_dest" 1 ''
if [ -n "$m_bare" ] && [ "$m_remote" != origin ]; then m_git '' remote add "$m_remote" "$m_repo"; fi
if [ -n "$m_refspec" ]; then m_git '' fetch \${m_depth:+--depth "$m_depth"} "$m_remote" "$m_refspec"; fi
if [ -n "$m_bare" ] && [ -n "$m_verify" ]; then m_git_verify; fi`,
  [step, kindOf, fail, verify],
);

/** Brings the remote's objects and refs into the repository in the current directory. */
export const fetch = shellFunction(
  'm_git_fetch',
  `
set --
if [ -n "$m_depth" ]; then
  m_kind=
  if [ "$m_version" != HEAD ] && [ -z "$m_refspec" ]; then m_git_kind "$m_repo" "$m_version"; fi
  if [ -n "$m_refspec" ]; then set -- "$m_refspec"
  elif [ "$m_version" = HEAD ]; then set -- "$(m_git_branch)"
  elif [ "$m_kind" = branch ]; then
    set -- "+refs/heads/$m_version:refs/remotes/$m_remote/$m_version"
    if [ "$(m_git_branch)" != "$m_version" ]; then set -- "+refs/heads/$m_version:refs/heads/$m_version" "$@"; fi
  elif [ "$m_kind" = tag ]; then set -- "+refs/tags/$m_version:refs/tags/$m_version"
  fi
fi
m_label='Failed to download remote objects and refs'
if [ $# -gt 0 ]; then set -- --depth "$m_depth" \${m_force:+--force} "$m_remote" "$@"
elif [ -n "$m_bare" ]; then
  set -- \${m_force:+--force} "$m_remote" '+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*' \${m_refspec:+"$m_refspec"}
else set -- --tags \${m_force:+--force} "$m_remote" \${m_refspec:+"$m_refspec"}
fi
m_git_run fetch "$@" || m_git_fail "$m_label: $m_out $m_err" "$m_rc" "$m_err" "$m_out" fetch "$@"`,
  [headBranch, kindOf, runGit, fail],
);

/** Checks out what $m_version is. */
export const switchVersion = shellFunction(
  'm_git_switch',
  `
if [ "$m_version" = HEAD ]; then
  m_name=$(m_git_branch)
  m_git "Failed to checkout branch $m_name" checkout --force "$m_name" --
  m_git "Failed to checkout branch $m_name" reset --hard "$m_remote/$m_name" --
else
  m_local=
  "$m_git_bin" show-ref -q --verify "refs/heads/$m_version" && m_local=1
  if [ -n "$m_depth" ] && [ -z "$m_local" ] && ! "$m_git_bin" show-ref -q --verify "refs/remotes/$m_remote/$m_version"; then
    m_git_kind "$m_remote" "$m_version"
    if [ "$m_kind" = branch ]; then
      m_git "Failed to fetch branch from remote: $m_version" fetch "--depth=$m_depth" "$m_remote" \\
        "+refs/heads/$m_version:refs/heads/$m_version" "+refs/heads/$m_version:refs/remotes/$m_remote/$m_version"
      m_local=1
    fi
  fi
  if ! "$m_git_bin" show-ref -q --verify "refs/remotes/$m_remote/$m_version"; then
    m_git "Failed to checkout $m_version" checkout --force "$m_version"
  elif [ -n "$m_local" ]; then
    m_git "Failed to checkout branch $m_version" checkout --force "$m_version" --
    m_git "Failed to checkout $m_version" reset --hard "$m_remote/$m_version" --
  else
    m_git "Failed to checkout $m_version" checkout --track -b "$m_version" "$m_remote/$m_version"
  fi
fi
if [ -n "$m_verify" ]; then m_git_verify; fi`,
  [headBranch, kindOf, step, verify],
);

/** Sets $m_subs when submodules have to be brought up to date, and does so. */
export const submodules = shellFunction(
  'm_git_submodules',
  `
m_subs=
[ -e .gitmodules ] || return 0
while read -r m_key m_eq m_path; do
  if [ "$m_key" = path ] && [ ! -e "$m_path/.git" ]; then m_subs=1; fi
done <.gitmodules
if [ -z "$m_subs" ]; then
  m_old=$("$m_git_bin" submodule --quiet foreach "$m_git_bin rev-parse HEAD" 2>/dev/null)
  m_git 'Failed to fetch submodules' submodule foreach "$m_git_bin" fetch
  if [ -n "$m_track" ]; then
    m_new=$("$m_git_bin" submodule --quiet foreach "$m_git_bin rev-parse $m_remote/HEAD || $m_git_bin rev-parse $m_remote/master" 2>/dev/null)
    [ "$m_old" = "$m_new" ] || m_subs=1
  else
    m_git 'Failed to retrieve submodule status' submodule status
    case "
$m_out" in *"
"[!" "]*) m_subs=1 ;; esac
  fi
fi
[ -n "$m_subs" ] || return 0
m_git '' submodule sync
m_git 'Failed to init/update submodules' submodule update --init --recursive \${m_track:+--remote} \${m_force:+--force}`,
  [step],
);
