import type { EngineState, Item, Route } from './engine.ts';
import { refuse } from './engine.ts';

const tagsOf = (image: Item): string[] => image.RepoTags as string[];

/** Names may leave out the tag `latest`, and the words of Docker Hub. */
const familiar = (name: string): string => {
  const short = name.replace(/^(?:docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '');
  return /[:@][^/]*$/.test(short) ? short : `${short}:latest`;
};

export const findImage = (state: EngineState, name: string): Item | undefined =>
  [...state.images.values()].find(
    (image) =>
      image.Id === name ||
      (/^[0-9a-f]{12,}$/.test(name) && image.Id.startsWith(`sha256:${name}`)) ||
      tagsOf(image).includes(familiar(name)) ||
      (image.RepoDigests as string[]).includes(name),
  );

const untag = (state: EngineState, tag: string): void => {
  for (const image of state.images.values()) image.RepoTags = tagsOf(image).filter((other) => other !== tag);
};

const progress = (...messages: object[]): { bytes: Buffer } => ({
  bytes: Buffer.from(messages.map((message) => `${JSON.stringify(message)}\r\n`).join('')),
});

export const addImage = (state: EngineState, image: Item): void => {
  for (const tag of tagsOf(image)) untag(state, tag);
  state.images.set(image.Id, { ...state.images.get(image.Id), ...image });
};

export const imageRoutes: readonly Route[] = [
  ['GET', /^\/images\/json$/, ({ state }) => ({ body: [...state.images.values()] })],
  [
    'POST',
    /^\/images\/create$/,
    ({ state, query }) => {
      const tag = query.get('tag') ?? 'latest';
      const name = `${query.get('fromImage')}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
      const found = state.registry.get(familiar(name));
      if (!found) return refuse(404, `manifest for ${name} not found: manifest unknown: manifest unknown`);
      if (found.broken)
        return progress({ status: 'Pulling' }, { error: 'unexpected EOF', errorDetail: { message: 'unexpected EOF' } });
      addImage(state, found);
      return progress({ status: `Pulling from ${query.get('fromImage')}`, id: tag }, { status: 'Status: Downloaded' });
    },
  ],
  [
    'GET',
    /^\/images\/(.+)\/json$/,
    ({ state, names }) => {
      const found = findImage(state, names[0]!);
      return found ? { body: found } : refuse(404, `No such image: ${names[0]}`);
    },
  ],
  [
    'POST',
    /^\/images\/(.+)\/tag$/,
    ({ state, names, query }) => {
      const found = findImage(state, names[0]!);
      if (!found) return refuse(404, `No such image: ${names[0]}`);
      const tag = familiar(`${query.get('repo')}:${query.get('tag')}`);
      untag(state, tag);
      found.RepoTags = [...tagsOf(found), tag];
      return { status: 201 };
    },
  ],
  [
    'POST',
    /^\/images\/(.+)\/push$/,
    ({ names, query, headers }) =>
      headers['x-registry-auth'] === Buffer.from('{}').toString('base64url')
        ? progress({ error: 'denied: requested access to the resource is denied' })
        : progress(
            { status: `The push refers to repository [${names[0]}]` },
            { status: `${query.get('tag')}: digest: sha256:1 size: 1` },
          ),
  ],
  [
    'GET',
    /^\/images\/(.+)\/get$/,
    ({ state, names }) => {
      const found = findImage(state, names[0]!);
      return found ? { bytes: Buffer.from(`archive of ${tagsOf(found).join(' ')}`) } : refuse(404, 'No such image');
    },
  ],
  [
    'POST',
    /^\/images\/load$/,
    ({ state, raw }) => {
      const tag = /^archive of (\S+)/.exec(raw.toString())?.[1];
      const found = tag === undefined ? undefined : state.registry.get(tag);
      if (!found) return progress({ errorDetail: { message: 'no archive' }, error: 'no archive' });
      addImage(state, found);
      return progress({ stream: `Loaded image: ${tag}\n` });
    },
  ],
  [
    'POST',
    /^\/build$/,
    ({ state, query, raw }) => {
      const tag = familiar(query.get('t')!);
      if (raw.length === 0) return refuse(400, 'the build has no context');
      const found = state.registry.get(tag);
      if (!found)
        return progress(
          { stream: 'Step 1/1 : FROM none\n' },
          { error: 'pull access denied for none', errorDetail: { message: 'pull access denied for none' } },
        );
      addImage(state, found);
      return progress({ stream: 'Step 1/1 : FROM scratch\n' }, { stream: 'Successfully built 123\n' });
    },
  ],
  [
    'DELETE',
    /^\/images\/(.+)$/,
    ({ state, names, query }) => {
      const found = findImage(state, names[0]!);
      if (!found) return refuse(404, `No such image: ${names[0]}`);
      const isUsed = [...state.containers.values()].some(({ Image }) => Image === found.Id);
      if (isUsed && query.get('force') !== 'true')
        return refuse(409, `conflict: unable to remove repository reference "${names[0]}"`);
      untag(state, familiar(names[0]!));
      if (tagsOf(found).length === 0 || found.Id === names[0]) state.images.delete(found.Id);
      return { body: [{ Untagged: names[0] }, { Deleted: found.Id }] };
    },
  ],
  [
    'POST',
    /^\/images\/prune$/,
    ({ state }) => {
      const gone = [...state.images.values()].filter((image) => tagsOf(image).length === 0);
      for (const { Id } of gone) state.images.delete(Id);
      return {
        body: { ImagesDeleted: gone.length > 0 ? gone.map(({ Id }) => ({ Deleted: Id })) : null, SpaceReclaimed: 7 },
      };
    },
  ],
  ['POST', /^\/build\/prune$/, () => ({ body: { CachesDeleted: ['x'], SpaceReclaimed: 5 } })],
];
