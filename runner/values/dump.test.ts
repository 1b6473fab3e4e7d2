import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dumpJson, dumpYaml, float, integer, type Value } from './index.ts';

type Noted = null | boolean | string | { d: [Noted, Noted][] } | { l: Noted[] } | { f: string } | { i: string };

// Values and what PyYAML with libyaml, and Python's json, made of them.
const recorded = JSON.parse(
  readFileSync(new URL('../../test/templating/recorded/dumps.json', import.meta.url), 'utf8'),
) as [Noted, Record<string, never>, string, string, string][];

const read = (noted: Noted): Value => {
  if (noted === null || typeof noted !== 'object') return noted;
  if ('d' in noted) return new Map(noted.d.map(([key, item]) => [read(key), read(item)]));
  if ('l' in noted) return noted.l.map(read);
  return 'f' in noted ? float(Number(noted.f)) : integer(BigInt(noted.i));
};

const orError = (work: () => string): string => {
  try {
    return work();
  } catch (error) {
    return `ERR ${(error as Error).message}`.slice(0, 24);
  }
};

describe('data is written as Python writes it', () => {
  test.each(recorded.map((entry, index) => [index, ...entry] as const))('YAML %i', (_index, noted, options, yaml) => {
    const written = dumpYaml(read(noted), {
      indent: options.indent,
      width: options.width,
      flowStyle: options.default_flow_style,
      sortKeys: options.sort_keys ?? true,
      allowUnicode: options.allow_unicode,
      defaultStyle: options.default_style,
      explicitStart: options.explicit_start,
      explicitEnd: options.explicit_end,
    });
    expect(written).toBe(yaml);
  });

  test.each(recorded.map((entry, index) => [index, ...entry] as const))(
    'JSON %i',
    (_index, noted, _options, _yaml, plain, nice) => {
      const value = read(noted);
      expect(orError(() => dumpJson(value))).toBe(orError(() => plain));
      const options = { indent: 4, sortKeys: true, separators: [',', ': '] } as const;
      const expected = nice.startsWith('ERR') ? nice.slice(0, 24) : nice;
      expect(orError(() => dumpJson(value, options))).toBe(expected);
    },
  );

  test('a list in two places becomes an anchor and an alias', () => {
    const shared: Value = [1];
    expect(
      dumpYaml(
        new Map<Value, Value>([
          ['x', shared],
          ['y', shared],
        ]),
      ),
    ).toBe('x: &id001 [1]\ny: *id001\n');
  });
});
