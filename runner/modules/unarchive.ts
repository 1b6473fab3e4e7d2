import { lines, raw, sh } from '../connection/index.ts';
import { ModuleFailure } from '../errors/index.ts';
import { matchesGlob } from '../values/index.ts';
import type { ArgumentsOf } from './arguments.ts';
import { defineAction, type ModuleContext, type ResultObject } from './define.ts';
import { attributeScript, planAttributes } from './shared/files/attributes.ts';
import { fileArguments } from './shared/files/common-arguments.ts';
import { type FileState, probeFile, readFileState } from './shared/files/file-state.ts';
import { type Identity, probeIdentity, probeUmask, readIdentity, readUmask } from './shared/files/identity.ts';
import { readLocal } from './shared/files/local-content.ts';
import { probeMany, readMany } from './shared/files/many-states.ts';
import { pathInfo } from './shared/files/path-info.ts';
import { joinPath, pathWord, withoutSlash } from './shared/files/paths.ts';
import { runScript, StepFailure } from './shared/files/reply.ts';
import { handlerOf, type Unpacking, untarScript, unzipScript } from './shared/files/unpack.ts';
import { attributeFailure } from './shared/files/write.ts';

const args = {
  src: { type: 'path', required: true, doc: 'The archive: on the controller, or on the target with remote_src.' },
  dest: { type: 'path', required: true, doc: 'The folder on the target, which must exist.' },
  remote_src: { type: 'bool', default: false, doc: 'The archive is on the target already, or behind a URL.' },
  copy: { type: 'bool', doc: 'The opposite of remote_src, for old playbooks.' },
  creates: { type: 'path', doc: 'Do nothing when this file exists.' },
  list_files: { type: 'bool', default: false, doc: 'Return the names in the archive.' },
  keep_newer: { type: 'bool', default: false, doc: 'Leave files alone that are newer than those in the archive.' },
  exclude: { type: 'list', elements: 'str', default: [], doc: 'What to leave out.' },
  include: { type: 'list', elements: 'str', default: [], doc: 'What to unpack; all unless told.' },
  extra_opts: { type: 'list', elements: 'str', default: [], doc: 'Further options for the command that unpacks.' },
  validate_certs: { type: 'bool', default: true, doc: 'Check the certificate of the server that a URL leads to.' },
  decrypt: { type: 'bool', default: true, doc: 'Decrypt src where it is a vault file.' },
  io_buffer_size: { type: 'int', default: 65536, doc: 'Accepted and of no effect.' },
  ...fileArguments,
} as const;

type Args = ArgumentsOf<typeof args>;

interface Place {
  readonly dest: FileState;
  readonly identity: Identity;
  readonly umask: number;
}

export default defineAction({
  name: 'ansible.builtin.unarchive',
  summary: 'Unpacks an archive on the target.',
  args,
  mutuallyExclusive: [
    ['include', 'exclude'],
    ['copy', 'remote_src'],
  ],
  returns: {
    dest: 'The folder.',
    src: 'The archive.',
    handler: 'What kind of archive it is.',
    extract_results: 'The command that unpacked, with its output, when something changed.',
    files: 'The names in the archive, with list_files.',
    owner: 'Name of the owner of the folder.',
    group: 'Name of its group.',
    uid: 'Number of its owner.',
    gid: 'Number of its group.',
    mode: 'Its permissions.',
    size: 'Its size in bytes.',
    state: 'What it is.',
  },
  supports: { check: 'full', diff: false, async: false },
  async run(given, context): Promise<ResultObject> {
    const isRemote = given.copy === undefined ? given.remote_src : !given.copy;
    const probe = await probePlace(given, isRemote, context);
    if (probe.exists !== undefined) {
      return { skipped: true, changed: false, msg: `skipped, since ${probe.exists} exists` };
    }
    const { dest } = probe.place;
    if (dest.stat?.type !== 'directory') throw new ModuleFailure(`dest '${given.dest}' must be an existing dir`);
    const archive = isRemote ? await remoteArchive(given, probe, context) : await sendArchive(given, context);
    return unpackArchive(archive, given, probe.place, context);
  },
});

interface Probe {
  readonly place: Place;
  /** The path of `creates`, when something is there. */
  readonly exists: string | undefined;
  readonly source: FileState | undefined;
  readonly magic: string;
}

const magicOf = 'dd if="$m_q" bs=512 count=1 2>/dev/null | od -An -v -tx1 | tr -d \' \\n\'';

const probePlace = async (given: Args, isRemote: boolean, { target }: ModuleContext): Promise<Probe> => {
  const creates = given.creates ? sh`m_c=${pathWord(given.creates)}; [ -e "$m_c" ] && printf %s "$m_c"` : undefined;
  const script = lines(
    sh`m_seen=; m_p=${pathWord(withoutSlash(given.dest))}`,
    probeUmask,
    creates,
    raw(`printf '\\0%s\\0' "$m_p"`),
    probeFile('m_p'),
    probeIdentity(given),
    isRemote
      ? lines(
          sh`m_q=${pathWord(given.src)}; printf '%s\\0' "$m_q"`,
          probeFile('m_q'),
          raw(`[ -f "$m_q" ] && [ -r "$m_q" ] && ${magicOf}; printf '\\0'`),
        )
      : undefined,
  );
  const reader = await runScript(target, script);
  const umask = readUmask(reader);
  const exists = reader.field() || undefined;
  const dest = readFileState(reader, reader.field());
  const place = { umask, dest, identity: readIdentity(reader, given) };
  const source = isRemote ? readFileState(reader, reader.field()) : undefined;
  return { place, exists, source, magic: isRemote ? reader.field().trim() : '' };
};

interface Archive {
  readonly path: string;
  /** How results call it. */
  readonly shown: string;
  readonly magic: string;
  readonly isTemporary: boolean;
}

const sendArchive = async (given: Args, { controller, target }: ModuleContext): Promise<Archive> => {
  const local = await controller.find('files', given.src);
  const { content, bytes, size } = await readLocal(controller, local, given.decrypt);
  if (size === 0) throw new ModuleFailure(`Invalid archive '${local}', the file is 0 bytes`);
  const path = joinPath(await target.temporaryDirectory(), `archive-${process.hrtime.bigint()}`);
  await target.put('open' in content ? content.open() : (content as Buffer), path);
  const magic = bytes ? bytes.subarray(0, 512).toString('hex') : await readMagic(path, { target });
  return { path, shown: local, magic, isTemporary: true };
};

const readMagic = async (path: string, { target }: Pick<ModuleContext, 'target'>): Promise<string> => {
  const { stdout } = await target.run(sh`m_q=${path}; ${raw(magicOf)}`);
  return stdout.toString().trim();
};

const remoteArchive = async (given: Args, { source, magic }: Probe, context: ModuleContext): Promise<Archive> => {
  const { src } = given;
  if (!source?.stat) {
    if (!src.includes('://')) throw new ModuleFailure(`Source '${src}' does not exist`);
    const path = joinPath(await context.target.temporaryDirectory(), `download-${process.hrtime.bigint()}`);
    const result = await context.run('ansible.builtin.get_url', {
      url: src,
      dest: path,
      validate_certs: given.validate_certs,
    });
    if (result.failed) throw new ModuleFailure(`Failure downloading ${src}, ${String(result.msg)}`);
    return { path, shown: path, magic: await readMagic(path, context), isTemporary: true };
  }
  if (!source.isReadable) throw new ModuleFailure(`Source '${src}' not readable`);
  if (source.stat.size === 0) throw new ModuleFailure(`Invalid archive '${src}', the file is 0 bytes`);
  return { path: source.path, shown: source.path, magic, isTemporary: false };
};

const unpackArchive = async (
  archive: Archive,
  given: Args,
  place: Place,
  context: ModuleContext,
): Promise<ResultObject> => {
  const { dest } = place;
  const handler = handlerOf(archive.magic) ?? 'TarArchive';
  const isZip = handler === 'ZipArchive';
  if (context.check && !isZip) {
    return {
      skipped: true,
      changed: false,
      msg: 'remote module (ansible.legacy.unarchive) does not support check mode when using gtar',
    };
  }
  const work: Unpacking = {
    handler,
    src: archive.path,
    dest: dest.path,
    exclude: given.exclude,
    include: given.include,
    options: given.extra_opts,
    owner: given.owner,
    group: given.group,
    mode: given.mode !== undefined,
    keepNewer: given.keep_newer,
    check: context.check,
    isTemporary: archive.isTemporary,
  };
  const { differs, results, names } = await runUnpacking(work, isZip, archive, context);
  const shown = given.dest.endsWith('/') ? joinPath(dest.path, '') : dest.path;
  const base = { handler, dest: shown, src: archive.shown, ...pathInfo(dest.stat, dest.context) };
  if (results && results.rc !== 0) {
    throw new ModuleFailure(`failed to unpack ${archive.shown} to ${shown}`, { ...base, extract_results: results });
  }
  const files = filesIn(names, given);
  const areAttributesOff = context.check ? false : await setAttributes(files, given, place, context);
  return {
    ...base,
    changed: differs || areAttributesOff,
    extract_results: results,
    files: given.list_files ? files : undefined,
  };
};

const runUnpacking = async (
  work: Unpacking,
  isZip: boolean,
  archive: Archive,
  { target }: ModuleContext,
): Promise<{ differs: boolean; results: ResultObject | undefined; names: string[] }> => {
  try {
    const reader = await runScript(target, isZip ? unzipScript(work) : untarScript(work));
    const differs = reader.field() !== '';
    const [rc, out, err] = [reader.field(), reader.field(), reader.field()];
    const names = reader.field().split('\n');
    return { differs, names, results: rc === '' ? undefined : { rc: Number(rc), out, err, cmd: commandOf(work) } };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    throw handlerFailure(archive, error);
  }
};

const commandOf = (work: Unpacking): string[] =>
  work.handler === 'ZipArchive'
    ? ['unzip', '-o', ...work.options, work.src, '-d', work.dest]
    : ['tar', '--extract', '-C', work.dest, ...work.options, '-f', work.src];

const reasons: Readonly<Record<string, string>> = {
  notar: "Unable to find required 'gtar' or 'tar' binary in the path",
  nounzip: "Unable to find required 'unzip' binary in the path.",
};

const handlerFailure = ({ shown }: Archive, error: StepFailure): ModuleFailure =>
  new ModuleFailure(
    `Failed to find handler for "${shown}". Make sure the required command to extract the file is installed.\n${reasons[error.step] ?? `Unable to list files in the archive: ${error.said}`}`,
  );

/** The names in the archive, without a slash in front, as the excludes and includes leave them. */
const filesIn = (names: readonly string[], { exclude, include }: Args): string[] =>
  names
    .filter((name) => name !== '')
    .map((name) => name.replace(/^\//, ''))
    .filter((name) => !exclude.some((pattern) => matchesGlob(name, pattern.replace(/\/$/, ''))))
    .filter((name) => include.length === 0 || include.some((pattern) => matchesGlob(name, pattern)));

/** Gives what was unpacked the owner and mode that were asked for: one round trip to look, one to change. */
const setAttributes = async (
  files: readonly string[],
  given: Args,
  { dest, identity, umask }: Place,
  { target }: ModuleContext,
): Promise<boolean> => {
  if (given.mode === undefined && !given.owner && !given.group && given.attributes === undefined) return false;
  const tops = files.filter((name) => name.includes('/')).map((name) => name.split('/')[0]!);
  const names = [...new Set([...files.map(withoutSlash), ...tops])].filter((name) => name !== '' && name !== '.');
  const script = lines(sh`m_p=${dest.path}`, ...probeMany('m_p', names, false));
  const states = readMany(await runScript(target, script), names, false);
  const scripts = states.flatMap(({ stat }, index) => {
    if (!stat) return [];
    const path = joinPath(dest.path, names[index]!);
    return attributeScript(planAttributes({ stat }, given, identity, umask, path), path) ?? [];
  });
  if (scripts.length === 0) return false;
  try {
    await runScript(target, lines(...scripts));
  } catch (error) {
    throw error instanceof StepFailure ? attributeFailure(error, undefined) : error;
  }
  return true;
};
