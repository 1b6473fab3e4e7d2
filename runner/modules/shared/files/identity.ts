import { raw, type Script, sh, shellFunction } from '../../../connection/index.ts';
import type { ReplyReader } from './reply.ts';

/** The numbers that an `owner` and a `group` argument mean on the target. */
export interface Identity {
  /** Undefined where the argument was not given, or is the name of the file's owner anyway. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** Given, and not known there. */
  readonly isUserMissing: boolean;
  readonly isGroupMissing: boolean;
}

// Names that a stat line showed already need no look-up, which would cost a process.
const identity = shellFunction(
  'm_ids',
  `case $m_seen in
  *"/u=$1/"*) printf 'same';;
  *) case $1 in ''|*[!0-9]*) [ -z "$1" ] || id -u -- "$1" 2>/dev/null;; *) printf %s "$1";; esac;;
esac
printf '\\0'
case $m_seen in
  *"/g=$2/"*) printf 'same';;
  *) case $2 in
    '') ;;
    *[!0-9]*)
      if command -v getent >/dev/null; then getent group -- "$2"
      else
        while IFS= read -r m_l; do
          case $m_l in "$2:"*) printf %s "$m_l"; break;; esac
        done </etc/group
      fi;;
    *) printf 'x:x:%s' "$2";;
  esac;;
esac
printf '\\0'`,
);

/** Shell that prints what an owner and a group mean, to stand after the `probeFile`s whose files they are for. */
export const probeIdentity = (args: { owner?: string | undefined; group?: string | undefined }): Script =>
  sh`${identity} ${args.owner ?? ''} ${args.group ?? ''}`;

/** Reads what `probeIdentity` printed. */
export const readIdentity = (
  reader: ReplyReader,
  args: { owner?: string | undefined; group?: string | undefined },
): Identity => {
  const user = reader.field().trim();
  const group = reader.field().trim();
  return {
    uid: /^\d+$/.test(user) ? Number(user) : undefined,
    gid: /^[^:]*:[^:]*:\d+/.test(group) ? Number(group.split(':')[2]) : undefined,
    isUserMissing: Boolean(args.owner) && user === '',
    isGroupMissing: Boolean(args.group) && group === '',
  };
};

/** Shell that prints the umask. */
export const probeUmask: Script = raw("umask; printf '\\0'");

/** The target's umask, as the probe of it prints it. */
export const readUmask = (reader: ReplyReader): number => Number.parseInt(reader.field().trim(), 8);
