import type { Json } from '../../../../values/index.ts';
import type { ArgumentsOf } from '../../../arguments.ts';
import type { ComparisonMode, ComparisonType } from '../compare.ts';
import type { JsonObject } from '../engine.ts';
import type { containerArguments } from './arguments.ts';

export type ContainerArguments = ArgumentsOf<typeof containerArguments>;

/** Values of arguments by their names, as the engine has them. */
export type Values = Readonly<Record<string, Json | undefined>>;

export interface OptionSpec {
  readonly name: string;
  readonly type: ComparisonType;
  /** How it is compared unless told; strict for values and lists, otherwise allow_more_present. */
  readonly mode?: ComparisonMode;
  /** The argument whose mode it takes over. */
  readonly modeOf?: string;
}

/** Arguments that belong together: how they are read, compared, and told to the engine. */
export interface OptionGroup {
  readonly options: readonly OptionSpec[];
  /** The values that were given, checked and in the engine's form; nothing for those that were not. */
  read(args: ContainerArguments): Values;
  /** What a container has. */
  current(container: Inspected): Values;
  /** What a container must have, when some of it comes from the image. */
  expected?(values: Values, image: Inspected | undefined, args: ContainerArguments): Values;
  /** Puts the values into a request that makes a container. */
  create(values: Values, request: CreateRequest): void;
  /** Puts them into a request that changes a container, for what can be changed. */
  update?(values: Values, request: JsonObject): void;
}

/** The parts of an image or a container that matter here. */
export interface Inspected {
  readonly Config: JsonObject;
  readonly HostConfig: JsonObject;
  readonly Platform?: Json;
}

export interface CreateRequest {
  readonly config: JsonObject;
  readonly hostConfig: JsonObject;
  platform: string | undefined;
}

type Section = 'Config' | 'HostConfig';

interface SimpleOptions {
  /** The engine's form of a given value; undefined leaves it out. */
  readonly read?: (args: ContainerArguments) => Json | undefined;
  readonly isUpdatable?: boolean;
  readonly mode?: ComparisonMode;
}

/** An argument that is one value of the configuration. */
export const simple = (
  name: keyof ContainerArguments & string,
  section: Section,
  key: string,
  type: ComparisonType,
  { read, isUpdatable, mode }: SimpleOptions = {},
): OptionGroup => ({
  options: [{ name, type, ...(mode && { mode }) }],
  read: (args) => {
    if (args[name] === undefined) return {};
    const value = read ? read(args) : (args[name] as Json);
    return value === undefined ? {} : { [name]: value };
  },
  current: (container) => ({ [name]: container[section][key] }),
  create: (values, { config, hostConfig }) => {
    if (name in values) (section === 'Config' ? config : hostConfig)[key] = values[name]!;
  },
  ...(isUpdatable && {
    update: (values: Values, request: JsonObject) => {
      if (name in values) request[key] = values[name]!;
    },
  }),
});
