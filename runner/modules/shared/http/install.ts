import { lines, sh, type Target } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext, ResultObject } from '../../define.ts';
import { parseSum, sum } from '../files/checksum.ts';
import type { FileArguments } from '../files/common-arguments.ts';
import { type FileStat, parseStat, stat } from '../files/file-stat.ts';
import { pathInfo } from '../files/path-info.ts';
import { die, runScript, StepFailure } from '../files/reply.ts';

/** A downloaded file that is to take its place. */
export interface Installation {
  /** Where it was downloaded to; it is gone afterwards. */
  readonly from: string;
  readonly to: string;
  readonly unpack: boolean;
  readonly backup: boolean;
  /** The checksum that it must have. */
  readonly expected?: { readonly algorithm: string; readonly checksum: string } | undefined;
  /** Whether the content is wanted back as well. */
  readonly wantsContent?: boolean;
}

export interface Installed {
  readonly changed: boolean;
  /** SHA-1 of the download, and of what was there before. */
  readonly source: string;
  readonly previous: string | undefined;
  readonly md5: string | undefined;
  readonly backupFile: string | undefined;
  readonly stat: FileStat;
  readonly content: Buffer | undefined;
}

/** A download does not have the checksum that was asked for. */
export class WrongChecksum extends Error {
  readonly actual: string;
  constructor(actual: string) {
    super('wrong checksum');
    this.actual = actual;
  }
}

/** Puts a downloaded file in place in one step, when it differs from what is there. One round trip. */
export const installDownload = async (file: Installation, target: Target): Promise<Installed> => {
  const { from, to, expected } = file;
  try {
    const reader = await runScript(
      target,
      lines(
        sh`m_t=${from} m_p=${to} m_was= m_b=
trap 'rm -f "$m_t"' EXIT`,
        file.unpack && sh`gzip -dc <"$m_t" >"$m_t.out" && mv -f "$m_t.out" "$m_t" || ${die} unpack`,
        expected &&
          sh`m_s=$(${sum} ${expected.algorithm} "$m_t"); m_s=\${m_s%% *}
case $m_s in ${expected.checksum}) ;; *) printf '%s\\0' "$m_s"; ${die} checksum ;; esac`,
        sh`m_s=$(${sum} sha1 "$m_t")
printf '%s\\0' "$m_s"
if [ -e "$m_p" ]; then m_was=$(${sum} sha1 "$m_p"); fi
printf '%s\\0' "$m_was"
if [ "$m_s" != "$m_was" ]; then
  case $m_p in */*) m_d=\${m_p%/*}/ ;; *) m_d=./ ;; esac
  [ -d "$m_d" ] || ${die} folder
  m_n=\${m_d}.muster-$$.tmp`,
        file.backup &&
          sh`  if [ -e "$m_p" ]; then m_b=$m_p.$$.$(date '+%Y-%m-%d@%H:%M:%S')~; cp -p "$m_p" "$m_b" || ${die} backup; fi`,
        sh`  mv -f "$m_t" "$m_n" || ${die} write
  if [ -e "$m_p" ]; then
    chmod "$(stat -L -c %a "$m_p")" "$m_n" && chown "$(stat -L -c %u:%g "$m_p")" "$m_n" 2>/dev/null
  else
    chmod "$(printf %o $((0666 & ~$(umask))))" "$m_n"
  fi
  mv -f "$m_n" "$m_p" || { rm -f "$m_n"; ${die} write; }
fi
printf '%s\\0' "$m_b" "$(${sum} md5 "$m_p" 2>/dev/null)" "$(${stat} -L "$m_p")"`,
        file.wantsContent && sh`cat "$m_p"`,
      ),
    );
    const source = parseSum(reader.field());
    const previous = parseSum(reader.field()) || undefined;
    const backupFile = reader.field() || undefined;
    const md5 = parseSum(reader.field());
    return {
      changed: source !== previous,
      source,
      previous,
      backupFile,
      md5: /^[0-9a-f]{32}$/.test(md5) ? md5 : undefined,
      stat: parseStat(reader.field()),
      content: file.wantsContent ? reader.rest() : undefined,
    };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    if (error.step === 'checksum') throw new WrongChecksum(error.reply.stdout.toString().split('\0')[0]!);
    throw new ModuleFailure(wordFailure(error, from, to));
  }
};

const wordFailure = ({ step, said }: StepFailure, from: string, to: string): string => {
  const folder = to.slice(0, to.lastIndexOf('/')) || '/';
  switch (step) {
    case 'folder':
      return `Destination ${folder} does not exist`;
    case 'unpack':
      return `failed to unpack the reply: ${said}`;
    case 'backup':
      return `Could not make backup of ${to}: ${said}`;
    default:
      return `failed to copy ${from} to ${to}: ${said}`;
  }
};

const attributeNames = ['mode', 'owner', 'group', 'attributes', 'seuser', 'serole', 'setype', 'selevel'] as const;

/** Sets owner, mode and so on where a task asks for it; gives what results tell about the file, `changed` included. */
export const settleAttributes = async (
  path: string,
  args: FileArguments,
  before: { changed: boolean; stat: FileStat | undefined },
  context: ModuleContext,
): Promise<ResultObject> => {
  const given = Object.fromEntries(
    attributeNames.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])),
  ) as ResultObject;
  if (Object.keys(given).length === 0) return { changed: before.changed, ...pathInfo(before.stat) };
  const {
    path: _path,
    diff: _diff,
    ...rest
  } = await context.run('ansible.builtin.file', { path, state: 'file', ...given });
  return { ...rest, changed: before.changed || rest.changed === true };
};
