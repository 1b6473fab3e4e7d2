import { ModuleFailure } from '../errors/index.ts';
import { defineAction, type ModuleContext } from './define.ts';
import { dockerRules } from './shared/docker/arguments.ts';
import { type Engine, EngineError, type JsonObject, part, purpose, withEngine } from './shared/docker/engine.ts';
import { type ImageArguments, imageArguments } from './shared/docker/image-arguments.ts';
import { archiveImage, archiveReason, buildImage, loadImage } from './shared/docker/image-sources.ts';
import { findImage, followProgress, pullImage } from './shared/docker/images.ts';
import { isImageId, joinImageName, parseImageName, registryHeader, registryOf } from './shared/docker/registry.ts';
import { readProgress } from './shared/docker/streams.ts';

export default defineAction({
  name: 'community.docker.docker_image',
  summary: 'Pulls, builds, loads, tags, pushes and removes images of Docker.',
  args: imageArguments,
  ...dockerRules,
  requiredIf: [
    ['state', 'present', ['source']],
    ['source', 'build', ['build']],
    ['source', 'load', ['load_path']],
  ],
  returns: {
    image: 'The image, as docker inspect tells it.',
    actions: 'What was done.',
    stdout: 'What docker said while it built.',
  },
  notes: [
    'Building and loading need the docker command on the target; all else goes through the Docker Engine API over the connection of the task',
  ],
  supports: { check: 'full', diff: false },

  run: (args, context) =>
    withEngine(args, context, async (engine) => {
      if (args.tag !== '' && !/^\w[\w.-]{0,127}$/.test(args.tag)) {
        throw new ModuleFailure(`"${args.tag}" is not a valid docker tag!`);
      }
      if (args.repository !== undefined && isImageId(args.repository)) {
        throw new ModuleFailure(`\`repository\` must not be an image ID; got: ${args.repository}`);
      }
      if (!args.repository && args.push && isImageId(args.name)) {
        throw new ModuleFailure(
          `Cannot push an image by ID; specify \`repository\` to tag and push the image with ID ${args.name} instead`,
        );
      }
      const work: Work = { args, context, engine, named: nameOf(args), actions: [], changed: false, image: {} };
      await (args.state === 'absent' ? remove(work) : provide(work));
      const { changed, actions, image, stdout } = work;
      return { changed, actions, image, ...(stdout !== undefined && { stdout }) };
    }),
});

interface ImageName {
  readonly repository: string;
  readonly tag: string;
  /** Both, or the id. */
  readonly whole: string;
}

/** One task's work on an image, with what came of it. */
interface Work {
  readonly args: ImageArguments;
  readonly context: ModuleContext;
  readonly engine: Engine;
  readonly named: ImageName;
  readonly actions: string[];
  changed: boolean;
  image: JsonObject;
  stdout?: string;
}

const nameOf = ({ name, tag: given }: ImageArguments): ImageName => {
  if (isImageId(name)) return { repository: name, tag: '', whole: name };
  const { repository, tag = given || 'latest' } = parseImageName(name);
  return { repository, tag, whole: joinImageName(repository, tag) };
};

const act = (work: Work, action: string): void => {
  work.actions.push(action);
  work.changed = true;
};

const remove = async (work: Work): Promise<void> => {
  const { args, engine, named, context } = work;
  if (!(await findImage(engine, named.whole))) return;
  act(work, `Removed image ${named.whole}`);
  work.image = { state: 'Deleted' };
  if (context.check) return;
  try {
    await engine.delete(`/images/${named.whole.split('/').map(part).join('/')}`, { force: args.force_absent });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.status !== 404) throw new ModuleFailure(`Error removing image ${named.whole} - ${error.message}`);
  }
};

const provide = async (work: Work): Promise<void> => {
  const { args, engine, named, context } = work;
  const before = await findImage(engine, named.whole);
  if (before && !args.force_source) work.image = before;
  else {
    await obtain(work, before);
    if (before && work.image.Id === before.Id) work.changed = false;
  }
  if (args.archive_path !== undefined) await archive(work, args.archive_path);
  if (args.repository) await tag(work, args.repository);
  else if (args.push) await push(work, named);
  if (context.check && Object.keys(work.image).length === 0 && before) work.image = before;
};

/** Builds, loads or pulls the image. */
const obtain = async (work: Work, before: JsonObject | null): Promise<void> => {
  const { args, engine, named, context } = work;
  const { whole } = named;
  if (args.source !== 'load' && args.source !== 'local' && isImageId(args.name)) {
    throw new ModuleFailure(`Image name must not be an image ID for source=${args.source}; got: ${args.name}`);
  }
  const after = async (): Promise<void> => {
    work.image = (await findImage(engine, whole)) ?? {};
  };
  if (args.source === 'build') {
    act(work, `Built image ${whole} from ${args.build!.path}`);
    if (context.check) return;
    work.stdout = await buildImage(whole, args, context);
    await after();
  } else if (args.source === 'load') {
    act(work, `Loaded image ${whole} from ${args.load_path}`);
    await loadImage(whole, named.repository, args, context);
    if (!context.check) await after();
  } else if (args.source === 'pull') {
    act(work, `Pulled image ${named.repository}:${named.tag}`);
    if (context.check) return;
    const { image } = await pullImage(engine, named.repository, named.tag, args.pull?.platform, context);
    work.image = image ?? {};
  } else {
    if (!before) throw new ModuleFailure(`Cannot find the image ${whole} locally.`);
    work.image = before;
  }
};

const archive = async (work: Work, path: string): Promise<void> => {
  const { args, engine, named, context } = work;
  const image = await findImage(engine, named.whole);
  if (!image) return;
  work.image = image;
  const reason = await archiveReason(String(image.Id), named.whole, path, context);
  work.changed = reason !== undefined;
  if (reason === undefined) return;
  work.actions.push(`Archived image ${named.whole} to ${path}, ${reason}`);
  if (!context.check) await archiveImage(named.whole, args, context);
};

/** Gives the image a further name, and pushes that where it is asked. */
const tag = async (work: Work, given: string): Promise<void> => {
  const { args, engine, named, context } = work;
  const { repository, tag: own = args.tag || 'latest' } = parseImageName(given);
  const whole = joinImageName(repository, own);
  const current = await findImage(engine, whole);
  if (!current || args.force_tag) {
    act(work, `Tagged image ${named.whole} to ${whole}`);
    if (!context.check) {
      await purpose(
        'Error: failed to tag image',
        engine.post(`/images/${named.whole.split('/').map(part).join('/')}/tag`, {
          query: { repo: repository, tag: own, force: true },
        }),
      );
      work.image = (await findImage(engine, whole)) ?? {};
      if (current && current.Id === work.image.Id) work.changed = false;
    }
  }
  if (args.push) await push(work, { repository, tag: own, whole });
};

const push = async (work: Work, { repository, tag: own, whole }: ImageName): Promise<void> => {
  const { engine, context } = work;
  act(work, `Pushed image ${work.args.name} to ${whole}`);
  if (context.check) return;
  // The engine wants a login, be it an empty one.
  const login =
    (await registryHeader(context.target, registryOf(repository))) ?? Buffer.from('{}').toString('base64url');
  const what = `Error pushing image ${repository}`;
  const stream = await purpose(
    what,
    engine.stream('POST', `/images/${repository.split('/').map(part).join('/')}/push`, {
      query: { tag: own },
      headers: { 'X-Registry-Auth': login },
    }),
  );
  const { messages } = await followProgress(readProgress(stream), what);
  work.changed = messages.some(({ status }) => status === 'Pushing');
  const status = messages.findLast((message) => typeof message.status === 'string')?.status ?? null;
  work.image = { ...((await findImage(engine, whole)) ?? {}), push_status: status };
};
