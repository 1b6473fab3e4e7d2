import { describe, expect, test } from 'vitest';
import { ModuleFailure } from '../errors/index.ts';
import { dict, Template } from '../values/index.ts';
import type { ArgumentSpecs } from './arguments.ts';
import { defineAction } from './define.ts';
import { checkArguments, readArguments } from './read-arguments.ts';

const specs = {
  path: { type: 'path', doc: '', required: true, aliases: ['dest'] },
  state: { type: 'str', doc: '', choices: ['file', 'absent'], default: 'file' },
  force: { type: 'bool', doc: '', default: false },
  count: { type: 'int', doc: '' },
  items: { type: 'list', elements: 'int', doc: '' },
  upgrade: { type: 'str', doc: '', choices: ['dist', 'no', 'yes'] },
  login: { type: 'dict', doc: '', options: { user: { type: 'str', doc: '', required: true } } },
  src: { type: 'path', doc: '' },
  content: { type: 'str', doc: '' },
} as const satisfies ArgumentSpecs;

const module = defineAction({
  name: 'test.test.example',
  summary: '',
  args: specs,
  mutuallyExclusive: [['src', 'content']],
  requiredIf: [['state', 'absent', ['force']]],
  returns: {},
  supports: { check: 'full', diff: false },
  run: async () => ({}),
});

const read = (given: Parameters<typeof dict>[0]) => readArguments(module, dict(given)).values;
const failure = (given: Parameters<typeof dict>[0]): string => {
  try {
    read(given);
  } catch (error) {
    if (error instanceof ModuleFailure) return error.message;
  }
  return 'no failure';
};

describe('readArguments', () => {
  test('converts by type, takes aliases and fills defaults in', () => {
    expect(read({ dest: '/a', force: 'yes', count: '7', items: '1,2' })).toEqual({
      path: '/a',
      state: 'file',
      force: true,
      count: 7,
      items: [1, 2],
    });
  });

  test('a boolean that YAML made of yes or no chooses the word', () => {
    expect(read({ path: '/a', upgrade: true }).upgrade).toBe('yes');
    expect(read({ path: '/a', upgrade: 'False' }).upgrade).toBe('no');
  });

  test.each([
    [{}, /missing required arguments: path/],
    [
      { path: '/a', stat: 'file' },
      /Unsupported parameters for \(test.test.example\) module: stat\..*did you mean 'state'/,
    ],
    [{ path: '/a', state: 'gone' }, /value of state must be one of: file, absent, got: gone/],
    [{ path: '/a', count: 'many' }, /argument 'count' is of type <class 'str'> and we were unable to convert to int/],
    [{ path: '/a', src: 'x', content: 'y' }, /parameters are mutually exclusive: src\|content/],
    [{ path: '/a', login: dict() }, /missing required arguments: user found in login/],
    [
      { path: '/a', login: dict({ user: 'x', pass: 'y' }) },
      /Unsupported parameters: login\.pass\. Supported parameters include: user/,
    ],
  ])('refuses %j', (given, message) => {
    expect(failure(given)).toMatch(message);
  });

  test('all mistakes are told at once', () => {
    expect(failure({ count: 'x', state: 'y' })).toMatch(/path.*state.*count/s);
  });
});

test('checkArguments does not judge what is still to be rendered', () => {
  const isOpen = (value: unknown) => value instanceof Template;
  const given = dict({ path: new Template('{{ p }}'), count: new Template('{{ n }}'), stat: 'x' });
  expect(checkArguments(module, given, isOpen).map(({ argument }) => argument)).toEqual(['stat']);
});
