import { ModuleFailure } from '../../../../errors/index.ts';
import type { Json, ResultObject } from '../../../../values/index.ts';
import type { ModuleContext } from '../../../define.ts';
import { Differences } from '../compare.ts';
import { type Engine, type JsonObject, part, purpose } from '../engine.ts';
import { findImage, pullImage } from '../images.ts';
import { isImageId, joinImageName, parseImageName } from '../registry.ts';
import { findDifferences, type Modes, readModes } from './comparisons.ts';
import {
  containerOutput,
  findContainer,
  isRunning,
  killContainer,
  removeContainer,
  restartContainer,
  stateOf,
  stopContainer,
  untilRemoved,
} from './lifecycle.ts';
import {
  connectNetwork,
  describeCurrent,
  describeNetwork,
  disconnectNetwork,
  extraNetworks,
  missingNetworks,
  type WantedNetwork,
} from './networks.ts';
import type { ContainerArguments, CreateRequest, Inspected } from './option.ts';
import { type Prepared, prepare } from './prepare.ts';

const oldDefaults = {
  auto_remove: false,
  detach: true,
  init: false,
  interactive: false,
  memory: '0',
  paused: false,
  privileged: false,
  read_only: false,
  tty: false,
} as const;

/** Brings a container to the state that the arguments describe. */
export const manageContainer = async (
  given: ContainerArguments,
  engine: Engine,
  context: ModuleContext,
): Promise<ResultObject> => {
  const args = withDefaults(given);
  const work = new ContainerWork(args, readModes(args, context.warn), engine, context);
  await (args.state === 'absent' ? work.absent() : work.present());
  return work.result();
};

const withDefaults = (args: ContainerArguments): ContainerArguments => {
  const first = args.networks?.[0];
  const mode = args.networks_cli_compatible ? (args.network_mode ?? first?.name) : args.network_mode;
  const old = args.container_default_behavior === 'compatibility' ? oldDefaults : {};
  const kept = Object.entries(args).filter(([, value]) => value !== undefined);
  return { ...args, ...old, ...Object.fromEntries(kept), network_mode: mode };
};

const inspected = (thing: JsonObject): Inspected => ({
  Config: (thing.Config ?? {}) as JsonObject,
  HostConfig: (thing.HostConfig ?? {}) as JsonObject,
  Platform: thing.Platform ?? null,
});

/** One task's work on a container, with what it did so far. */
class ContainerWork {
  readonly #args: ContainerArguments;
  readonly #modes: Modes;
  readonly #engine: Engine;
  readonly #context: ModuleContext;
  readonly #differences = new Differences();
  readonly #actions: ResultObject[] = [];
  #changed = false;
  #facts: JsonObject | null = null;
  #status: number | undefined;
  #failure: string | undefined;

  constructor(args: ContainerArguments, modes: Modes, engine: Engine, context: ModuleContext) {
    this.#args = args;
    this.#modes = modes;
    this.#engine = engine;
    this.#context = context;
  }

  result(): ResultObject {
    const { check, wantsDiff } = this.#context;
    const { before, after } = this.#differences;
    const result: ResultObject = {
      changed: this.#changed,
      ...((check || this.#args.debug) && { actions: this.#actions }),
      ...((wantsDiff || this.#args.debug) && { diff: { before, after } }),
      ...(this.#facts && { container: this.#facts }),
      ...(this.#status !== undefined && { status: this.#status }),
    };
    if (this.#failure !== undefined) throw new ModuleFailure(this.#failure, result);
    return result;
  }

  async absent(): Promise<void> {
    const container = await findContainer(this.#engine, this.#args.name);
    if (!container) return;
    const id = String(container.Id);
    if (isRunning(container)) {
      this.#differences.add('running', false, true);
      await this.#stop(id);
    }
    this.#differences.add('exists', false, true);
    await this.#remove(id, false);
  }

  async present(): Promise<void> {
    const { state, restart, paused } = this.#args;
    const { networks, groups } = await prepare(this.#args, this.#engine, this.#context);
    let container = await findContainer(this.#engine, this.#args.name);
    const wasRunning = isRunning(container);
    const wasPaused = stateOf(container).Paused === true;
    const { image, comparison } = await this.#image(container);
    let isNew = false;
    if (!container || stateOf(container).Status === 'removing') {
      if (!this.#args.image) throw new ModuleFailure('Cannot create container when image is not specified!');
      this.#differences.add('exists', true, false);
      if (container) await this.#untilRemoved(String(container.Id));
      container = await this.#create(this.#args.image, groups);
      isNew = true;
    } else if (this.#mustRecreate(container, image, comparison, groups)) {
      const id = String(container.Id);
      const name = this.#args.image || String(container.Image ?? '');
      if (name === '') throw new ModuleFailure('Cannot recreate a container whose image is not known!');
      if (isRunning(container)) await this.#stop(id);
      await this.#remove(id, false);
      await this.#untilRemoved(id);
      container = (await this.#create(name, groups)) ?? container;
      isNew = true;
    }
    if (!container) return;
    // In a check run the old container stands for the new one, which would have its limits from the beginning.
    if (!isNew || !this.#context.check) {
      container = await this.#updateLimits(container, isNew ? image : comparison, groups);
    }
    container = await this.#updateNetworks(container, networks, isNew);
    const runs = isRunning(container);
    if (state === 'started' && !runs) {
      this.#differences.add('running', true, wasRunning);
      container = await this.#start(container);
    } else if (state === 'started' && restart) {
      this.#differences.add('running', true, wasRunning);
      this.#differences.add('restarted', true, false);
      container = await this.#restart(container);
    } else if (state === 'stopped' && runs) {
      this.#differences.add('running', false, wasRunning);
      await this.#stop(String(container.Id));
      container = await this.#again(container);
    }
    if (state === 'started' && paused !== undefined && (stateOf(container).Paused === true) !== paused) {
      this.#differences.add('paused', paused, wasPaused);
      container = await this.#pause(container, paused);
    }
    this.#facts = container;
  }

  /** The image that the container is to have, pulled where that is needed, and the one whose settings count. */
  async #image(container: JsonObject | null): Promise<{ image?: JsonObject; comparison?: JsonObject }> {
    const { image: name, pull, platform, image_comparison: comparison } = this.#args;
    const own = async (): Promise<JsonObject | undefined> =>
      container && stateOf(container).Status !== 'removing'
        ? ((await findImage(this.#engine, String(container.Image))) ?? undefined)
        : undefined;
    if (!name) {
      const found = await own();
      return found ? { comparison: found } : {};
    }
    const { repository, tag = 'latest' } = parseImageName(name);
    let image = await findImage(this.#engine, isImageId(name) ? name : joinImageName(repository, tag));
    if (!image && isImageId(name)) throw new ModuleFailure(`Error inspecting image ID ${name}: there is no such image`);
    if (!isImageId(name) && (!image || pull)) {
      const pulled = this.#context.check
        ? { image, changed: !image }
        : await pullImage(this.#engine, repository, tag, platform, this.#context);
      image = pulled.image;
      if (pulled.changed) {
        this.#changed = true;
        this.#actions.push({ pulled_image: `${repository}:${tag}` });
      }
    }
    const compared = comparison === 'current-image' ? ((await own()) ?? image) : image;
    return { ...(image && { image }), ...(compared && { comparison: compared }) };
  }

  #mustRecreate(
    container: JsonObject,
    image: JsonObject | undefined,
    comparison: JsonObject | undefined,
    groups: Prepared['groups'],
  ): boolean {
    const compare = (list: typeof groups): Differences =>
      findDifferences(list, inspected(container), comparison && inspected(comparison), this.#modes, this.#args);
    const fixed = compare(groups.filter(([group]) => !group.update));
    let differs = !fixed.isEmpty;
    if (differs) fixed.merge(compare(groups.filter(([group]) => group.update)));
    if (this.#modes.get('image') === 'strict') {
      if (image?.Id && container.Image && image.Id !== container.Image) {
        this.#differences.add('image', image.Id, container.Image);
        differs = true;
      }
      const name = ((container.Config ?? {}) as JsonObject).Image;
      const { image: wanted, image_name_mismatch: mismatch } = this.#args;
      if (mismatch === 'recreate' && wanted !== undefined && wanted !== name) {
        this.#differences.add('image_name', wanted, name);
        differs = true;
      }
    }
    if (!differs && !this.#args.recreate) return false;
    this.#differences.merge(fixed);
    return true;
  }

  async #create(image: string, groups: Prepared['groups']): Promise<JsonObject | null> {
    const request: CreateRequest = { config: {}, hostConfig: {}, platform: undefined };
    for (const [group, values] of groups) group.create(values, request);
    const body: JsonObject = { ...request.config, HostConfig: request.hostConfig, Image: image };
    this.#act({ created: 'Created container', create_parameters: body });
    if (this.#context.check) return null;
    const created = (await purpose(
      'Error creating container',
      this.#engine.post('/containers/create', {
        query: { name: this.#args.name, platform: request.platform },
        body,
      }),
    )) as JsonObject;
    this.#warn(created.Warnings);
    return findContainer(this.#engine, String(created.Id));
  }

  async #updateLimits(
    container: JsonObject,
    image: JsonObject | undefined,
    groups: Prepared['groups'],
  ): Promise<JsonObject> {
    const updatable = groups.filter(([group]) => group.update);
    const differences = findDifferences(
      updatable,
      inspected(container),
      image && inspected(image),
      this.#modes,
      this.#args,
    );
    if (differences.isEmpty) return container;
    this.#differences.merge(differences);
    const body: JsonObject = {};
    for (const [group, values] of updatable) group.update!(values, body);
    this.#act({ updated: container.Id ?? '', update_parameters: body });
    if (this.#context.check) return container;
    const id = String(container.Id);
    const reply = await purpose(
      `Error updating container ${id}`,
      this.#engine.post(`/containers/${part(id)}/update`, { body }),
    );
    this.#warn((reply as JsonObject | null)?.Warnings);
    return this.#again(container);
  }

  async #updateNetworks(container: JsonObject, wanted: readonly WantedNetwork[], isNew: boolean): Promise<JsonObject> {
    const { check } = this.#context;
    const mode = this.#modes.get('networks')!;
    const id = String(container.Id);
    let touched = false;
    for (const { network, current } of mode === 'ignore' && !isNew ? [] : missingNetworks(container, wanted)) {
      touched = true;
      this.#differences.add(
        `network.${network.name}`,
        describeNetwork(network),
        current && describeCurrent(network.name, current),
      );
      if (current) {
        this.#act({ removed_from_network: network.name });
        if (!check) await disconnectNetwork(this.#engine, id, network);
      }
      this.#act({ added_to_network: network.name, network_parameters: describeNetwork(network) });
      if (!check) await connectNetwork(this.#engine, id, network);
    }
    const purges = this.#args.purge_networks || (mode === 'strict' && this.#args.networks !== undefined);
    for (const name of purges ? extraNetworks(container, wanted) : []) {
      touched = true;
      this.#differences.add(`network.${name}`, undefined, { name });
      this.#act({ removed_from_network: name });
      if (!check) await disconnectNetwork(this.#engine, id, { id: name, name });
    }
    return touched ? this.#again(container) : container;
  }

  async #start(container: JsonObject): Promise<JsonObject> {
    const id = String(container.Id);
    this.#act({ started: id });
    if (this.#context.check) return container;
    await purpose(`Error starting container ${id}`, this.#engine.post(`/containers/${part(id)}/start`));
    return this.#args.detach === false ? this.#untilEnded(id) : this.#again(container);
  }

  /** Waits for the end of a container that was not detached, and takes its output. */
  async #untilEnded(id: string): Promise<JsonObject> {
    const { auto_remove, output_logs, cleanup } = this.#args;
    const reply = await this.#engine.post(`/containers/${part(id)}/wait`, { isSlow: true });
    this.#status = Number((reply as JsonObject).StatusCode);
    let output = 'Cannot retrieve result as auto_remove is enabled';
    if (auto_remove) {
      if (output_logs) this.#context.warn('Cannot output_logs if auto_remove is enabled!');
    } else {
      const logs = await containerOutput(this.#engine, id);
      ({ output } = logs);
      if (logs.isReal && output_logs) this.#context.output('stdout', Buffer.from(output));
    }
    if (cleanup) await this.#remove(id, true);
    if (this.#status !== 0) this.#failure = output;
    return { ...(await findContainer(this.#engine, id)), Output: output };
  }

  async #restart(container: JsonObject): Promise<JsonObject> {
    const id = String(container.Id);
    this.#act({ restarted: id, timeout: this.#args.stop_timeout });
    if (!this.#context.check) await restartContainer(this.#engine, id, this.#args.stop_timeout || 10);
    return this.#again(container);
  }

  async #pause(container: JsonObject, paused: boolean): Promise<JsonObject> {
    const id = String(container.Id);
    this.#act({ set_paused: paused });
    if (this.#context.check) return container;
    const verb = paused ? 'pause' : 'unpause';
    const what = `Error ${paused ? 'pausing' : 'unpausing'} container ${id}`;
    await purpose(what, this.#engine.post(`/containers/${part(id)}/${verb}`));
    return this.#again(container);
  }

  async #stop(id: string): Promise<void> {
    const { force_kill, kill_signal, stop_timeout } = this.#args;
    if (force_kill) this.#act({ killed: id, signal: kill_signal });
    else this.#act({ stopped: id, timeout: stop_timeout });
    if (this.#context.check) return;
    await (force_kill ? killContainer(this.#engine, id, kill_signal) : stopContainer(this.#engine, id, stop_timeout));
  }

  async #remove(id: string, force: boolean): Promise<void> {
    const withVolumes = !this.#args.keep_volumes;
    this.#act({ removed: id, volume_state: withVolumes, link: false, force });
    if (!this.#context.check) await removeContainer(this.#engine, id, withVolumes, force);
  }

  async #untilRemoved(id: string): Promise<void> {
    if (this.#context.check) return;
    const seconds = this.#args.removal_wait_timeout;
    await untilRemoved(this.#engine, id, seconds === undefined ? undefined : Number(seconds), this.#context.signal);
  }

  async #again(container: JsonObject): Promise<JsonObject> {
    if (this.#context.check) return container;
    return (await findContainer(this.#engine, String(container.Id))) ?? container;
  }

  #act(action: ResultObject): void {
    this.#changed = true;
    this.#actions.push(action);
  }

  #warn(warnings: Json | undefined): void {
    for (const warning of Array.isArray(warnings) ? warnings : []) {
      this.#context.warn(`Docker warning: ${String(warning)}`);
    }
  }
}
