import type { Timed } from '../../runner/events/index.ts';
import type { FormField } from '../../runner/tui/sources/run-request.ts';
import type { ScheduleRow } from '../../runner/tui/sources/schedules.ts';
import type { HistoryRow, InventoryRow, PlaybookRow } from '../../runner/tui/sources/services.ts';
import type { VariableRow } from '../../runner/tui/sources/variables.ts';
import { EventScript, hostNames } from '../support/events.ts';

const start = Date.UTC(2026, 0, 2, 3, 4, 5);
const web = hostNames(6);
const hosts = [...web, 'db1', 'db2'];

/** A run of a small site: most is well, one host fails, another one changes a file. */
export const sampleEvents = (): readonly Timed[] => {
  const script = new EventScript(start).run(['playbooks/site.yml']);
  script.add({ type: 'playbook_started', file: 'playbooks/site.yml', plays: 2 });
  script.play('Every host', hosts);
  script.task('Gathering Facts', hosts, { module: 'ansible.builtin.setup', path: 'playbooks/site.yml:1' }).wait(410);
  for (const host of hosts) script.result(host, 'ok', {}, { duration: 410, visibility: 'never' });
  script.task('base : Set the time zone', hosts, {
    module: 'community.general.timezone',
    path: 'roles/base/tasks/main.yml:1',
  });
  script.wait(60);
  for (const host of hosts) script.result(host, host === 'web4' ? 'changed' : 'ok', {}, { duration: 55 });
  script.play('Web servers', web);
  script.task('nginx : Install nginx', web, { module: 'ansible.builtin.apt', path: 'roles/nginx/tasks/main.yml:1' });
  script.wait(3400);
  for (const host of web) {
    if (host === 'web3') script.result(host, 'failed', { msg: "No package matching 'nginx' is available" });
    else script.result(host, host === 'web4' ? 'changed' : 'ok', {}, { duration: 3300 });
  }
  const rest = web.filter((host) => host !== 'web3');
  script.task('nginx : Write its configuration', rest, {
    module: 'ansible.builtin.template',
    path: 'roles/nginx/tasks/main.yml:6',
  });
  script.wait(120);
  const diff = {
    before: 'user www-data;\nworker_processes 2;\n',
    after: 'user www-data;\nworker_processes auto;\n',
    before_header: '/etc/nginx/nginx.conf',
    after_header: '/etc/nginx/nginx.conf',
  };
  for (const host of rest) {
    const changes = host === 'web2' || host === 'web4';
    script.result(host, changes ? 'changed' : 'ok', changes ? { dest: '/etc/nginx/nginx.conf', diff: [diff] } : {}, {
      duration: 110,
      showsDiff: true,
    });
  }
  script.task('nginx : Warm the cache up', rest, { path: 'roles/nginx/tasks/main.yml:14' }).wait(900);
  script.output('web1', ['fetching /index.html', 'fetching /about.html', 'fetching /news.html']);
  return script.events;
};

/** The time at which these events end. */
export const sampleNow = start + 410 + 60 + 3400 + 120 + 900 + 1500;

/** The same run to its end. */
export const sampleRecord = (): readonly Timed[] => {
  const script = new EventScript(start);
  const events = sampleEvents();
  const last = events.at(-1)!;
  script.events.push(...events);
  script.wait(last.time - start + 1500);
  const task = { task: '2.5', status: 'changed', ignored: false, showsDiff: false, visibility: 'verbose' } as const;
  for (const host of ['web1', 'web2', 'web4', 'web5', 'web6']) {
    const result = { cmd: ['warm-up'], rc: 0, stdout: 'done', stderr: '' };
    script.add({ type: 'host_result', ...task, host, result, isLoop: false, duration: 2400, rescued: false });
  }
  const ok = { ok: 5, changed: 1 };
  const stats = Object.fromEntries(web.map((host) => [host, host === 'web3' ? { ok: 2, failed: 1 } : ok]));
  return script.end({ ...stats, db1: { ok: 2 }, db2: { ok: 2 } }, 2).events;
};

export const playbooks: readonly PlaybookRow[] = [
  {
    path: 'playbooks/site.yml',
    plays: ['Every host', 'Web servers'],
    lastRun: { status: 'failed', startedAt: start },
  },
  { path: 'playbooks/backup.yml', plays: ['Databases'], lastRun: { status: 'ok', startedAt: start - 3_600_000 } },
  { path: 'playbooks/upgrade.yml', plays: ['Drain', 'Upgrade', 'Verify'], lastRun: undefined },
];

export const inventory: readonly InventoryRow[] = [
  { kind: 'group', name: 'all', depth: 0, hosts: 8 },
  { kind: 'group', name: 'web', depth: 1, hosts: 6 },
  ...web.map((name): InventoryRow => ({ kind: 'host', name, depth: 2, hosts: 1 })),
  { kind: 'group', name: 'db', depth: 1, hosts: 2 },
  { kind: 'host', name: 'db1', depth: 2, hosts: 1 },
  { kind: 'host', name: 'db2', depth: 2, hosts: 1 },
];

const variable = (name: string, value: string, level: string, place: string, isHidden = false): VariableRow => ({
  name,
  value,
  level,
  place,
  isHidden,
});

export const variables: readonly VariableRow[] = [
  variable('ansible_user', 'deploy', 'group_vars/all', 'inventory/group_vars/all.yml:1'),
  variable('nginx_workers', '4', 'host_vars/web1', 'inventory/host_vars/web1.yml:2'),
  variable('nginx_workers', 'auto', 'group_vars/web', 'inventory/group_vars/web.yml:3', true),
  variable('site_secret', '(from the vault)', 'group_vars/web', 'inventory/group_vars/web.yml:4'),
  variable('time_zone', 'Europe/Paris', 'group_vars/all', 'inventory/group_vars/all.yml:2'),
];

const counters = { ok: 4, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 };
const row = (id: string, ago: number, status: string, playbook: string, isCheck = false): HistoryRow => ({
  id,
  startedAt: start - ago,
  status,
  duration: 6400 + ago / 1000,
  playbooks: [playbook],
  isCheck,
  stats: Object.fromEntries(
    hosts.map((host) => [host, { ...counters, changed: 1, failed: status === 'failed' && host === 'web3' ? 1 : 0 }]),
  ),
});

export const history: readonly HistoryRow[] = [
  row('0gr4kxq', 0, 'failed', 'playbooks/site.yml'),
  row('0gr4hbn', 3_600_000, 'ok', 'playbooks/backup.yml'),
  row('0gr3c2d', 86_400_000, 'ok', 'playbooks/site.yml', true),
  row('0gr1m5t', 172_800_000, 'interrupted', 'playbooks/site.yml'),
];

export const schedules: readonly ScheduleRow[] = [
  {
    name: 'backup',
    schedule: '~02:00-04:00',
    lastRun: start - 3_600_000,
    lastStatus: 'ok',
    nextRun: start + 82_800_000,
    state: 'waiting',
    playbook: 'playbooks/backup.yml',
    isPaused: false,
    lastId: '0gr4hbn',
  },
  {
    name: 'drift',
    schedule: '@60',
    lastRun: start - 1_800_000,
    lastStatus: 'failed',
    nextRun: undefined,
    state: 'paused',
    playbook: 'playbooks/site.yml',
    isPaused: true,
    lastId: '0gr4kxq',
  },
];

const field = (name: string, kind: FormField['kind'], more: Partial<FormField> = {}): FormField => ({
  name,
  label: name,
  kind,
  type: 'text',
  default: '',
  isRequired: false,
  help: '',
  ...more,
});

export const fields: readonly FormField[] = [
  field('inventory', 'option', {
    default: 'inventory/hosts.yml',
    help: 'Files, directories or lists of hosts, with blanks between them.',
  }),
  field('limit', 'option', { help: 'Only these hosts: names, groups, patterns, separated by commas.' }),
  field('tags', 'option'),
  field('skip-tags', 'option', { label: 'skip tags' }),
  field('check', 'option', { label: 'check mode', type: 'boolean', default: 'no' }),
  field('diff', 'option', { type: 'boolean', default: 'no' }),
  field('extra-vars', 'option', { label: 'extra vars' }),
  field('release', 'prompt', { label: 'Which release?', isRequired: true, help: 'The variable release.' }),
  field('token', 'prompt', { label: 'Deploy token', type: 'secret', help: 'The variable token.' }),
  field('nginx_workers', 'argument', { group: 'nginx', type: 'number', default: '2', help: 'int: How many workers.' }),
  field('nginx_mode', 'argument', {
    group: 'nginx',
    type: 'choice',
    choices: ['fast', 'safe'],
    default: 'safe',
    help: 'str: What matters more.',
  }),
  field('nginx_sites', 'argument', { group: 'nginx', type: 'data', help: 'list: The sites.' }),
];
