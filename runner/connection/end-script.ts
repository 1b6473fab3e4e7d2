import { type LaunchSettings, launch, shellCommand } from './launch.ts';
import type { Transport } from './transport.ts';

/**
 * Sends a signal to everything that a shell has started. Children are found by their parents' ids, in /proc where there
 * is one, so that it works without process groups.
 */
const signalDescendants = (shell: number, signal: 'TERM' | 'KILL'): string => `
list() {
  if [ -r /proc/self/stat ]; then
    for file in /proc/[0-9]*/stat; do
      read -r line <"$file" || continue
      id=\${line%% *}
      set -- \${line##*) }
      echo "$id $2"
    done
  else
    ps -A -o pid= -o ppid=
  fi
}
all=$(list 2>/dev/null)
found=" ${shell} " grew=1
while [ "$grew" = 1 ]; do
  grew=0
  set -- $all
  while [ $# -gt 1 ]; do
    case $found in
    *" $1 "*) ;;
    *" $2 "*) found="$found$1 " grew=1 ;;
    esac
    shift 2
  done
done
kill -${signal} \${found# ${shell} }
`;

/** Ends what runs in a session's shell, over a channel of its own and as the session's user. */
export const endScript = async (
  transport: Transport,
  settings: LaunchSettings,
  shell: number,
  signal: 'TERM' | 'KILL',
): Promise<void> => {
  const { channel, started } = await launch(transport, shellCommand(settings), settings, { urgent: true });
  channel.stdin.end(`${signalDescendants(shell, signal)}exit\n`);
  await started;
  channel.stdout.resume();
  channel.stderr.resume();
  await channel.ended;
};
