// The values that playbooks compute with, with Python's rules: truth, equality, order, printing, JSON.

export * from './bytes.ts';
export * from './calendar.ts';
export * from './compare.ts';
export * from './convert.ts';
export * from './dates.ts';
export * from './dump-json.ts';
export * from './dump-yaml.ts';
export * from './fnmatch.ts';
export * from './json-mistake.ts';
export * from './objects.ts';
export * from './print.ts';
export * from './python-random.ts';
export * from './python-regex.ts';
export * from './stars.ts';
export * from './strftime.ts';
export * from './strptime.ts';
export * from './text-marks.ts';
export * from './types.ts';
export * from './withheld.ts';
