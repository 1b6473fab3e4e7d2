import { extname } from 'node:path';
import { type Origin, SourceError } from '../../errors/index.ts';
import { readSource } from '../../playbook/yaml/index.ts';
import { type Dict, float, PyDate, PyDateTime, toText, toValue, typeName, type Value } from '../../values/index.ts';
import { expandHostPattern } from '../address.ts';
import { isReadableFile } from '../files.ts';
import { asTemplates } from '../template-values.ts';
import type { SourceContext, SourceKind } from './source.ts';

/** Inventory in TOML: `[group.hosts]`, `[group.vars]`, `children = […]`. */
export const tomlSource: SourceKind = {
  name: 'toml',
  accepts: (source) => extname(source) === '.toml' && isReadableFile(source),
  read: async (source, context) => {
    const data = await parse(source, context);
    if (data.size === 0) throw new SourceError(`Parsed empty TOML file: ${source}`);
    if (data.has('plugin')) throw new SourceError('Plugin configuration TOML file, not TOML inventory');
    for (const [name, group] of data) readGroup(name, group, context);
  },
};

const parse = async (source: string, { vault }: SourceContext): Promise<Dict> => {
  const { parse: parseToml, TomlDate, TomlError } = await import('smol-toml');
  const origin: Origin = { file: source, line: 1, column: 1 };
  // Integers come as bigints, so that 1.0 stays a float.
  const convert = (value: unknown): Value => {
    if (Array.isArray(value)) return value.map(convert);
    if (value instanceof TomlDate) return readDate(value.toISOString());
    if (typeof value === 'number') return float(value);
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    if (typeof value === 'object' && value !== null) {
      return new Map(Object.entries(value).map(([key, item]) => [key, convert(item)]));
    }
    return toValue(value as string | boolean);
  };
  try {
    const data = parseToml(readSource(source, vault), { integersAsBigInt: true });
    return asTemplates(convert(data), origin) as Dict;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    throw new SourceError({
      message: `TOML syntax: ${message}`,
      origin: { file: source, line: error.line, column: error.column },
    });
  }
};

// Dates and times of a date as Python's objects; a time alone stays text.
const readDate = (text: string): Value => {
  const [, date, time, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\d)?(?:T?(\d\d:\d\d:\d\d)(?:\.(\d+))?(.*))?$/.exec(text) ?? [];
  if (date === undefined) return time ?? text;
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  if (time === undefined) return new PyDate(year, month, day);
  const [hour, minute, second] = time.split(':').map(Number) as [number, number, number];
  const microsecond = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const offset = zone ? { offset: readOffset(zone) } : {};
  return new PyDateTime({ year, month, day, hour, minute, second, microsecond, ...offset });
};

// Seconds east of Greenwich of `Z`, `+02:00`.
const readOffset = (zone: string): number => {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
};

const readGroup = (name: Value, data: Value, context: SourceContext): void => {
  const { inventory, warn } = context;
  if (data !== null && !(data instanceof Map)) {
    warn(`Skipping '${toText(name)}' as this is not a valid group definition`);
    return;
  }
  const group = inventory.addGroup(name);
  for (const [key, value] of data ?? []) {
    if (key === 'vars') {
      for (const [variable, item] of dictOf(group, key, value)) inventory.setGroupVariable(group, variable, item);
    } else if (key === 'children') {
      if (!Array.isArray(value)) throw wrongType(group, key, 'list', value);
      for (const child of value) inventory.addChildGroup(group, inventory.addGroup(child));
    } else if (key === 'hosts') {
      for (const [pattern, variables] of dictOf(group, key, value)) {
        const { hosts, port } = expandHostPattern(toText(pattern));
        for (const hostName of hosts) {
          const host = inventory.addHost(hostName, group, port);
          for (const [variable, item] of dictOf(group, key, variables)) inventory.setHostVariable(host, variable, item);
        }
      }
    } else {
      warn(
        `Skipping unexpected key "${toText(key)}" in group "${group}", only "vars", "children" and "hosts" are valid`,
      );
    }
  }
};

const dictOf = (group: string, key: string, value: Value): Dict => {
  if (value instanceof Map) return value;
  throw wrongType(group, key, 'dict', value);
};

const wrongType = (group: string, key: string, wanted: string, value: Value): SourceError =>
  new SourceError(
    `Invalid "${key}" entry for "${group}" group, requires a ${wanted}, found "${typeName(value)}" instead.`,
  );
