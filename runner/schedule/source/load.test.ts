import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { beforeEach, expect, it } from 'vitest';
import { folderForEachTest } from '../../../test/support/folders.ts';
import { formatError, MusterError } from '../../errors/index.ts';
import { VaultText } from '../../values/index.ts';
import { loadSchedules } from './load.ts';
import { schedulesSchema } from './schema.ts';

const directory = folderForEachTest('muster-schedules-');
let file: string;
beforeEach(() => {
  file = directory.at('schedules.yml');
});

const load = (text: string) => {
  writeFileSync(file, text);
  return loadSchedules(file);
};

const problemsOf = (text: string): string[] => {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return error.problems.map(
      ({ message, origin, expected, hint }) =>
        `${origin?.line}:${origin?.column} ${message}${expected ? ` [${expected}]` : ''}${hint ? ` (${hint})` : ''}`,
    );
  }
  return [];
};

// With UPDATE_SCHEMAS=1 the file is written anew; `npm run format` lays it out.
it('schemas/schedules.schema.json is what the source says', () => {
  const path = new URL('../../../schemas/schedules.schema.json', import.meta.url);
  if (process.env.UPDATE_SCHEMAS) writeFileSync(path, `${JSON.stringify(schedulesSchema(), null, 2)}\n`);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(schedulesSchema());
  expect(new Ajv({ strict: false }).validateSchema(schedulesSchema())).toBe(true);
});

it('reads what a schedule says, and what holds for all', () => {
  const { schedules, mail, folder } = load(`
defaults:
  inventory: hosts
  time_zone: Europe/Paris
  extra_vars: {a: 1, b: 2}
  on_failure:
    - mail: ops@example.com
mail: {host: localhost, from: muster@example.com, user: u, password: !vault "$ANSIBLE_VAULT;1.1;AES256"}
schedules:
  - name: nightly
    description: Bring all hosts to where they should be
    playbook: site.yml
    limit: web
    tags: [a, b]
    skip_tags: slow
    extra_vars: {b: 3, c: "{{ a }}"}
    check: true
    diff: yes
    vault_password_file: pass
    vault_id: [dev@a, prod@b]
    options: [--forks, "5"]
    schedule: ["~00:00-06:00 mon-fri", "! 03:00-04:00"]
    timeout: 1h30m
    kill_after: 10
    overlap: replace
    catch_up: 2h
    retries: {count: 3, delay: 10s, factor: 3, longest: 5m}
    requires:
      - {schedule: backup, within: 24h}
      - command: [test, -e, /ready]
        timeout: 5
      - playbook: ready.yml
    on_change:
      - webhook: https://example.com/hook
        headers: {Authorization: !vault "$ANSIBLE_VAULT;1.1;AES256"}
        method: PUT
      - command: echo changed
    report: drift
    paused: true
  - {name: backup, playbook: [a.yml, b.yml], schedule: 30 4 * * *, retries: 2, inventory: [x, y], catch_up: once}
`);
  const [nightly, backup] = schedules;
  expect(folder).toBe(directory.path);
  expect(nightly).toMatchObject({
    name: 'nightly',
    playbooks: ['site.yml'],
    inventory: ['hosts'],
    limit: 'web',
    tags: ['a', 'b'],
    skipTags: ['slow'],
    check: true,
    diff: true,
    vaultPasswordFiles: ['pass'],
    vaultIds: ['dev@a', 'prod@b'],
    options: ['--forks', '5'],
    timeZone: 'Europe/Paris',
    timeout: 5_400_000,
    killAfter: 10_000,
    overlap: 'replace',
    catchUp: 7_200_000,
    retries: { count: 3, delay: 10_000, factor: 3, longest: 300_000 },
    requires: [
      { kind: 'schedule', name: 'backup', within: 86_400_000 },
      { kind: 'command', command: ['test', '-e', '/ready'], timeout: 5000 },
      { kind: 'playbook', playbook: 'ready.yml', timeout: 600_000 },
    ],
    report: 'drift',
    paused: true,
  });
  expect(nightly!.timing.text).toBe('~00:00-06:00 mon-fri, ! 03:00-04:00');
  expect([...nightly!.extraVars!.keys()]).toEqual(['a', 'b', 'c']);
  expect(nightly!.hooks.failure).toEqual([{ kind: 'mail', to: ['ops@example.com'], subject: undefined }]);
  const [webhook, command] = nightly!.hooks.change;
  expect(webhook).toMatchObject({ kind: 'webhook', url: 'https://example.com/hook', method: 'PUT' });
  expect(webhook?.kind === 'webhook' && webhook.headers.get('Authorization')).toBeInstanceOf(VaultText);
  expect(command).toEqual({ kind: 'command', command: 'echo changed', timeout: 30_000 });
  expect(backup).toMatchObject({
    playbooks: ['a.yml', 'b.yml'],
    inventory: ['x', 'y'],
    retries: { count: 2, delay: 60_000 },
    catchUp: 'once',
    overlap: 'skip',
    check: false,
    timeout: undefined,
    paused: false,
  });
  expect(mail).toMatchObject({ host: 'localhost', port: 25, secure: false, user: 'u' });
  expect(mail!.password).toBeInstanceOf(VaultText);
});

it('tells every mistake in the form of the file, with its place', () => {
  expect(
    problemsOf(`
schedules:
  - name: a b
    playbok: site.yml
    schedule: 10:00
  - name: b
    playbook: site.yml
    schedule: "@1m"
    timeout: soon
    overlap: twice
    retries: -1
    on_failure: echo
`),
  ).toEqual([
    "3:5 'playbook' is missing",
    "3:11 the value of 'name' does not fit [letters, digits, dots, dashes and underscores]",
    "4:5 'playbok' is not expected here (did you mean 'playbook'?)",
    `5:15 the value of 'schedule' does not fit [text in quotes, or a list: "30 4 * * *" as in cron; "@10m", "09:00", "~00:00-06:00 mon-fri" as in OpenSVC]`,
    "9:14 the value of 'timeout' does not fit [a time like 90 (seconds), 10m or 1h30m]",
    "10:14 the value of 'overlap' does not fit [one of skip, queue, replace]",
    "11:14 the value of 'retries' does not fit [how many further runs follow a failed one, or a mapping with count, delay, factor and longest]",
    "12:17 the value of 'on_failure' does not fit [a list of commands, webhooks and mails]",
  ]);
});

it('tells every mistake in what the file means, with its place', () => {
  expect(
    problemsOf(`
schedules:
  - {name: a, playbook: p.yml, schedule: "@1x"}
  - {name: b, playbook: p.yml, schedule: "@1m", time_zone: Europe/Pariss}
  - {name: c, playbook: "{{ p }}", schedule: "@1m", options: [--ask-pass]}
  - {name: c, playbook: p.yml, schedule: "@1m", requires: [{schedule: z}, {command: x, playbook: y}, {within: 5}]}
  - {name: d, playbook: p.yml, schedule: "@1m", requires: [{schedule: e}]}
  - {name: e, playbook: p.yml, schedule: "@1m", requires: [{schedule: d}]}
  - name: f
    playbook: p.yml
    schedule: "@1m"
    on_failure: [{mail: a@b}, {webhook: example.com}, {command: x, subject: y}]
`),
  ).toEqual([
    "3:42 '@1x' is no interval [@10 (minutes), @30s, @2h or @1d]",
    "4:60 there is no time zone 'Europe/Pariss' [a name like Europe/Paris or UTC] (did you mean 'Europe/Paris'?)",
    "5:25 'playbook' of a schedule is not rendered (variables belong into extra_vars and the inventory)",
    '5:63 a scheduled run cannot have the option --ask-pass (nobody is there to be asked, and every run leaves a record)',
    "6:12 there are two schedules 'c'; the other one is in line 5",
    "6:59 'c' requires 'z', which is no schedule of this file [one of c, d, e, f]",
    '6:75 command and playbook cannot stand together [one of schedule, command, playbook]',
    '6:102 one of schedule, command, playbook is missing [one of schedule, command, playbook]',
    "7:59 'd' and 'e' require each other: neither could ever run",
    "8:59 'e' and 'd' require each other: neither could ever run",
    "12:25 there is no mail server to send this by ['mail' beside 'schedules', with host and from]",
    '12:41 this is no address of a webhook [an address that begins with https:// or http://]',
    "12:77 'subject' says nothing about a command",
  ]);
});

it('tells of templates where nothing is rendered, and leaves them where something is', () => {
  expect(
    problemsOf(`
defaults: {limit: "{{ l }}"}
schedules:
  - name: a
    playbook: [a.yml, "{{ p }}"]
    schedule: "@1m"
    options: [-e, "x={{ y }}"]
    extra_vars: {a: "{{ b }}"}
    requires: [{command: "docker ps --format '{{.Names}}'"}]
    on_change: [{webhook: "https://{{host}}/"}, {command: [echo, "{{ fine }}"]}]
`),
  ).toEqual([
    "2:19 'limit' of a schedule is not rendered (variables belong into extra_vars and the inventory)",
    '5:23 this is not rendered (variables belong into extra_vars and the inventory)',
    "10:27 'webhook' of a schedule is not rendered (variables belong into extra_vars and the inventory)",
  ]);
});

it('shows the place', () => {
  try {
    load('schedules:\n  - name: a\n    playbook: p.yml\n    schedule: @1m\n');
    expect.unreachable();
  } catch (error) {
    expect(formatError(error as MusterError)).toContain(`${file}:4:15\n`);
    expect(formatError(error as MusterError)).toContain('>  4 |     schedule: @1m'.replace('  4', ' 4'));
    expect(formatError(error as MusterError)).toContain("hint: quote a value that begins with '@'");
  }
});

it('tells of a file that is not there', () => {
  expect(() => loadSchedules(directory.at('none.yml'))).toThrow('cannot be read: no such file');
});

it('reads or refuses any file', () => {
  const example = readFileSync(new URL('../../../docs/examples/schedules.yml', import.meta.url), 'utf8');
  const words = example.split(/(\s+|[:,[\]{}"])/);
  const pieces = [
    ...new Set(words),
    'null',
    '-1',
    '5',
    '1.5',
    '[]',
    '{}',
    '!vault x',
    '{{ x }}',
    '~',
    '&a',
    '*a',
    '- ',
    '.inf',
  ];
  let seed = 4711;
  const pick = (limit: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  const rounds = process.env.MUSTER_FUZZ === 'full' ? 500 : 100;
  for (let round = 0; round < rounds; round++) {
    const mutated = [...words];
    for (let count = 1 + pick(3); count > 0; count--) {
      mutated.splice(pick(mutated.length), pick(3), ...(pick(4) === 0 ? [] : [pieces[pick(pieces.length)]!]));
    }
    try {
      load(mutated.join(''));
    } catch (error) {
      expect(error, mutated.join('')).toBeInstanceOf(MusterError);
    }
  }
});
