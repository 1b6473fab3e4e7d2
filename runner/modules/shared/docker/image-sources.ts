import { type Script, sh } from '../../../connection/index.ts';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext } from '../../define.ts';
import { expandedWord } from '../commands/expand.ts';
import { cliFailure, dockerCommand, runDocker } from './cli.ts';
import type { ImageArguments } from './image-arguments.ts';
import { isImageId } from './registry.ts';
import { engineTexts } from './values.ts';

/** Builds an image on the target. Gives what docker said. */
export const buildImage = async (name: string, args: ImageArguments, context: ModuleContext): Promise<string> => {
  const build = args.build!;
  const folder = expandedWord(build.path);
  const isRemote = /^(?:https?:\/\/|git:\/\/|github\.com\/|git@)/.test(build.path);
  const option = (name: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [name, String(value)];
  const many = (name: string, values: readonly string[]): string[] => values.flatMap((value) => [name, value]);
  const limits = build.container_limits;
  const words = [
    ...option('--tag', name),
    ...many(
      '--build-arg',
      Object.entries(engineTexts(build.args)).map((entry) => entry.join('=')),
    ),
    ...many('--cache-from', build.cache_from ?? []),
    ...many(
      '--add-host',
      Object.entries(engineTexts(build.etc_hosts)).map((entry) => entry.join(':')),
    ),
    ...option('--memory', limits?.memory),
    ...option('--memory-swap', limits?.memswap),
    ...option('--cpu-shares', limits?.cpushares),
    ...option('--cpuset-cpus', limits?.cpusetcpus),
    ...option('--network', build.network),
    ...option('--platform', build.platform),
    ...option('--target', build.target),
    ...(build.nocache ? ['--no-cache'] : []),
    ...(build.pull ? ['--pull'] : []),
    ...(build.rm ? ['--force-rm'] : ['--rm=false']),
  ];
  const file: Script =
    build.dockerfile === undefined
      ? sh``
      : build.dockerfile.startsWith('/') || isRemote
        ? sh` --file ${build.dockerfile}`
        : sh` --file "$m_path"/${build.dockerfile}`;
  const check: Script = isRemote
    ? sh`m_path=${build.path}`
    : sh`m_path=${folder}; [ -d "$m_path" ] || { printf 'Requested build path %s could not be found or you do not have access.' "$m_path" >&2; exit 3; }`;
  const reply = await runDocker(sh`${check}\n${dockerCommand(args)} build ${words}${file} "$m_path"`, context);
  if (reply.code === 3 && reply.stderr.startsWith('Requested build path')) throw new ModuleFailure(reply.stderr);
  if (reply.code !== 0) throw cliFailure(`Error building ${name}`, reply, build.path);
  return [reply.stdout, reply.stderr].filter((text) => text !== '').join('\n');
};

/**
 * Loads an image from an archive on the target. Fails where the archive does not hold it; a check run only looks whether
 * there is an archive.
 */
export const loadImage = async (
  name: string,
  repository: string,
  args: ImageArguments,
  context: ModuleContext,
): Promise<string> => {
  const reply = await runDocker(
    sh`m_path=${expandedWord(args.load_path!)}; [ -f "$m_path" ] || { printf 'Error loading image %s. Specified path %s does not exist.' ${repository} "$m_path" >&2; exit 3; }
${context.check ? sh`exit` : sh`${dockerCommand(args)} load -i "$m_path"`}`,
    context,
  );
  if (reply.code === 3 && reply.stderr.startsWith('Error loading image')) throw new ModuleFailure(reply.stderr);
  if (reply.code !== 0) throw cliFailure(`Error loading image ${name}`, reply, args.load_path);
  if (context.check) return '';
  const loaded = [...reply.stdout.matchAll(/^Loaded image(?: ID)?: *(.*)$/gm)].map(([, found]) => found!.trim());
  if (loaded.length === 0) {
    throw new ModuleFailure('Detected no loaded images. Archive potentially corrupt?', { stdout: reply.stdout });
  }
  const wanted = isImageId(name) ? name.toLowerCase() : name;
  const others = loaded.filter((found) => found !== wanted);
  const list = others.map((found) => `'${found}'`).join(', ');
  if (others.length === loaded.length) {
    throw new ModuleFailure(`The archive did not contain image '${wanted}'. Instead, found ${list}.`, {
      stdout: reply.stdout,
    });
  }
  if (others.length > 0) context.warn(`The archive contained more images than specified: ${list}`);
  return reply.stdout;
};

/** Why an archive on the target has to be written; undefined when it holds the image under this one name. */
export const archiveReason = async (
  id: string,
  name: string,
  path: string,
  { target }: ModuleContext,
): Promise<string | undefined> => {
  const { stdout, code } = await target.run(
    sh`m_path=${expandedWord(path)}; [ -e "$m_path" ] || exit 4; tar -xOf "$m_path" manifest.json 2>/dev/null`,
  );
  if (code === 4) return 'since none present';
  try {
    const [manifest, ...more] = JSON.parse(stdout.toString()) as { Config: string; RepoTags: string[] | null }[];
    const hash = /([0-9a-f]{64})(?:\.json)?$/.exec(manifest!.Config)?.[1];
    const tags = manifest!.RepoTags ?? [];
    if (more.length === 0 && `sha256:${hash}` === id && tags.length === 1 && tags[0] === name) return undefined;
    return `overwriting archive with image ${hash} named ${tags.join(', ')}`;
  } catch {
    return 'overwriting an unreadable archive file';
  }
};

/** Writes an image to an archive on the target. */
export const archiveImage = async (name: string, args: ImageArguments, context: ModuleContext): Promise<void> => {
  const path = expandedWord(args.archive_path!);
  const reply = await runDocker(sh`${dockerCommand(args)} save -o ${path} ${name}`, context);
  if (reply.code !== 0) throw cliFailure(`Error writing image archive ${args.archive_path}`, reply);
};
