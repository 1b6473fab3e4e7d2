import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { main } from '../cli/index.ts';
import type { Timed } from '../events/index.ts';

const directory = folderForEachTest('muster-jsonl-');

beforeEach(() => {
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

const schema = JSON.parse(readFileSync(new URL('../../schemas/event.schema.json', import.meta.url), 'utf8')) as {
  oneOf: { title: string }[];
};
const ajv = new Ajv({ strict: true, allErrors: true });
const isEvent: (event: unknown) => boolean = ajv.compile(schema);
const validators = new Map<string, ValidateFunction<unknown>>(schema.oneOf.map((one) => [one.title, ajv.compile(one)]));

/** Why an event is not as the schema says. */
const mistakes = (event: Timed): string[] => {
  const { type } = event;
  const validate = validators.get(type);
  if (!validate) return [`no schema of ${type}`];
  if (validate(event)) return isEvent(event) ? [] : [`${type} is several events`];
  return validate.errors!.map(({ instancePath, message }) => `${type}${instancePath} ${message}`);
};

const run = async (files: Readonly<Record<string, string>>, ...args: string[]) => {
  for (const [name, text] of Object.entries(files)) directory.write(name, text);
  const report = directory.at('events.jsonl');
  const exitCode = await main(['run', directory.at('site.yml'), '--output', `jsonl=${report}`, ...args]);
  const events = readFileSync(report, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Timed);
  return { exitCode, events };
};

test('every event of real runs is as the schema says', async () => {
  directory.write('hosts', '[web]\na\nb\nc\n[all:vars]\nansible_connection=local\n');
  const files = {
    'site.yml': `
- name: First
  hosts: web
  tasks:
    - command: echo {{ item }}
      loop: [1, 2]
      loop_control: {label: "no. {{ item }}"}
    - shell: echo out; echo err >&2; exit 3
      ignore_errors: true
      notify: Tell
    - copy: {content: "{{ inventory_hostname }}\\n", dest: "${directory.path}/file-{{ inventory_hostname }}"}
      diff: true
      notify: Tell
    - command: test -e ${directory.path}/nothing
      register: found
      until: found.rc == 0
      retries: 1
      delay: 0
      ignore_errors: true
    - command: sleep 1
      async: 20
      poll: 1
      run_once: true
    - include_tasks: "{{ item }}"
      loop: [more.yml]
    - debug: {msg: hello}
      delegate_to: a
    - command: echo secret-text
      no_log: true
    - pause: {seconds: 1}
    - meta: clear_facts
    - block:
        - command: echo {{ missing }}
      rescue:
        - debug: {var: ansible_failed_task.name}
    - set_stats: {data: {count: 1}}
    - fail: {msg: the end}
      when: inventory_hostname == 'b'
  handlers:
    - name: Tell
      command: 'true'
- name: Second
  hosts: nobody
  tasks: []
- name: Third
  hosts: web
  strategy: free
  tasks:
    - ping:
- name: Fourth
  hosts: web
  any_errors_fatal: true
  tasks:
    - command: 'false'
`,
    'more.yml': '- ping:\n',
  };
  const { exitCode, events } = await run(files, '-i', directory.at('hosts'));
  expect(exitCode).toBe(2);
  expect(events.flatMap(mistakes)).toEqual([]);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const { oneOf } = schema;
  const seen = new Set(events.map(({ type }) => type as string));
  expect(oneOf.map(({ title }) => title).filter((title) => !seen.has(title))).toEqual([]);
  expect(JSON.stringify(events)).not.toMatch(/"stdout":"secret-text"/);
});

test('a run that breaks off tells so in events of the same form', async () => {
  const playbook =
    "- hosts: localhost\n  gather_facts: false\n  tasks:\n    - include_tasks: none.yml\n- hosts: localhost\n  vars_files: ['none.yml']\n  tasks: [{ping: }]\n";
  const { exitCode, events } = await run({ 'site.yml': playbook });
  expect(exitCode).not.toBe(0);
  expect(events.flatMap(mistakes)).toEqual([]);
  expect(events.at(-1)).toMatchObject({ type: 'run_ended', exitCode });
});
