import { type Script, sh } from '../../../connection/index.ts';
import type { UserArguments } from './user-state.ts';

/**
 * Makes a key at $m_key for the user whose entry is in $m_entry. A passphrase goes by standard input, since arguments of
 * commands can be seen by everybody on the host; without a terminal ssh-keygen reads it from there.
 */
export const sshKeyScript = (args: UserArguments): Script => {
  const bits = args.ssh_key_bits > 0 ? sh`-b ${args.ssh_key_bits} ` : sh``;
  const comment =
    args.ssh_key_comment === undefined ? sh`"ansible-generated on $(uname -n)"` : sh`${args.ssh_key_comment}`;
  const keygen = sh`ssh-keygen -t ${args.ssh_key_type} ${bits}-C ${comment} -f "$m_key"`;
  const secret = args.ssh_key_passphrase;
  const run =
    secret === undefined
      ? sh`${keygen} -N '' >/dev/null`
      : sh`unset DISPLAY SSH_ASKPASS SSH_ASKPASS_REQUIRE; printf '%s\n%s\n' ${secret} ${secret} | setsid ${keygen} >/dev/null`;
  return sh`m_ids=\${m_entry#*:*:}; m_uid=\${m_ids%%:*}; m_ids=\${m_ids#*:}; m_owner=$m_uid:\${m_ids%%:*}
case $m_key in "$m_home"/*) [ -d "$m_home" ] || { echo ${`User ${args.name} home directory does not exist`} >&2; exit 1; };; esac
m_folder=\${m_key%/*}
[ -d "$m_folder" ] || { mkdir -m 0700 "$m_folder" && chown "$m_owner" "$m_folder"; } || exit
rm -f "$m_key" "$m_key.pub"
${run} || exit
chown "$m_owner" "$m_key" "$m_key.pub"`;
};
