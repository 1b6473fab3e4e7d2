import { ModuleFailure } from '../../../../errors/index.ts';
import { toText } from '../../../../values/index.ts';
import { type ComparisonMode, Differences, matches } from '../compare.ts';
import { mountOptions } from './mounts.ts';
import type { ContainerArguments, Inspected, OptionGroup, OptionSpec, Values } from './option.ts';
import { portOptions } from './ports.ts';
import { processOptions, unwantedLabels } from './process-options.ts';
import { simpleOptions } from './simple-options.ts';

/** All arguments that are part of a container's configuration. */
export const optionGroups: readonly OptionGroup[] = [...simpleOptions, ...processOptions, mountOptions, portOptions];

// These two are handled by themselves.
const specs: readonly OptionSpec[] = [
  ...optionGroups.flatMap(({ options }) => options),
  { name: 'image', type: 'value' },
  { name: 'networks', type: 'set(dict)' },
];

const aliases: Readonly<Record<string, string>> = {
  exposed: 'exposed_ports',
  expose: 'exposed_ports',
  ports: 'published_ports',
  log_opt: 'log_options',
};

const usualMode = ({ type, mode }: OptionSpec): ComparisonMode =>
  mode ?? (type === 'list' || type === 'value' ? 'strict' : 'allow_more_present');

/** How each argument is compared. */
export type Modes = ReadonlyMap<string, ComparisonMode>;

/** Reads `comparisons` and the older arguments that mean the same. */
export const readModes = (args: ContainerArguments, warn: (message: string) => void): Modes => {
  const modes = new Map(specs.map((spec) => [spec.name, usualMode(spec)]));
  if (args.ignore_image) modes.set('image', 'ignore');
  if (args.purge_networks) modes.set('networks', 'strict');
  const given = new Map([...(args.comparisons ?? [])].map(([name, mode]) => [toText(name), toText(mode)]));
  const all = given.get('*');
  if (all !== undefined) {
    if (all !== 'strict' && all !== 'ignore') {
      throw new ModuleFailure("The wildcard can only be used with comparison modes 'strict' and 'ignore'!");
    }
    for (const { name } of specs) {
      if (name !== 'networks' || args.networks !== undefined) modes.set(name, all);
    }
  }
  const used = new Map<string, string>();
  for (const [name, mode] of given) {
    if (name === '*') continue;
    const main = aliases[name] ?? name;
    const spec = specs.find((other) => other.name === main && other.modeOf === undefined);
    if (!spec) throw new ModuleFailure(`Unknown module option '${name}' in comparisons dict!`);
    if (used.has(main)) {
      throw new ModuleFailure(
        `Both '${name}' and '${used.get(main)}' (aliases of ${main}) are specified in comparisons dict!`,
      );
    }
    used.set(main, name);
    if (mode !== 'strict' && mode !== 'ignore' && mode !== 'allow_more_present') {
      throw new ModuleFailure(`Unknown comparison mode '${mode}'!`);
    }
    if (mode === 'allow_more_present' && spec.type === 'value') {
      throw new ModuleFailure(
        `Option '${name}' is a value and not a set/list/dict, so its comparison cannot be ${mode}`,
      );
    }
    modes.set(main, mode);
  }
  for (const { name, modeOf } of specs) if (modeOf !== undefined) modes.set(name, modes.get(modeOf)!);
  if (args.ignore_image && modes.get('image') !== 'ignore') {
    warn('The ignore_image option has been overridden by the comparisons option!');
  }
  if (args.purge_networks && modes.get('networks') !== 'strict') {
    warn('The purge_networks option has been overridden by the comparisons option!');
  }
  return modes;
};

/** What of a container differs from what is wanted, for groups that can or cannot be changed in place. */
export const findDifferences = (
  groups: readonly (readonly [OptionGroup, Values])[],
  container: Inspected,
  image: Inspected | undefined,
  modes: Modes,
  args: ContainerArguments,
): Differences => {
  const differences = new Differences();
  for (const [group, values] of groups) {
    const current = group.current(container);
    const expected = group.expected?.(values, image, args) ?? values;
    for (const { name, type } of group.options) {
      if (expected[name] === undefined) continue;
      if (matches(expected[name], current[name], modes.get(name)!, type)) continue;
      if (name === 'labels') checkLabels(image, modes, args);
      differences.add(name, expected[name], current[name]);
    }
  }
  return differences;
};

const checkLabels = (image: Inspected | undefined, modes: Modes, args: ContainerArguments): void => {
  if (modes.get('labels') !== 'strict' || args.image_label_mismatch !== 'fail') return;
  const unwanted = unwantedLabels(image?.Config.Labels, args);
  if (unwanted.length === 0) return;
  throw new ModuleFailure(
    `Labels of the image are not among the labels, which are compared strictly: ${unwanted.map((label) => `"${label}"`).join(', ')}. With image_label_mismatch: ignore they may stay`,
  );
};
