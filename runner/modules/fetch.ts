import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, normalize, resolve } from 'node:path';
import { lines, raw, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { toText } from '../values/index.ts';
import { type Controller, defineAction, type ResultObject } from './define.ts';
import { checksumOf } from './shared/files/checksum.ts';
import { probeContent, readSmallContent } from './shared/files/content.ts';
import { probeFile, readFileState } from './shared/files/file-state.ts';
import { missingReason } from './shared/files/missing-reason.ts';
import { nameOf, pathWord } from './shared/files/paths.ts';
import { runScript } from './shared/files/reply.ts';

/** Content up to this size comes with the first answer, whether or not it is needed. */
const smallSize = 32 * 1024;

const missing = 'src and dest are required';

export default defineAction({
  name: 'ansible.builtin.fetch',
  summary: 'Copies a file of the target to the controller.',
  args: {
    src: { type: 'raw', required: true, whenMissing: missing, doc: 'The file on the target.' },
    dest: {
      type: 'str',
      required: true,
      whenMissing: missing,
      doc: 'The folder on the controller; below it there is one for each host.',
    },
    fail_on_missing: { type: 'bool', default: true, doc: 'Fail when the file cannot be read.' },
    validate_checksum: { type: 'bool', default: true, doc: 'Check that what arrived is what was there.' },
    flat: { type: 'bool', default: false, doc: 'dest is the file itself, or its folder when it ends with a slash.' },
  },
  returns: {
    dest: 'The file on the controller.',
    file: 'The file on the target, when nothing was copied.',
    checksum: 'SHA1 checksum of the copy.',
    remote_checksum: 'SHA1 checksum of the original.',
    md5sum: 'MD5 checksum of the copy.',
    remote_md5sum: 'Always null.',
  },
  supports: { check: 'full', diff: false, async: false },
  async run(args, { target, controller, check }): Promise<ResultObject> {
    const { src, dest: folder } = args;
    for (const [name, value] of [
      ['source', src],
      ['dest', folder],
    ] as const) {
      if (typeof value !== 'string')
        throw new ModuleFailure(`Invalid type supplied for ${name} option, it must be a string`);
    }
    if (check) return { changed: false, skipped: true, msg: 'check mode not (yet) supported for this module' };
    const script = lines(
      sh`m_seen=; m_p=${pathWord(toText(src))}`,
      raw(`printf '%s\\0' "$m_p"`),
      probeFile('m_p', { checksum: 'sha1' }),
      probeContent('m_p', smallSize),
    );
    const reader = await runScript(target, script);
    const source = reader.field();
    const file = readFileState(reader, source);
    const reason = file.stat ? '' : await missingReason(target, source);
    const problem = reason.startsWith('file is not readable')
      ? reason
      : problemOf(file.stat?.type, file.isReadable, source);
    if (problem !== undefined) {
      if (args.fail_on_missing) throw new ModuleFailure(problem, { file: source });
      const isFolder = file.stat?.type === 'directory';
      return isFolder
        ? { changed: false, msg: `${problem}, not transferring, ignored` }
        : { changed: false, file: source, msg: problem };
    }
    const dest = await destination(toText(folder), args.flat, source, target.host, controller);
    const remote = file.checksum;
    const local = await hashFile(dest, 'sha1');
    if (remote !== undefined && remote === local) {
      return { changed: false, md5sum: await hashFile(dest, 'md5'), file: source, dest, checksum: local };
    }
    const content = readSmallContent(reader);
    await save(dest, async (path) => {
      if (content) await writeFile(path, content);
      else await target.get(source, createWriteStream(path));
    });
    const checksum = content ? checksumOf(content) : await hashFile(dest, 'sha1');
    const result = {
      md5sum: await hashFile(dest, 'md5'),
      dest,
      remote_md5sum: null,
      checksum,
      remote_checksum: remote,
    };
    const isKnown = remote !== undefined && !remote.startsWith('cksum:');
    if (args.validate_checksum && isKnown && checksum !== remote) {
      throw new ModuleFailure('checksum mismatch', { ...result, file: source });
    }
    return { changed: true, ...result };
  },
});

const problemOf = (type: string | undefined, isReadable: boolean, source: string): string | undefined => {
  if (type === undefined) return 'the remote file does not exist, not transferring, ignored';
  if (type === 'directory') return 'remote file is a directory, fetch cannot work on directories';
  return isReadable ? undefined : `file is not readable: ${source}`;
};

/** Where the copy goes. */
const destination = async (
  dest: string,
  flat: boolean,
  source: string,
  host: string,
  controller: Controller,
): Promise<string> => {
  const base = toText(controller.variable('playbook_dir') ?? process.cwd());
  const path = resolve(base, dest.replace(/^~(?=\/|$)/, homedir()));
  if (!flat) {
    // The path comes from the host, which must not choose a place outside of its own folder.
    const inside = normalize(join(path, host, source));
    if (inside.startsWith(join(path, host, '/'))) return inside;
    throw new ModuleFailure(`Detected directory traversal, expected to be contained in '${path}' but got '${inside}'`);
  }
  if (dest.endsWith('/')) return join(path, nameOf(source));
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) {
    throw new ModuleFailure(
      'dest is an existing directory, use a trailing slash if you want to fetch src into that directory',
    );
  }
  return path;
};

/** Writes beside the file first, so that nobody ever sees half of it. */
const save = async (dest: string, write: (path: string) => Promise<void>): Promise<void> => {
  await mkdir(dirname(dest), { recursive: true });
  const temporary = join(dirname(dest), `.${nameOf(dest).slice(-160)}.${process.pid}.${Date.now()}`);
  try {
    await write(temporary);
    await rename(temporary, dest);
  } catch (error) {
    await rm(temporary, { force: true });
    throw isSystemError(error) ? new ModuleFailure(`Failed to fetch the file: ${error.message}`) : error;
  }
};

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error;

const hashFile = async (path: string, algorithm: string): Promise<string | null> => {
  try {
    const info = await stat(path);
    if (!info.isFile()) return null;
    if (info.size < 1024 * 1024) return checksumOf(await readFile(path), algorithm);
    const hash = createHash(algorithm);
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  }
};
