import { ModuleFailure } from '../../../../errors/index.ts';
import type { Json } from '../../../../values/index.ts';
import type { JsonObject } from '../engine.ts';
import { engineTexts, toBytes } from '../values.ts';
import type { ContainerArguments, OptionGroup, Values } from './option.ts';

const permissions = new Set([
  ...['rw', 'ro', 'z', 'Z', 'consistent', 'delegated', 'cached', 'nocopy'],
  ...['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'],
]);

const isMode = (text: string): boolean => text.split(',').every((word) => permissions.has(word));

/** A volume in docker's short syntax; one without a source is anonymous. */
interface Volume {
  readonly source: string | undefined;
  readonly target: string;
  readonly mode: string | undefined;
}

const parseVolume = (text: string): Volume => {
  const parts = text.split(':');
  if (parts.length === 3) {
    if (!isMode(parts[2]!)) throw new ModuleFailure(`Found invalid volumes mode: ${parts[2]}`);
    return { source: parts[0]!, target: parts[1]!, mode: parts[2]! };
  }
  if (parts.length === 2 && !isMode(parts[1]!)) return { source: parts[0]!, target: parts[1]!, mode: undefined };
  return { source: undefined, target: parts[0]!, mode: parts[1] };
};

/** Which types of mounts an option is for. */
const onlyFor = {
  volume_driver: 'volume',
  volume_options: 'volume',
  propagation: 'bind',
  no_copy: 'volume',
  labels: 'volume',
  tmpfs_size: 'tmpfs',
  tmpfs_mode: 'tmpfs',
} as const;

type Mount = NonNullable<ContainerArguments['mounts']>[number];

const readMount = (mount: Mount): JsonObject => {
  const { target, type } = mount;
  if (mount.source === undefined && type !== 'tmpfs' && type !== 'volume') {
    throw new ModuleFailure(`source must be specified for mount "${target}" of type "${type}"`);
  }
  for (const [option, needed] of Object.entries(onlyFor)) {
    if (mount[option as keyof typeof onlyFor] === undefined || type === needed) continue;
    throw new ModuleFailure(
      `${option} cannot be specified for mount "${target}" of type "${type}" (needs type "${needed}")`,
    );
  }
  if (mount.tmpfs_mode !== undefined && !/^(?:0o)?[0-7]+$/.test(mount.tmpfs_mode)) {
    throw new ModuleFailure(`tmpfs_mode of mount "${target}" is not an octal string!`);
  }
  const values: Record<string, Json | undefined> = {
    target,
    type,
    source: mount.source,
    read_only: mount.read_only,
    consistency: mount.consistency,
    propagation: mount.propagation,
    no_copy: mount.no_copy,
    labels: mount.labels && engineTexts(mount.labels),
    volume_driver: mount.volume_driver,
    volume_options: mount.volume_driver && mount.volume_options ? engineTexts(mount.volume_options) : undefined,
    tmpfs_size: mount.tmpfs_size === undefined ? undefined : toBytes(mount.tmpfs_size, `tmpfs_size of "${target}"`),
    tmpfs_mode: mount.tmpfs_mode === undefined ? undefined : Number.parseInt(mount.tmpfs_mode.replace(/^0o/, ''), 8),
  };
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined));
};

/** Fails where a place in the container is named twice. */
const checkPlaces = (mounts: readonly Mount[], volumes: readonly Volume[]): void => {
  const seen = new Map<string, string>();
  const check = (target: string, option: string): void => {
    const before = seen.get(target);
    seen.set(target, option);
    if (before === undefined) return;
    throw new ModuleFailure(
      before === option
        ? `The mount point "${target}" appears twice in the ${option} option`
        : `The mount point "${target}" appears both in the ${option} and ${before} option`,
    );
  };
  for (const { target } of mounts) check(target, 'mounts');
  for (const { target } of volumes) check(target, 'volumes');
};

const toEngine = (mount: JsonObject): JsonObject => {
  const { type } = mount;
  const driver = mount.volume_driver && {
    Name: mount.volume_driver,
    ...(mount.volume_options && { Options: mount.volume_options }),
  };
  const volume: JsonObject = {
    ...(mount.no_copy ? { NoCopy: true } : {}),
    ...(mount.labels ? { Labels: mount.labels } : {}),
    ...(driver ? { DriverConfig: driver } : {}),
  };
  const tmpfs: JsonObject = {
    ...(mount.tmpfs_mode ? { Mode: mount.tmpfs_mode } : {}),
    ...(mount.tmpfs_size ? { SizeBytes: mount.tmpfs_size } : {}),
  };
  return {
    Target: mount.target!,
    Source: mount.source ?? '',
    Type: type!,
    ReadOnly: mount.read_only ?? false,
    ...(mount.consistency !== undefined && { Consistency: mount.consistency }),
    ...(type === 'bind' && mount.propagation !== undefined && { BindOptions: { Propagation: mount.propagation } }),
    ...(type === 'volume' && Object.keys(volume).length > 0 && { VolumeOptions: volume }),
    ...(type === 'tmpfs' && Object.keys(tmpfs).length > 0 && { TmpfsOptions: tmpfs }),
  };
};

const fromEngine = (mount: JsonObject): JsonObject => {
  const part = (name: string): JsonObject => (mount[name] ?? {}) as JsonObject;
  const driver = (part('VolumeOptions').DriverConfig ?? {}) as JsonObject;
  return {
    type: mount.Type ?? null,
    source: mount.Source ?? null,
    target: mount.Target ?? null,
    read_only: mount.ReadOnly ?? false,
    consistency: mount.Consistency ?? null,
    propagation: part('BindOptions').Propagation ?? null,
    no_copy: part('VolumeOptions').NoCopy ?? false,
    labels: part('VolumeOptions').Labels ?? {},
    volume_driver: driver.Name ?? null,
    volume_options: driver.Options ?? {},
    tmpfs_size: part('TmpfsOptions').SizeBytes ?? null,
    tmpfs_mode: part('TmpfsOptions').Mode ?? null,
  };
};

const anonymous = (volumes: readonly string[]): string[] =>
  volumes.filter((volume) => parseVolume(volume).source === undefined);

export const mountOptions: OptionGroup = {
  options: [
    { name: 'mounts', type: 'set(dict)' },
    { name: 'volumes', type: 'set' },
    { name: 'volume_binds', type: 'set', modeOf: 'volumes' },
  ],
  read: ({ mounts, volumes }): Values => {
    const parsed = (volumes ?? []).map(parseVolume);
    checkPlaces(mounts ?? [], parsed);
    return {
      ...(mounts && { mounts: mounts.map(readMount) }),
      ...(volumes && {
        volumes: [...volumes],
        volume_binds: parsed.flatMap(({ source, target, mode = 'rw' }) =>
          source === undefined ? [] : [`${source}:${target}:${mode}`],
        ),
      }),
    };
  },
  current: ({ Config, HostConfig }) => ({
    volumes: Object.keys((Config.Volumes ?? {}) as JsonObject),
    volume_binds: HostConfig.Binds,
    mounts: HostConfig.Mounts ? (HostConfig.Mounts as JsonObject[]).map(fromEngine) : undefined,
  }),
  expected: (values, image) => {
    const ofImage = Object.keys((image?.Config.Volumes ?? {}) as JsonObject);
    const given = anonymous((values.volumes ?? []) as string[]);
    const volumes = [...new Set([...ofImage, ...given])];
    return {
      ...(values.mounts !== undefined && { mounts: values.mounts }),
      ...(volumes.length > 0 && { volumes }),
      volume_binds: values.volume_binds ?? [],
    };
  },
  create: (values, { config, hostConfig }) => {
    if (values.mounts !== undefined) hostConfig.Mounts = (values.mounts as JsonObject[]).map(toEngine);
    if (values.volumes !== undefined) {
      config.Volumes = Object.fromEntries(anonymous(values.volumes as string[]).map((volume) => [volume, {}]));
    }
    if (values.volume_binds !== undefined) hostConfig.Binds = values.volume_binds;
  },
};
