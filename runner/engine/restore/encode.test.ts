import { expect, test } from 'vitest';
import {
  dict,
  Float,
  markText,
  namedTuple,
  Template,
  textMark,
  toRepr,
  tuple,
  type Value,
  WithheldText,
} from '../../values/index.ts';
import { decodeValue, encodeValue } from './encode.ts';

const withheld = (): Value => new WithheldText('it is gone', 'ask again');

/** What becomes of a value on its way through the text of a record. */
const kept = (value: Value, isSecret: (text: string) => boolean = () => false) => {
  const { json, isWhole } = encodeValue(value, isSecret);
  return { value: decodeValue(JSON.parse(JSON.stringify(json)), withheld), isWhole };
};

test('keeps every kind of value as it is', () => {
  const value: Value = dict({
    text: 'a\u0000b\n{{ x }}',
    numbers: [1, 1.5, new Float(1), new Float(Number.POSITIVE_INFINITY), 2n ** 70n, -3],
    nothing: null,
    truth: [true, false],
    tuple: tuple([1, tuple(['x'])]),
    named: namedTuple('group', { grouper: 'a', list: [1] }),
    set: new Set<Value>(['a', 1]),
    template: new Template('{{ x }}'),
    keys: new Map<Value, Value>([
      ['10', 1],
      ['9', 2],
      [3, 'three'],
      [true, 'yes'],
      ['$', 'dollar'],
      ['__proto__', 'text'],
    ]),
    __proto__: 'own',
  });
  const { value: same, isWhole } = kept(value);
  expect(isWhole).toBe(true);
  expect(toRepr(same)).toBe(toRepr(value));
  expect(same).toEqual(value);
});

test('keeps what is known of the types of texts', () => {
  const value: Value = dict({ a: '[1]', list: ['[2]'] });
  markText(value, 'a', 'NativeJinjaText');
  const list = (value as Map<Value, Value>).get('list') as Value[];
  markText(list, 0, 'AnsibleUnsafeText');
  const same = kept(value).value as Map<Value, Value>;
  expect(textMark(same, 'a')).toBe('NativeJinjaText');
  expect(textMark(same.get('list') as Value[], 0)).toBe('AnsibleUnsafeText');
});

test('leaves secrets out, and nothing else', () => {
  const isSecret = (text: string): boolean => text.includes('hunter2');
  const { value, isWhole } = kept(dict({ cmd: ['mysql', '-phunter2'], rc: 0 }), isSecret);
  expect(isWhole).toBe(false);
  const cmd = (value as Map<Value, Value>).get('cmd') as Value[];
  expect(cmd[0]).toBe('mysql');
  expect(() => (cmd[1] as WithheldText).decrypt()).toThrow('it is gone');
  expect((value as Map<Value, Value>).get('rc')).toBe(0);
  expect(JSON.stringify(encodeValue(dict({ hunter2: 1, n: 2 }), isSecret).json)).toBe('{"$":"withheld"}');
});
