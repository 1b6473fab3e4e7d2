import { quoteJson } from '../../values/dump-json.ts';
import { type Dict, toRepr, toText, type Value } from '../../values/index.ts';

interface Part {
  /** The lines of a table's plain values. */
  readonly lines: string;
  /** The tables inside of it, by their quoted names. */
  readonly tables: Map<string, Dict>;
}

/** A mapping as TOML, its tables level by level: what ansible-inventory --toml prints. TOML has no null: such keys are left out. */
export const dumpToml = (value: Dict): string => {
  const top = writeTable(value, '');
  let text = top.lines;
  let level = top.tables;
  while (level.size > 0) {
    const next = new Map<string, Dict>();
    for (const [path, table] of level) {
      const { lines, tables } = writeTable(table, `${path}.`);
      if (lines !== '' || tables.size === 0) {
        if (text !== '' && !text.endsWith('\n\n')) text += '\n';
        text += `[${path}]\n${lines}`;
      }
      for (const [name, inner] of tables) next.set(`${path}.${name}`, inner);
    }
    level = next;
  }
  return text;
};

const writeTable = (table: Dict, prefix: string): Part => {
  let lines = '';
  let arrays = '';
  const tables = new Map<string, Dict>();
  for (const [key, value] of table) {
    const name = quoteKey(toText(key));
    if (value === null) continue;
    if (value instanceof Map) tables.set(name, value);
    else if (isArrayOfTables(value)) arrays += writeArray(value, prefix + name);
    else lines += `${name} = ${writeValue(value)}\n`;
  }
  return { lines: lines + arrays, tables };
};

const isArrayOfTables = (value: Value): value is Dict[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Map);

const writeArray = (items: readonly Dict[], path: string): string =>
  items
    .map((item) => {
      const lines = [...item]
        .filter(([, value]) => value !== null)
        .map(([key, value]) => `${quoteKey(toText(key))} = ${writeValue(value)}\n`);
      return `[[${path}]]\n${lines.join('')}\n`;
    })
    .join('');

const writeValue = (value: Value): string => {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return toRepr(value).replace(/e([+-])0/, 'e$1');
  if (Array.isArray(value)) {
    return `[${value.map((item) => (item === null ? '' : ` ${writeValue(item)},`)).join('')}]`;
  }
  if (value instanceof Map) {
    const entries = [...value].filter(([, item]) => item !== null);
    return `{ ${entries.map(([key, item]) => `${quoteKey(toText(key))} = ${writeValue(item)}`).join(', ')} }`;
  }
  const text = toText(value);
  // Floats without a fraction, and dates, stand without quotes.
  if (typeof value !== 'string' && /^[-+]?(\d[\d.e+-]*|inf|nan)$|^\d{4}-\d\d-\d\d([T ].*)?$/.test(text)) {
    return text.replace(' ', 'T').replace('+00:00', 'Z');
  }
  return quoteJson(text, false);
};

const quoteKey = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? key : quoteJson(key, false));
