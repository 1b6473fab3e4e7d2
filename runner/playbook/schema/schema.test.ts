import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { allSettings } from '../../config/index.ts';
import { loadYaml } from '../yaml/index.ts';
import {
  argumentSpecsSchema,
  checkSchema,
  configSchema,
  inventorySchema,
  playbookSchema,
  roleMetaSchema,
  type SchemaName,
  tasksSchema,
} from './index.ts';

const schemas = {
  playbook: playbookSchema(),
  tasks: tasksSchema(),
  'role-meta': roleMetaSchema(),
  'argument-specs': argumentSpecsSchema(),
  inventory: inventorySchema(),
  config: configSchema(allSettings),
};

const mistakes = (name: SchemaName, text: string): string[] =>
  checkSchema(name, loadYaml(text, 'f.yml'), 'f.yml').map(
    ({ message, origin, expected, hint }) =>
      `${origin?.line}:${origin?.column} ${message}${expected ? ` [${expected}]` : ''}${hint ? ` (${hint})` : ''}`,
  );

// With UPDATE_SCHEMAS=1 the files are written anew from the tables in the source; `npm run format` lays them out.
it.each(Object.entries(schemas))('schemas/%s.schema.json is what the source says', (name, schema) => {
  const file = new URL(`../../../schemas/${name}.schema.json`, import.meta.url);
  if (process.env.UPDATE_SCHEMAS) writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(schema);
  expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true);
});

it('accepts what playbooks may hold', () => {
  const text = `
- hosts: [web, db]
  gather_facts: "{{ wanted }}"
  serial: ["10%", 5]
  vars_prompt: {name: a, private: no}
  roles: [common, {role: x, port: 80, tags: a, when: y}]
  handlers: [{name: h, listen: topic, service: name=x state=restarted}]
  tasks:
    -
    - {block: [{ping: }], rescue: [{debug: {msg: "{{ x }}"}}], when: [a, true]}
    - {name: 5, ansible.builtin.command: ls, retries: "3", become: "yes", with_items: [1], environment: [{A: b}]}
    - {local_action: {module: copy, src: a}, args: "{{ more }}", async: "{{ n }}", loop: "{{ l }}", loop_control: {label: x}}
- import_playbook: other.yml
  vars: {a: 1}
`;
  expect(mistakes('playbook', text)).toEqual([]);
});

it('tells each mistake with its place', () => {
  const text = `- hosts: all
  gather_fact: no
  tasks:
    - ping:
      retries: many
      notfy: 5
    - rescue: []
    - name: [a]
      become: perhaps
- tasks: []
- import_playbook: ""
  hosts: all
`;
  expect(mistakes('playbook', text)).toEqual([
    "2:3 'gather_fact' is not expected here (did you mean 'gather_facts'?)",
    "5:16 the value of 'retries' does not fit [a whole number]",
    "6:14 the value of 'notfy' does not fit [arguments as a mapping or as text]",
    "7:7 'block' is missing",
    "8:13 the value of 'name' does not fit [text]",
    "9:15 the value of 'become' does not fit [yes or no]",
    "10:3 'hosts' is missing",
    "11:20 the value of 'import_playbook' does not fit [a playbook's file]",
    "12:3 'hosts' is not expected here",
  ]);
});

it('checks roles and inventories', () => {
  expect(mistakes('role-meta', 'dependencies: [a, {role: b, x: 1}]\ngalaxy_info: {author: me, platforms: []}')).toEqual(
    [],
  );
  expect(mistakes('role-meta', 'dependncies: []')).toEqual([
    "1:1 'dependncies' is not expected here (did you mean 'dependencies'?)",
  ]);
  expect(mistakes('argument-specs', 'argument_specs: {main: {options: {a: {type: str, required: yes}}}}')).toEqual([]);
  expect(mistakes('argument-specs', 'argument_specs:\n  main:\n    options:\n      a: {type: string}')).toEqual([
    "4:17 the value of 'type' does not fit [one of str, list, dict, bool, int, float, path, raw, jsonarg, json, bytes, bits]",
  ]);
  expect(mistakes('inventory', 'all: {hosts: {a: , b: {x: 1}}, children: {web: {hosts: {a: }}}}')).toEqual([]);
  expect(mistakes('inventory', 'plugin: constructed\nstrict: yes')).toEqual([]);
  expect(mistakes('inventory', 'all:\n  host: {a: }\n')).toEqual([
    "2:3 'host' is not expected here (did you mean 'hosts'?)",
  ]);
});
