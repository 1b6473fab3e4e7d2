import { ModuleFailure } from '../../../errors/index.ts';
import { type Dict, type Json, toJson, toText, type Value } from '../../../values/index.ts';

const ranges = 'BKMGTPEZY';

/** Bytes from `512`, `2G`, `1.5KB`. Throws ModuleFailure that names `option`. */
export const toBytes = (text: string, option: string): number => {
  const [, number, unit = ''] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text) ?? [];
  const refuse = (why: string): never => {
    throw new ModuleFailure(`Failed to convert ${option} to bytes: ${why}`);
  };
  if (number === undefined || number === '' || number === '.') return refuse(`'${text}' is no number of bytes`);
  const power = unit === '' ? 0 : ranges.indexOf(unit[0]!.toUpperCase());
  const isWhole = unit.length <= 1 || /^(?:bytes?|[KMGTPEZY](?:B|iB|bytes?))$/i.test(unit);
  if (power === -1 || !isWhole || /^[KMGTPEZY]b$/.test(unit)) {
    return refuse(`'${unit}' is no unit; it must be one of B, K, M, G, T, P, E, Z, Y, such as 512M or 2GB`);
  }
  return Math.round(Number(number) * 1024 ** power);
};

/** Nanoseconds from `1m30s`, `500ms`. Throws ModuleFailure for anything else. */
export const toNanoseconds = (text: string): number => {
  const parts = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?(?:(\d+)us)?$/.exec(text);
  if (!parts) throw new ModuleFailure(`Invalid time duration - ${text}`);
  const [hours, minutes, seconds, milliseconds, microseconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return (((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds) * 1_000_000 + microseconds * 1000;
};

/** A value as text for the engine, to which true is `true`. */
const engineText = (value: Value): string =>
  typeof value === 'boolean' ? String(value) : value === null ? '' : toText(value);

/** A dict of texts for the engine. */
export const engineTexts = (dict: Dict | undefined): Record<string, string> => {
  const texts: Record<string, string> = Object.create(null);
  for (const [name, value] of dict ?? []) texts[toText(name)] = engineText(value);
  return texts;
};

/** Filters from a dict: what is a list stays one. */
export const engineFilters = (dict: Dict | undefined): string => {
  const values: Record<string, string[]> = Object.create(null);
  for (const [name, value] of dict ?? []) {
    values[toText(name)] = Array.isArray(value) ? value.map((item: Value) => engineText(item)) : [engineText(value)];
  }
  return JSON.stringify(values);
};

/** A dict as JSON. */
export const dictJson = (dict: Dict | undefined): { [key: string]: Json } | undefined =>
  dict && (toJson(dict) as { [key: string]: Json });
