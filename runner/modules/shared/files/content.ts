import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { raw, type Script, sh, shellFunction, type Target } from '../../../connection/index.ts';
import type { Diff } from '../../define.ts';
import type { ReplyReader } from './reply.ts';

/** Content up to this size comes with the reply of the probe; larger files are streamed. */
const replyLimit = 4 * 1024 * 1024;

/** Ansible's max_file_size_for_diff. */
export const diffLimit = 104448;

// What m_file left in m_flags and m_size is about the file that is printed here.
const content = shellFunction(
  'm_content',
  `case $m_flags in
  *r*f*)
    if [ "$m_size" -le "$2" ]; then printf 'here\\0'; cat -- "$1"; else printf 'large\\0'; fi;;
  *) printf 'none\\0';;
esac`,
);

/** Shell that prints a file's content, as the last thing of a reply, right after `probeFile` of the same variable. */
export const probeContent = (variable: `m_${string}`, limit = replyLimit): Script =>
  sh`${content} ${raw(`"$${variable}"`)} ${limit}`;

/** Reads what `probeContent` printed, fetching what was too large; undefined when it is no readable file. */
export const readContent = async (reader: ReplyReader, target: Target, path: string): Promise<Buffer | undefined> => {
  const kind = reader.field();
  if (kind === 'none') return undefined;
  return kind === 'here' ? reader.rest() : fetchContent(target, path);
};

/** Reads what `probeContent` printed; undefined when there is no such file or it is larger than the limit. */
export const readSmallContent = (reader: ReplyReader): Buffer | undefined =>
  reader.field() === 'here' ? reader.rest() : undefined;

/** A file's content, by a stream of its own. */
const fetchContent = async (target: Target, path: string): Promise<Buffer> => {
  const sink = new PassThrough();
  const [bytes] = await Promise.all([buffer(sink), target.get(path, sink)]);
  return bytes;
};

/** One side of a diff of contents; no content when it could not be had or is too much. */
export interface DiffSide {
  readonly content: Buffer | undefined;
  readonly size: number;
  readonly header: string | undefined;
}

/** A diff of contents; what is binary or too large is only named. */
export const contentDiff = (before: DiffSide, after: DiffSide): Diff => {
  const isBeforeBinary = before.content !== undefined && isBinary(before.content);
  const isAfterBinary = after.content?.includes(0) === true;
  return {
    before: isBeforeBinary || before.size > diffLimit ? '' : (before.content?.toString() ?? ''),
    after: isAfterBinary || after.size > diffLimit ? '' : (after.content?.toString() ?? ''),
    ...(before.header === undefined ? {} : { beforeHeader: before.header }),
    ...(after.header === undefined ? {} : { afterHeader: after.header }),
    notes: {
      dst_binary: isBeforeBinary ? 1 : undefined,
      dst_larger: before.size > diffLimit ? diffLimit : undefined,
      src_binary: isAfterBinary ? 1 : undefined,
      src_larger: after.size > diffLimit ? diffLimit : undefined,
    },
  };
};

/** Whether the beginning of a file looks binary. */
const isBinary = (content: Buffer): boolean => content.subarray(0, 8192).includes(0);
