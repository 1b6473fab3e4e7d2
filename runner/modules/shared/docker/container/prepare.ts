import { posix } from 'node:path';
import { sh } from '../../../../connection/index.ts';
import type { ModuleContext } from '../../../define.ts';
import { expandCommand, expandedPaths, mustGo } from '../../answers.ts';
import { ask } from '../../ask.ts';
import { expandedWord } from '../../commands/expand.ts';
import type { Engine } from '../engine.ts';
import { optionGroups } from './comparisons.ts';
import { readEnvFile } from './env-file.ts';
import { findContainer } from './lifecycle.ts';
import { defaultHostIp, type WantedNetwork, wantedNetworks } from './networks.ts';
import type { ContainerArguments, OptionGroup, Values } from './option.ts';
import { needsAddress, withAddress } from './ports.ts';

/** The arguments in the engine's form. */
export interface Prepared {
  readonly networks: readonly WantedNetwork[];
  readonly groups: readonly (readonly [OptionGroup, Values])[];
}

/** Reads all arguments, with what only the target or the engine can tell. Throws ModuleFailure for what cannot be. */
export const prepare = async (given: ContainerArguments, engine: Engine, context: ModuleContext): Promise<Prepared> => {
  const args = await withContainers(await withFiles(given, context), engine, context);
  const networks = await wantedNetworks(args, engine);
  const groups: (readonly [OptionGroup, Values])[] = [];
  for (const group of optionGroups) {
    const values = group.read(args);
    groups.push([group, needsAddress(values) ? withAddress(values, await defaultHostIp(args, engine)) : values]);
  }
  return { networks, groups };
};

/** Takes the environment file, and the folders that `~` and `.` mean, from the target. */
const withFiles = async (args: ContainerArguments, context: ModuleContext): Promise<ContainerArguments> => {
  const relative = (args.volumes ?? []).filter((volume) => /^[.~][^:]*:/.test(volume));
  if (args.env_file === undefined && relative.length === 0) return args;
  const paths = relative.map((volume) => volume.slice(0, volume.indexOf(':')));
  const answers = await ask(context, {
    file: args.env_file !== undefined && sh`cat -- ${expandedWord(args.env_file)}`,
    home: sh`cd && pwd`,
    paths: expandCommand(paths),
  });
  mustGo(answers.file);
  const fromFile = answers.file ? readEnvFile(answers.file.stdout) : [];
  const home = answers.home!.stdout.trim();
  const expanded = expandedPaths(answers.paths, paths).map((path) => posix.resolve(home, path));
  const volumes = args.volumes?.map((volume) => {
    const index = relative.indexOf(volume);
    return index === -1 ? volume : expanded[index]! + volume.slice(volume.indexOf(':'));
  });
  return { ...args, env: new Map([...fromFile, ...(args.env ?? [])]), volumes };
};

/** The engine keeps `container:name` with the id of that container. */
const withContainers = async (
  args: ContainerArguments,
  engine: Engine,
  context: ModuleContext,
): Promise<ContainerArguments> => {
  const resolve = async (mode: string | undefined): Promise<string | undefined> => {
    if (!mode?.startsWith('container:')) return mode;
    const name = mode.slice('container:'.length);
    const other = await findContainer(engine, name);
    if (other) return `container:${String(other.Id)}`;
    context.warn(`Cannot find a container with name or ID "${name}"`);
    return mode;
  };
  return {
    ...args,
    network_mode: await resolve(args.network_mode),
    ipc_mode: await resolve(args.ipc_mode),
    pid_mode: await resolve(args.pid_mode),
  };
};
