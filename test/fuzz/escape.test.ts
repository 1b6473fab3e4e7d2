import { expect, test } from 'vitest';
import { MusterError } from '../../runner/errors/index.ts';
import { filters } from '../../runner/template/filters/index.ts';
import { Templar } from '../../runner/template/index.ts';
import { tests } from '../../runner/template/tests/index.ts';
import {
  type Dict,
  dict,
  Float,
  PyFunction,
  PyObject,
  Template,
  toRepr,
  Undefined,
  type Value,
  VaultText,
} from '../../runner/values/index.ts';
import { LayeredScope } from '../../runner/variables/index.ts';
import { playAttended } from '../support/attended-play.ts';
import { randomFrom } from './random.ts';

const templar = new Templar({ filters, tests, lookups: [], extensions: ['jinja2.ext.do', 'jinja2.ext.loopcontrols'] });

const variables = () => ({
  text: 'web',
  number: 5,
  real: 1.5,
  list: ['a', 'b'],
  map: new Map<Value, Value>([['key', 'value']]) as Dict,
  template: new Template('{{ text }}'),
  nothing: null,
});
const scope = (more: Record<string, Value> = {}): LayeredScope => new LayeredScope([dict({ ...variables(), ...more })]);

/** What an expression evaluates to; undefined when it is an error for people. Anything else that is thrown fails the test. */
const evaluated = (expression: string): Value | undefined => {
  try {
    return templar.render(new Template(`{{ ${expression} }}`), scope());
  } catch (error) {
    if (error instanceof MusterError) return undefined;
    throw new Error(`${expression} threw what is no error for people`, { cause: error });
  }
};

// Names of JavaScript's and Python's objects by which sandboxes are left.
const ways = [
  ...[
    'constructor',
    '__proto__',
    'prototype',
    '__defineGetter__',
    '__lookupGetter__',
    'hasOwnProperty',
    'isPrototypeOf',
  ],
  ...['valueOf', 'toLocaleString', 'propertyIsEnumerable', 'caller', 'callee', 'arguments', 'apply', 'bind', 'call'],
  ...['then', 'toJSON', 'toRepr', 'toText', 'attribute', 'iterate', 'operate', 'source', 'origin', 'size', 'forEach'],
  ...['map', 'flatMap', 'reduce', 'at', 'charCodeAt', 'codePointAt', 'padStart', 'matchAll', 'Symbol.iterator', 'set'],
  ...['decrypt', 'ciphertext', 'names_', 'kind', 'typeName', 'toFixed', 'toPrecision', 'length', 'push', 'splice'],
  ...['__class__', '__bases__', '__mro__', '__subclasses__', '__globals__', '__init__', '__builtins__', '__dict__'],
  ...[
    '__code__',
    '__func__',
    '__self__',
    '__import__',
    '__getattribute__',
    '__reduce__',
    'mro',
    'func_globals',
    'gi_frame',
  ],
  ...['process', 'globalThis', 'require', 'module', 'exports', 'Function', 'eval', 'Object', 'Reflect', 'import'],
];
const things = [
  ...[
    "''",
    "'text'",
    'text',
    'number',
    '5',
    '1.5',
    'real',
    'true',
    'none',
    'nothing',
    '[]',
    'list',
    '()',
    '(1, 2)',
    '{}',
  ],
  ...[
    'map',
    'template',
    'range(3)',
    'dict(a=1)',
    'namespace(a=1)',
    'cycler(1, 2)',
    'joiner()',
    'lipsum',
    'range',
    'dict',
  ],
  ...[
    'namespace',
    'cycler',
    'joiner',
    'now',
    'now()',
    'lookup',
    'query',
    'omit',
    'undef()',
    'self',
    'loop',
    'caller',
    'varargs',
  ],
  ...[
    'text.upper',
    'list.append',
    'map.items()',
    'map.keys',
    "'%s' | format",
    "text | regex_search('w')",
    'list | batch(2)',
  ],
  ...[
    "['a'] | groupby('length')",
    'map | dict2items',
    "'2024-01-01' | to_datetime('%Y-%m-%d')",
    'missing',
    '[list, map]',
  ],
];
const reaches: readonly ((thing: string, way: string) => string)[] = [
  (thing, way) => `(${thing}).${way}`,
  (thing, way) => `(${thing})['${way}']`,
  (thing, way) => `(${thing}).${way}.constructor`,
  (thing, way) => `(${thing})['${way}']['constructor']('return process')()`,
  (thing, way) => `(${thing}).${way}('return process')`,
  (thing, way) => `(${thing}) | attr('${way}')`,
  (thing, way) => `(${thing}) | attr('${way}') | attr('constructor')`,
  (thing, way) => `[${thing}] | map(attribute='${way}') | list`,
  (thing, way) => `[${thing}] | map(attribute='${way}.constructor') | list`,
  (thing, way) => `[${thing}] | map('${way}') | list`,
  (thing, way) => `[${thing}] | selectattr('${way}') | list`,
  (thing, way) => `[${thing}] | sum(attribute='${way}')`,
  (thing, way) => `[${thing}] | groupby('${way}') | list`,
  (thing, way) => `[${thing}] | json_query('[].${way}')`,
  (thing, way) => `(${thing}) | ${way}`,
  (thing, way) => `(${thing}) is ${way}`,
  (thing, way) => `'{0.${way}}'.format(${thing})`,
  (thing, way) => `'{0[${way}]}'.format(${thing})`,
  (thing, way) => `'{x.${way}.constructor}'.format(x=${thing})`,
  (thing, way) => `'%(${way})s' % (${thing})`,
  (thing, way) => `'{${way}}'.format_map(${thing})`,
  (thing, way) => `(${thing}) | extract({'${way}': 1})`,
  (thing, way) => `'${way}' | extract(${thing})`,
  (thing, way) => `{'${way}': ${thing}}.${way}.constructor`,
  (thing, way) => `(${thing}) | combine({'${way}': {'polluted': 1}}, recursive=true)`,
  (thing, way) => `dict([['${way}', ${thing}]])`,
  (thing, way) => `namespace(${way.replace(/\W/g, '_')}=${thing})`,
  (thing, way) => `lookup('vars', '${way}', default=${thing})`,
  (thing, way) => `(${thing}).get('${way}', 'none').constructor`,
  (thing, way) => `(${thing}) | default(${way})`,
];

const ours = [PyObject, Float, Undefined, Template, VaultText];

/** Whether a value is of those that templates work with, through and through: nothing of JavaScript's own. */
const isOurs = (value: unknown, depth = 0): boolean => {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (value === null || typeof value !== 'object') return true;
  if (depth > 5) return true;
  if (Array.isArray(value)) return value.every((item) => isOurs(item, depth + 1));
  if (value instanceof Map) return [...value].flat().every((item) => isOurs(item, depth + 1));
  if (value instanceof Set) return [...value].every((item) => isOurs(item, depth + 1));
  return ours.some((kind) => value instanceof kind);
};

// What only code that got out would say.
const outside = /\[native code\]|\[object |function \w*\(|class \w+ (extends|\{)|process\.|polluted/;

test('what is not ours is seen', () => {
  for (const foreign of [() => 1, Symbol('a'), {}, process, new Error('a'), [[() => 1]], new Map([['a', {}]])]) {
    expect(isOurs(foreign)).toBe(false);
  }
  for (const own of [null, 1, 'a', [1], new Map([['a', new Set([1])]]), templar.globals.get('range')]) {
    expect(isOurs(own)).toBe(true);
  }
  expect(outside.test(String(Object))).toBe(true);
});

const attempts = (): string[] =>
  things.flatMap((thing) => ways.flatMap((way) => reaches.map((reach) => reach(thing, way))));

test('no expression reaches the objects of JavaScript', { timeout: 240_000 }, () => {
  const all = attempts();
  const random = randomFrom(15);
  // Thousands of them; more in CI.
  const tried = Array.from({ length: process.env.MUSTER_FUZZ === 'full' ? 30_000 : 6000 }, () => random.pick(all));
  const reached: string[] = [];
  for (const expression of tried) {
    const value = evaluated(expression);
    if (value === undefined) continue;
    const isCombined = expression.includes('polluted') || expression.includes("'return process'");
    if (!isOurs(value) || (!isCombined && outside.test(toRepr(value))))
      reached.push(`${expression} => ${toRepr(value)}`);
  }
  expect(reached).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(tried.length).toBeGreaterThan(5000);
});

test('the known ways out give nothing', () => {
  for (const expression of [
    "''.constructor.constructor('return process')()",
    "[].map.constructor('return process.mainModule')()",
    "{}['__proto__']['polluted']",
    '{}.__class__.__mro__[1].__subclasses__()',
    "''['__class__']['__base__']",
    'lipsum.__globals__',
    "lipsum.__globals__['os'].popen('id').read()",
    'cycler.__init__.__globals__.os',
    'joiner.__init__.__globals__',
    'namespace.__init__',
    'self.__init__',
    "'{0.__class__.__mro__}'.format(text)",
    "'{0.constructor}'.format(text)",
    "'{0.__init__.__globals__}'.format(lipsum)",
    "text | attr('constructor')",
    "[text] | map(attribute='__proto__') | first",
    'text.toString()',
    'list.constructor',
    'map.__proto__',
    'range.constructor',
  ]) {
    const shown = evaluated(`(${expression}) is defined`);
    expect([expression, shown === undefined || shown === false]).toEqual([expression, true]);
  }
});

test('a class is a name and nothing else', () => {
  expect(evaluated("'{0.__class__}'.format('x')")).toBe("<class 'str'>");
  expect(evaluated('5.0.__class__.__name__')).toBe('float');
  for (const name of ['__mro__', '__subclasses__', '__init__', '__base__', 'mro', 'constructor']) {
    expect(evaluated(`number.__class__.${name} is defined`)).not.toBe(true);
  }
});

test('JavaScript objects stay as they are whatever keys are written', () => {
  const names = ['__proto__', 'constructor', 'prototype'];
  for (const name of names) {
    expect(evaluated(`{'${name}': {'polluted': 1}}['${name}'].polluted`)).toBe('1');
    evaluated(`{} | combine({'${name}': {'polluted': 1}}, recursive=true)`);
    evaluated(`'{"${name}": {"polluted": 1}}' | from_json`);
    evaluated(`'${name}: {polluted: 1}' | from_yaml`);
    evaluated(`[['${name}', 1]] | community.general.dict`);
  }
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('functions that templates get are called by templates only', () => {
  const opened = scope({ call: new PyFunction('call', () => 'called') });
  expect(templar.render(new Template('{{ call() }}'), opened)).toBe('called');
  expect(() => templar.render(new Template('{{ call.call.constructor }}'), opened)).toThrow(MusterError);
});

test('what hosts and files say is never rendered', async () => {
  const { results } = await playAttended(
    `  tasks:
    - { command: "printf '%s' '{{ open }}{{ text }}{{ close }}'", register: said, vars: { open: !unsafe "{{", close: !unsafe "}}", text: " 6 * 7 " } }
    - { debug: { msg: "{{ said.stdout }}" } }
    - { set_fact: { kept: "{{ said.stdout }}" } }
    - { debug: { msg: "{{ kept }}" } }
    - { debug: { msg: "{{ lifted }}" }, vars: { lifted: "{{ inner }}", inner: "{{ kept }}" } }
    - { copy: { content: "{{ said.stdout }}", dest: "{{ place }}/said" } }
    - { slurp: { src: "{{ place }}/said" }, register: read }
    - { debug: { msg: "{{ read.content | b64decode }}" } }
    - { debug: { msg: "{{ lookup('file', place + '/said') }}" } }
    - { debug: { msg: "{{ lookup('pipe', 'cat ' + place + '/said') }}" } }
    - { debug: { msg: "{{ [said.stdout] | map('trim') | first }}" } }
    - { debug: { msg: "{{ item }}" }, loop: ["{{ said.stdout }}"] }
    - { debug: { msg: "{{ hostvars.localhost.kept }}" } }
    - { debug: { var: said.stdout } }
    - { debug: { msg: yes }, when: said.stdout == '42' }
    - { set_fact: { "{{ 'name' }}": "{{ said.stdout_lines }}" } }
    - { debug: { msg: "{{ name.0 }}" } }
    - { template: { src: "{{ place }}/outer.j2", dest: "{{ place }}/out" }, vars: { x: "{{ said.stdout }}" } }
    - { command: "cat {{ place }}/out", register: out }
    - { debug: { msg: "{{ out.stdout }}" } }
`,
    { files: { 'outer.j2': 'x={{ x }}' } },
  );
  const braces = '{{ 6 * 7 }}';
  const shown = results.map(({ result, status }) =>
    status === 'skipped' ? status : (result.msg ?? result['said.stdout']),
  );
  expect(results.filter(({ status }) => status === 'failed').map(({ result }) => result)).toEqual([]);
  expect(shown.filter((text) => text !== undefined && text !== '')).toEqual([
    ...Array.from({ length: 7 }, () => braces),
    ...['All items completed', braces, braces, 'skipped', braces, `x=${braces}`],
  ]);
});
