import { type Script, sh, shellFunction, type Target } from '../../../connection/index.ts';
import { impossibleCode } from './poll.ts';

/**
 * Whether something listens on port $1 (as /proc writes it, in capitals) on this machine's own addresses. Needs no
 * process, and disturbs nobody who listens.
 */
const listens = shellFunction(
  'm_listens',
  `
for m_f in /proc/net/tcp /proc/net/tcp6; do
  [ -r "$m_f" ] || continue
  while read -r m_i m_local m_remote m_state m_rest; do
    case $m_state$m_local in
      0A0100007F:"$1"|0A00000000:"$1"|0A00000000000000000000000000000000:"$1"|0A00000000000000000000000001000000:"$1"|0A0000000000000000FFFF00000100007F:"$1") return 0 ;;
    esac
  done <"$m_f"
done
return 1`,
);

/** Sets $m_by to a tool that can open a connection; '' when there is none. */
const connectTool = shellFunction(
  'm_connect_tool',
  `
m_by=
for m_t in bash python3 perl; do
  if command -v "$m_t" >/dev/null; then m_by=$m_t; return; fi
done
if command -v nc >/dev/null; then case $(nc -h 2>&1) in *-z*) m_by=nc ;; esac; fi`,
);

const perlCode =
  'use IO::Socket::INET; alarm $ARGV[2]; exit !IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => $ARGV[2])';
const pythonCode =
  'import socket, sys\ntry:\n socket.create_connection((sys.argv[1], int(sys.argv[2])), int(sys.argv[3])).close()\nexcept Exception: sys.exit(1)';

/** Whether a connection to host $1 and port $2 can be opened within $3 seconds. */
const connects = shellFunction(
  'm_connects',
  `
case $m_by in
  bash) timeout "$3" bash -c ': <"/dev/tcp/$0/$1"' "$1" "$2" ;;
  nc) nc -z -w "$3" "$1" "$2" ;;
  python3) python3 -c '${pythonCode}' "$1" "$2" "$3" ;;
  perl) perl -e '${perlCode}' "$1" "$2" "$3" ;;
  *) return 1 ;;
esac >/dev/null 2>&1 </dev/null`,
);

export interface PortCheck {
  readonly setup: Script;
  readonly check: Script;
}

/** How the target finds out by itself whether a port is open; its own addresses are looked up before anything is tried. */
export const portCheck = (host: string, port: number, timeout: number, isToOpen: boolean): PortCheck => {
  const isOwn = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const look = isOwn ? sh`${listens} ${hexPort} || ` : sh``;
  const test = sh`{ ${look}${connects} ${host} ${port} ${timeout}; }`;
  return {
    // Without a tool only the machine's own ports can be judged, by who listens.
    setup: sh`${connectTool}
if [ -z "$m_by" ] && { ${isOwn ? sh`[ ! -r /proc/net/tcp ]` : sh`:`}; }; then exit ${impossibleCode}; fi`,
    check: isToOpen ? test : sh`! ${test}`,
  };
};

/** Opens a connection through the target's sshd, and closes it again. */
export const connectsByForward = async (
  host: string,
  port: number,
  timeout: number,
  target: Target,
): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeout * 1000);
  });
  try {
    const opening = target.forward({ host, port });
    opening.then(
      (stream) => stream.destroy(),
      () => {},
    );
    return (await Promise.race([opening, late])) !== undefined;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
};
