import { setTimeout as sleep } from 'node:timers/promises';
import { ModuleFailure } from '../../../../errors/index.ts';
import type { Json } from '../../../../values/index.ts';
import { type Engine, EngineError, type JsonObject, part, purpose } from '../engine.ts';
import { readOutput } from '../streams.ts';

/** A container by its name or id; null where there is none. */
export const findContainer = (engine: Engine, name: string): Promise<JsonObject | null> =>
  purpose('Error inspecting container', engine.find(`/containers/${part(name.replace(/^\//, ''))}/json`));

/** The state that the engine tells of a container; empty where there is none. */
export const stateOf = (container: JsonObject | null): JsonObject => (container?.State ?? {}) as JsonObject;

export const isRunning = (container: JsonObject | null): boolean => stateOf(container).Running === true;

const mostUnpauses = 3;

/** Does something to a container that some engines refuse while it is paused. */
const unpaused = async (engine: Engine, id: string, work: () => Promise<Json>): Promise<void> => {
  for (let count = 0; ; count++) {
    try {
      await work();
      return;
    } catch (error) {
      const isPaused = error instanceof EngineError && error.message.includes('Unpause the container before');
      if (!isPaused || count === mostUnpauses) throw error;
      await engine.post(`/containers/${part(id)}/unpause`);
    }
  }
};

/** Stops a container, which has `timeout` seconds to end by itself. Throws ModuleFailure. */
export const stopContainer = (engine: Engine, id: string, timeout: number | undefined): Promise<void> =>
  purpose(
    `Error stopping container ${id}`,
    unpaused(engine, id, () =>
      engine.post(`/containers/${part(id)}/stop`, { query: { t: timeout || undefined }, patience: timeout || 10 }),
    ),
  );

/** Sends a signal to a container; KILL, where none is given. Throws ModuleFailure. */
export const killContainer = async (engine: Engine, id: string, signal: string | undefined): Promise<void> => {
  await purpose(`Error killing container ${id}`, engine.post(`/containers/${part(id)}/kill`, { query: { signal } }));
};

/** Restarts a container, which has `timeout` seconds to end by itself. Throws ModuleFailure. */
export const restartContainer = async (engine: Engine, id: string, timeout = 10): Promise<void> => {
  await purpose(
    `Error restarting container ${id}`,
    engine.post(`/containers/${part(id)}/restart`, { query: { t: timeout }, patience: timeout }),
  );
};

/** Removes a container; one that is gone already, or is being removed, is fine. */
export const removeContainer = (engine: Engine, id: string, withVolumes: boolean, force: boolean): Promise<void> =>
  purpose(
    `Error removing container ${id}`,
    unpaused(engine, id, async () => {
      try {
        return await engine.delete(`/containers/${part(id)}`, { v: withVolumes, link: false, force });
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        if (error.status === 404 || /removal of container .* is already in progress/.test(error.message)) return null;
        throw error;
      }
    }),
  );

/** Waits until a container that is being removed is gone. */
export const untilRemoved = async (
  engine: Engine,
  id: string,
  seconds: number | undefined,
  signal: AbortSignal,
): Promise<void> => {
  const start = Date.now();
  for (let delay = 100; ; delay = Math.min(delay * 1.5, 10_000)) {
    const container = await findContainer(engine, id);
    if (!container) return;
    const { Status: status } = stateOf(container);
    if (status !== 'removing') {
      throw new ModuleFailure(`Encountered unexpected state "${status}" while waiting for container "${id}"`);
    }
    if (seconds !== undefined && Date.now() - start > seconds * 1000) {
      throw new ModuleFailure(`Timeout of ${seconds} seconds exceeded while waiting for container "${id}"`);
    }
    await sleep(delay, undefined, { signal });
  }
};

/** What a container wrote; a driver that keeps nothing to be read is named instead. */
export const containerOutput = async (engine: Engine, id: string): Promise<{ output: string; isReal: boolean }> => {
  const container = await findContainer(engine, id);
  const { LogConfig } = (container?.HostConfig ?? {}) as JsonObject;
  const driver = ((LogConfig ?? {}) as JsonObject).Type;
  if (driver !== 'json-file' && driver !== 'journald' && driver !== 'local') {
    return { output: `Result logged using \`${driver}\` driver`, isReal: false };
  }
  const query = { stdout: 1, stderr: 1, timestamps: 0, follow: 0, tail: 'all' };
  const bytes = await engine.bytes('GET', `/containers/${part(id)}/logs`, { query });
  const { Tty } = (container?.Config ?? {}) as JsonObject;
  return { output: readOutput(bytes, Tty === true).both, isReal: true };
};
