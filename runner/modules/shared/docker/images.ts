import { isDeepStrictEqual } from 'node:util';
import { ModuleFailure } from '../../../errors/index.ts';
import type { ModuleContext } from '../../define.ts';
import { type Engine, type JsonObject, part, purpose } from './engine.ts';
import { joinImageName, registryHeader, registryOf } from './registry.ts';
import { readProgress } from './streams.ts';

/** An image by its name or id; null where there is none. */
export const findImage = (engine: Engine, name: string): Promise<JsonObject | null> =>
  purpose(`Error inspecting image ${name}`, engine.find(`/images/${name.split('/').map(part).join('/')}/json`));

/** Fails for an error that is told inside of a reply; gives the text of all messages. */
export const followProgress = async (
  messages: AsyncIterable<JsonObject>,
  what: string,
): Promise<{ text: string; messages: JsonObject[] }> => {
  const seen: JsonObject[] = [];
  let text = '';
  for await (const message of messages) {
    seen.push(message);
    if (typeof message.stream === 'string') text += message.stream;
    else if (typeof message.status === 'string') text += `${message.status}\n`;
    if (message.error !== undefined) throw new ModuleFailure(`${what}: ${String(message.error)}`, { stdout: text });
  }
  return { text, messages: seen };
};

/** Pulls an image. Tells the image, and whether it is another one than before. */
export const pullImage = async (
  engine: Engine,
  repository: string,
  tag: string,
  platform: string | undefined,
  context: ModuleContext,
): Promise<{ image: JsonObject | null; changed: boolean }> => {
  const name = joinImageName(repository, tag);
  const what = `Error pulling image ${name}`;
  const [before, login] = await Promise.all([
    findImage(engine, name),
    registryHeader(context.target, registryOf(repository)),
  ]);
  const stream = await purpose(
    what,
    engine.stream('POST', '/images/create', {
      query: { tag, fromImage: repository, platform },
      headers: login === undefined ? {} : { 'X-Registry-Auth': login },
    }),
  );
  await followProgress(readProgress(stream), what);
  const image = await findImage(engine, name);
  return { image, changed: !isDeepStrictEqual(before, image) };
};
