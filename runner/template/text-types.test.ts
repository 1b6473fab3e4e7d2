import { describe, expect, test } from 'vitest';
import { markText, Template, type Value, VaultText, withTemplates } from '../values/index.ts';
import { LayeredScope, ScopeVars, VariableStore } from '../variables/index.ts';
import { filters } from './filters/index.ts';
import { Templar } from './index.ts';
import { lookups } from './lookups/index.ts';
import { tests } from './tests/index.ts';

const templar = new Templar({ filters, tests, lookups });
const scopeOf = (variables: Record<string, Value>): LayeredScope =>
  new LayeredScope([new Map(Object.entries(variables))]);

describe('text that to_json and its like gave', () => {
  const made = templar.render(new Map([['text', new Template('{{ [1] | to_json }}')]]), scopeOf({}));

  test('stays text when it was stored and is put out again', () => {
    const scope = new LayeredScope([made as Map<Value, Value>]);
    expect(templar.render(new Template('{{ text }}'), scope)).toBe('[1]');
    expect(templar.render(new Template('{{ text | type_debug }}'), scope)).toBe('NativeJinjaText');
    expect(templar.render(new Template("{{ text ~ '' }}"), scope)).toEqual([1]);
  });

  test('is plain text once something else was stored under the name', () => {
    const store = new VariableStore();
    store.set('host', 'text', '[1]', 'NativeJinjaText');
    const render = (): Value => templar.render(new Template('{{ text }}'), new LayeredScope([store.setFacts('host')]));
    expect(render()).toBe('[1]');
    store.set('host', 'text', '[2]');
    expect(render()).toEqual([2]);
  });

  test('stays text as what default falls back to', () => {
    expect(templar.render(new Template('{{ nope | default([1] | to_json) }}'), scopeOf({}))).toBe('[1]');
    expect(templar.render(new Template("{{ '[2]' | default([1] | to_json) }}"), scopeOf({}))).toEqual([2]);
  });
});

test('type_debug tells what was noted of a text', () => {
  const variables = new Map<Value, Value>([
    ['written', 'a'],
    ['computed', 'a'],
    ['reference', new Template('{{ computed }}')],
    ['result', new Map([['stdout', 'a']])],
  ]);
  markText(variables, 'computed', 'str');
  const scope = new LayeredScope([variables], 'host', (name) => name === 'result');
  const type = (expression: string): Value => templar.render(new Template(`{{ ${expression} | type_debug }}`), scope);
  expect(type('written')).toBe('AnsibleUnicode');
  expect(type('computed')).toBe('str');
  expect(type('reference')).toBe('str');
  expect(type('result.stdout')).toBe('AnsibleUnsafeText');
  expect(type('(written ~ "b")')).toBe('str');
});

test('what hostvars cannot render is text where it is read, and a template again where it is stored', () => {
  const inventory = scopeOf({ port: new Template('{{ base + 1 }}'), ports: [new Template('{{ base }}'), 'x'] });
  const scope = scopeOf({ hostvars: new Map([['web', new ScopeVars(inventory, templar, ['vars'])]]) });
  const render = (text: string): Value => templar.render(new Template(text), scope);
  expect(render('{{ hostvars.web.port }}')).toBe('{{ base + 1 }}');
  expect(render('{{ hostvars.web.ports }}')).toEqual(['{{ base }}', 'x']);
  const args = new Map<Value, Value>([
    ['port', new Template('{{ hostvars.web.port }}')],
    ['ports', new Template('{{ hostvars.web.ports }}')],
    ['said', "{{ lookup('env', 'HOME') }}"],
  ]);
  const stored = withTemplates(templar.render(args, scope)) as Map<string, Value>;
  expect(stored.get('port')).toEqual(new Template('{{ base + 1 }}'));
  expect(stored.get('ports')).toEqual([new Template('{{ base }}'), 'x']);
  expect(stored.get('said')).toBe("{{ lookup('env', 'HOME') }}");
});

describe('a variable with encrypted text', () => {
  const refuse = (): string => {
    throw new Error('decrypted');
  };
  const cipher = templar.render(new Template("{{ 'hush' | vault('pw') }}"), scopeOf({})) as string;
  const scope = scopeOf({ closed: new VaultText(cipher, refuse), open: new VaultText(cipher, () => 'hush') });
  const value = (expression: string): Value => templar.evaluate(expression, scope);

  test('is not decrypted by what looks at the encrypted text', () => {
    expect(value('closed is vault_encrypted')).toBe(true);
    expect(value("'x' is vault_encrypted")).toBe(false);
    expect(value("closed | unvault('pw')")).toBe('hush');
    expect(value('closed | type_debug')).toBe('AnsibleVaultEncryptedUnicode');
    expect(() => value('closed | upper')).toThrow('decrypted');
  });

  test('is text to everything else', () => {
    expect(value("open + '!'")).toBe('hush!');
    expect(value('open | upper')).toBe('HUSH');
    expect(value('[open, open.upper()]')).toEqual(['hush', 'HUSH']);
    expect(value('open is string')).toBe(true);
    expect(templar.variable('open', scope)).toBe('hush');
    expect(templar.render(new Template('{{ open }}'), scope)).toBe('hush');
  });
});
