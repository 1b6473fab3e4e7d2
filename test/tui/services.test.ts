import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openServices } from '../../runner/cli/tui/services.ts';
import type { Timed } from '../../runner/events/index.ts';
import type { Services } from '../../runner/tui/sources/services.ts';
import { VaultSecrets } from '../../runner/vault/index.ts';
import { Canaries } from '../support/canary.ts';
import { folderForEachTest } from '../support/folders.ts';

const canaries = new Canaries('argument', 'prompt', 'plain');
const files: Readonly<Record<string, string>> = {
  'hosts.ini': '[web]\nweb1 port=80\nweb2\n[web:vars]\nansible_connection=local\n',
  'group_vars/web.yml': `color: blue\napi_token: ${canaries.of('plain')}\nnested: {password: ${canaries.of('plain')}, size: 3}\n`,
  'playbooks/site.yml': `
- name: Web servers
  hosts: web
  gather_facts: false
  vars: {size: 1}
  vars_prompt:
    - {name: release, prompt: Which release, private: false, default: "1"}
    - {name: token, prompt: Token}
    - {name: twice, prompt: Twice, confirm: true}
  roles: [app]
`,
  'playbooks/slow.yml': `
- hosts: web
  gather_facts: false
  tasks:
    - {name: One, command: "true"}
    - {name: Two, set_fact: {shape: round}, vars: {color: red}}
    - {name: Three, command: "{{ 'false' if inventory_hostname == 'web2' else 'true' }}", register: said}
`,
  'playbooks/roles/app/meta/argument_specs.yml': `
argument_specs:
  main:
    options:
      app_port: {type: int, required: true, description: [Where it, listens]}
      app_key: {type: str, no_log: true}
      app_mode: {choices: [fast, safe]}
      app_debug: {type: bool, default: true}
`,
  'playbooks/roles/app/tasks/main.yml': '- debug: {msg: "{{ app_port }} {{ app_key }} {{ release }} {{ token }}"}\n',
  'playbooks/roles/app/defaults/main.yml': 'app_mode: safe\n',
  'playbooks/tasks/only.yml': '- name: no play\n  debug: {}\n',
  'notes.yml': 'hosts: none of these\n',
};

const directory = folderForEachTest('muster-services-');
const before = process.cwd();
beforeEach(() => {
  for (const [name, text] of Object.entries(files)) directory.write(name, text);
  process.chdir(directory.path);
  vi.stubEnv('MUSTER_RECORD', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.chdir(before);
});

const open = (options: Record<string, unknown> = {}): Services =>
  openServices({ inventory: ['hosts.ini'], runsDir: 'runs', ...options });

/** A run to its end, with its events. */
const play = async (services: Services, request: Parameters<Services['start']>[0]) => {
  const events: Timed[] = [];
  const run = services.start(request, (event) => void events.push(event));
  return { exitCode: await run.done, events, run };
};

test('finds playbooks, and tells how they ran last', async () => {
  const services = open();
  expect(await services.playbooks()).toEqual([
    { path: 'playbooks/site.yml', plays: ['Web servers'], lastRun: undefined },
    { path: 'playbooks/slow.yml', plays: ['web'], lastRun: undefined },
  ]);
});

test('makes a form of questions and argument specs', async () => {
  const fields = await open({ limit: 'web1' }).form('playbooks/site.yml');
  expect(
    fields.map(({ name, kind, type, default: value, isRequired }) => [name, kind, type, value, isRequired]),
  ).toEqual([
    ['inventory', 'option', 'text', 'hosts.ini', false],
    ['limit', 'option', 'text', 'web1', false],
    ['tags', 'option', 'text', '', false],
    ['skip-tags', 'option', 'text', '', false],
    ['check', 'option', 'boolean', 'no', false],
    ['diff', 'option', 'boolean', 'no', false],
    ['extra-vars', 'option', 'text', '', false],
    ['release', 'prompt', 'text', '1', false],
    ['token', 'prompt', 'secret', '', true],
    ['app_port', 'argument', 'number', '', true],
    ['app_key', 'argument', 'secret', '', false],
    ['app_mode', 'argument', 'choice', 'safe', false],
    ['app_debug', 'argument', 'boolean', 'yes', false],
  ]);
  expect(fields.find(({ name }) => name === 'app_port')?.help).toBe('int: Where it listens');
});

test('shows the inventory with where variables come from, and nothing that tells of secrets', async () => {
  const services = open();
  const rows = await services.inventory();
  expect(rows.map(({ kind, name, depth }) => `${kind} ${name} ${depth}`)).toEqual([
    'group all 0',
    'group web 1',
    'host web1 2',
    'host web2 2',
  ]);
  const variables = await services.inventoryVariables(rows[2]!);
  expect(variables.map(({ name, value, level, place }) => [name, value, level, place])).toEqual([
    ['ansible_connection', 'local', 'group web', 'hosts.ini:5'],
    ['api_token', '********', 'group_vars/web', 'group_vars/web.yml:2'],
    ['color', 'blue', 'group_vars/web', 'group_vars/web.yml:1'],
    ['nested', '{"password": "********", "size": 3}', 'group_vars/web', 'group_vars/web.yml:3'],
    ['port', '80', 'host', 'hosts.ini:2'],
  ]);
});

test('runs what a form asks for, and keeps its secrets', async () => {
  directory.write('password', 'sesame\n');
  const services = open({ vaultPasswordFile: ['password'] });
  const asked: string[] = [];
  services.asking.onQuestion(() => {
    const { question } = services.asking;
    if (!question) return;
    asked.push(question.text);
    services.asking.answer(canaries.of('prompt'));
  });
  const secrets = new VaultSecrets({ identities: [{ id: 'default', password: Buffer.from('sesame') }] });
  directory.write(
    'playbooks/roles/app/vars/main.yml',
    secrets.encrypt(Buffer.from(`app_plain: ${canaries.of('plain')}\n`)),
  );
  const { exitCode, events, run } = await play(services, {
    playbooks: ['playbooks/site.yml'],
    limit: 'web1',
    extraVars: [`{"app_port": 8080, "app_key": "${canaries.of('argument')}"}`],
    secretVars: ['app_key'],
    answers: new Map([['release', '7']]),
  });
  expect(exitCode).toBe(0);
  const role = directory.at('playbooks/roles/app/tasks/main.yml:1');
  const seen = (await run.variables('web1', role)).filter(
    ({ level }) => level.startsWith('role') || level === 'play vars',
  );
  expect(seen.map(({ name, value, level, place }) => [name, value, level, place])).toEqual([
    ['app_mode', 'safe', 'role defaults', 'playbooks/roles/app/defaults/main.yml:1'],
    ['app_plain', '(from the vault)', 'role vars', 'playbooks/roles/app/vars/main.yml:1'],
    ['size', '1', 'play vars', 'playbooks/site.yml:5'],
  ]);
  expect(asked).toEqual(['Token', 'Twice']);
  const text = JSON.stringify(events);
  expect(text).toContain('8080 ******** 7 ********');
  canaries.expectNone('events', text);
  canaries.expectNone('variables', JSON.stringify(await run.variables('web1')));
  canaries.expectNoneBelow(directory.at('runs'));
  expect((await services.playbooks())[0]!.lastRun?.status).toBe('ok');
});

test('a run that is paused begins nothing until it goes on', async () => {
  const services = open();
  const started: string[] = [];
  let afterFirst = (): void => {};
  const first = new Promise<void>((resolve) => {
    afterFirst = resolve;
  });
  const run = services.start({ playbooks: ['playbooks/slow.yml'], limit: 'web1' }, (event) => {
    if (event.type === 'task_started') started.push(event.name);
    if (event.type === 'task_started' && event.name === 'One') run.pause();
    if (event.type === 'host_result') afterFirst();
  });
  await first;
  // Nothing is waited for here: whatever would begin against the rule gets its chance.
  await sleep(300);
  expect(started).toEqual(['One']);
  run.resume();
  expect(await run.done).toBe(0);
  expect(started).toEqual(['One', 'Two', 'Three']);
  expect(await run.variables('web1')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'shape', value: 'round', level: 'set by tasks' }),
      expect.objectContaining({ name: 'said', value: '(result of a task)' }),
      expect.objectContaining({ name: 'color', value: 'blue', level: 'group_vars/web', place: 'group_vars/web.yml:1' }),
    ]),
  );
  const two = await run.variables('web1', directory.at('playbooks/slow.yml:6'));
  expect(two).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'color', value: 'red', level: 'task vars', isHidden: false }),
      expect.objectContaining({ name: 'color', value: 'blue', level: 'group_vars/web', isHidden: true }),
    ]),
  );
});

test('a run that is paused can be stopped', async () => {
  const services = open();
  const started: string[] = [];
  const run = services.start({ playbooks: ['playbooks/slow.yml'] }, (event) => {
    if (event.type === 'task_started') started.push(event.name);
    if (event.type === 'task_started' && event.name === 'One') run.pause();
    if (event.type === 'host_result') run.interrupt();
  });
  expect(await run.done).toBe(99);
  expect(started).toEqual(['One']);
});

test('a run that asks something can be stopped', async () => {
  const services = open();
  const run = services.start({ playbooks: ['playbooks/site.yml'], extraVars: ['app_port=1'] }, () => {});
  services.asking.onQuestion(() => {
    if (services.asking.question) run.interrupt();
  });
  expect(await run.done).not.toBe(0);
  expect(services.asking.question).toBeUndefined();
});

test('repeats a run on all hosts or on those that failed, and goes on with it', async () => {
  const services = open();
  const { exitCode, run } = await play(services, { playbooks: ['playbooks/slow.yml'], extraVars: ['size=3'] });
  expect(exitCode).toBe(2);
  const hostsOf = (events: readonly Timed[]): string[] =>
    [...new Set(events.flatMap((event) => (event.type === 'host_result' ? [event.host] : [])))].sort();
  const tasksOf = (events: readonly Timed[]): string[] =>
    events.flatMap((event) => (event.type === 'host_result' ? [`${event.host} ${event.task}`] : []));
  const id = run.id!;
  const failed = await play(services, await services.repeat(id, 'failed'));
  expect(hostsOf(failed.events)).toEqual(['web2']);
  const all = await play(services, await services.repeat(id, 'all'));
  expect(hostsOf(all.events)).toEqual(['web1', 'web2']);
  const rest = await play(services, await services.repeat(id, 'rest'));
  expect(hostsOf(rest.events)).toEqual(['web2']);
  expect(tasksOf(rest.events)).toHaveLength(1);
  const rows = await services.history();
  expect(rows).toHaveLength(4);
  expect(rows.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'failed']);
  expect(rows[0]!.playbooks).toEqual(['playbooks/slow.yml']);
});

test('a playbook that cannot be read tells why, and starts nothing', async () => {
  directory.write('playbooks/slow.yml', '- hosts: web\n  taskz: []\n');
  const services = open();
  await expect(services.form('playbooks/slow.yml')).resolves.toHaveLength(7);
  await expect(play(services, { playbooks: ['playbooks/slow.yml'] })).rejects.toThrow(/taskz/);
  expect(() => services.start({ playbooks: ['playbooks/none.yml'] }, () => {})).toThrow(/there is no playbook/);
});
