import { lines, raw, type Script, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineAction, type ResultObject } from './define.ts';
import { parseSum, sum } from './shared/files/checksum.ts';
import { flagNames } from './shared/files/file-flags.ts';
import { probeFile, readFileState } from './shared/files/file-state.ts';
import { pathWord } from './shared/files/paths.ts';
import { type ReplyReader, runScript } from './shared/files/reply.ts';
import { statResult } from './shared/files/stat-result.ts';

const args = {
  path: { type: 'path', required: true, aliases: ['dest', 'name'], doc: 'The file.' },
  follow: { type: 'bool', default: false, doc: 'Tell about what a link leads to.' },
  get_md5: { type: 'bool', default: false, doc: 'Whether to work out the MD5 checksum, for old playbooks.' },
  get_checksum: { type: 'bool', default: true, doc: 'Whether to work out a checksum.' },
  get_mime: {
    type: 'bool',
    default: true,
    aliases: ['mime', 'mime_type', 'mime-type'],
    doc: 'Whether to ask the file command for the type of the content.',
  },
  get_attributes: {
    type: 'bool',
    default: true,
    aliases: ['attr', 'attributes'],
    doc: 'Whether to ask lsattr for the attributes.',
  },
  checksum_algorithm: {
    type: 'str',
    default: 'sha1',
    choices: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
    aliases: ['checksum', 'checksum_algo'],
    doc: 'Which checksum.',
  },
} as const;

type Args = ArgumentsOf<typeof args>;

export default defineAction({
  name: 'ansible.builtin.stat',
  summary: 'Tells what a file is: type, mode, owner, times, checksum and more.',
  args,
  returns: { stat: 'Everything about the file; only `exists` when there is none.' },
  looksFirst: true,
  supports: { check: 'full', diff: false },
  async run(given, { target }) {
    const reader = await runScript(target, probeScript(given));
    const complaint = reader.field().trim();
    const file = readFileState(reader, reader.field());
    const stat = given.follow ? file.stat : file.own;
    if (!stat) {
      if (complaint !== '' && !complaint.includes('No such file')) {
        throw new ModuleFailure(complaint.slice(complaint.lastIndexOf(': ') + 2));
      }
      return { changed: false, stat: { exists: false } };
    }
    const isLink = stat.type === 'link';
    const result: ResultObject = {
      exists: true,
      path: file.path,
      ...statResult(stat),
      blocks: stat.blocks,
      block_size: stat.blockSize,
      device_type: stat.deviceType,
      readable: file.isReadable,
      writeable: file.isWritable,
      executable: file.isExecutable,
      lnk_source: isLink ? file.real : undefined,
      lnk_target: isLink ? file.target : undefined,
      pw_name: stat.owner,
      gr_name: stat.group,
      checksum: isLink || !given.get_checksum ? undefined : file.checksum,
    };
    readExtras(reader, given, result);
    return { changed: false, stat: result };
  },
});

const probeScript = (given: Args): Script => {
  const follow = raw(given.follow ? ':' : '[ ! -L "$m_p" ]');
  const state = { checksum: given.get_checksum ? given.checksum_algorithm : undefined };
  return lines(
    sh`m_seen=; m_p=${pathWord(given.path)}`,
    raw(`[ -e "$m_p" ] || LC_ALL=C stat -- "$m_p" 2>&1 >/dev/null
printf '\\0%s\\0' "$m_p"`),
    // What a link leads to may be large, and its checksum is not asked for unless it is followed.
    sh`if ${follow}; then
${probeFile('m_p', state)}
else
${probeFile('m_p')}
fi`,
    given.get_md5 ? sh`if [ -f "$m_p" ] && [ -r "$m_p" ] && ${follow}; then ${sum} md5 "$m_p"; fi` : undefined,
    raw("printf '\\0'"),
    given.get_mime ? raw(`command -v file >/dev/null && file --mime-type --mime-encoding -- "$m_p"`) : undefined,
    raw("printf '\\0'"),
    given.get_attributes ? raw(`command -v lsattr >/dev/null && lsattr -vd -- "$m_p" 2>/dev/null`) : undefined,
    raw("printf '\\0'"),
  );
};

const readExtras = (reader: ReplyReader, given: Args, result: ResultObject): void => {
  const md5 = parseSum(reader.field());
  if (md5 !== '') result.md5 = md5;
  const mime = /: *([^:;]+); *charset=(\S+)\s*$/.exec(reader.field());
  if (given.get_mime) {
    result.mimetype = mime?.[1]?.trim() ?? 'unknown';
    result.charset = mime?.[2] ?? 'unknown';
  }
  const [version, shown] = reader.field().trim().split(/\s+/);
  if (given.get_attributes) {
    const flags = (shown ?? '').replaceAll('-', '');
    result.version = shown === undefined ? null : version;
    result.attr_flags = flags;
    result.attributes = flagNames(flags);
  }
};
