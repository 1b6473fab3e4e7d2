import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { definedBy } from '../../runner/schedule/plan.ts';
import { loadSchedules } from '../../runner/schedule/source/index.ts';
import { identify, openStore } from '../../runner/schedule/state/index.ts';
import { VaultSecrets } from '../../runner/vault/index.ts';
import { Canaries } from '../support/canary.ts';
import { until } from '../support/schedules.ts';
import { cleanUp, createFolder, type Folder, muster, play, startDaemon } from './processes.ts';

// Every run is a process of its own, which takes its time on a machine that is busy.
vi.setConfig({ testTimeout: 400_000 });
afterEach(cleanUp);

const waitForGo = 'shell: "echo begin >>lines; while [ ! -e go ]; do sleep 0.05; done; echo end >>lines"';

const storeOf = (folder: Folder) =>
  openStore(folder.state, {
    file: loadSchedules(join(folder.path, 'schedules.yml')).file,
    me: identify(),
    now: Date.now,
  });

test('a daemon runs playbooks, tells how it is, reads its file anew, and ends when asked to', async () => {
  const folder = createFolder({
    'schedules.yml': `schedules:
  - {name: often, playbook: site.yml, schedule: "@1s"}
  - {name: away, playbook: far.yml, inventory: away.yml, schedule: "@1d"}
`,
    'site.yml': play('command: echo hi'),
    'far.yml': '- {hosts: all, gather_facts: false, tasks: [{ping: }]}\n',
    'away.yml': 'all: {hosts: {far: {ansible_host: 127.0.0.1, ansible_port: 1}}}\n',
  });
  const daemon = startDaemon(folder, ['--listen', '127.0.0.1:0']);
  const { listen } = await daemon.told('started', { schedules: 2 });
  const ended = await daemon.told('run_ended', { schedule: 'often' });
  expect(ended).toMatchObject({ outcome: 'ok', hosts: 1, changed: 1, failed: 0, unreachable: 0, level: 'info' });
  expect(readdirSync(folder.runs)).toContain(ended.run);
  const away = await daemon.told('run_ended', { schedule: 'away' });
  expect(away).toMatchObject({ outcome: 'unreachable', hosts: 1, unreachable: 1, level: 'error' });

  const health = await fetch(`http://${listen}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ status: 'ok', schedules: 2 })]);
  const metrics = await (await fetch(`http://${listen}/metrics`)).text();
  expect(metrics).toMatch(/^muster_schedule_runs_total\{schedule="often",outcome="ok"\} [1-9]/m);
  expect(metrics).toMatch(/^muster_schedule_failures_total\{schedule="often"\} 0$/m);
  expect(metrics).toMatch(/^muster_schedule_run_seconds_total\{schedule="often"\} [\d.]+$/m);
  expect(metrics).toMatch(/^muster_schedule_last_run_hosts\{schedule="often",result="unreachable"\} 0$/m);
  expect(metrics).toMatch(/^muster_schedule_last_run_hosts\{schedule="away",result="unreachable"\} 1$/m);
  expect(metrics).toMatch(/^muster_schedule_failures_total\{schedule="away"\} 1$/m);
  expect(metrics).toMatch(/^muster_schedule_next_run_timestamp_seconds\{schedule="often"\} \d{10}/m);
  expect((await fetch(`http://${listen}/other`)).status).toBe(404);

  folder.write('schedules.yml', 'schedules:\n  - {name: often, playbook: site.yml, schedule: "@1x"}\n');
  daemon.child.kill('SIGHUP');
  expect(await daemon.told('reload_failed')).toMatchObject({ reason: "'@1x' is no interval", line: 2, column: 49 });
  folder.write('schedules.yml', 'schedules:\n  - {name: other, playbook: site.yml, schedule: "@1d"}\n');
  daemon.child.kill('SIGHUP');
  await daemon.told('reloaded');
  await daemon.told('run_ended', { schedule: 'other', outcome: 'ok' });

  expect(await daemon.end('SIGTERM')).toBe(0);
  expect(daemon.log().at(-1)).toMatchObject({ event: 'stopped' });
});

test('two daemons never run a schedule twice at a time', async () => {
  const folder = createFolder({
    'schedules.yml': 'schedules:\n  - {name: often, playbook: site.yml, schedule: "@1s", overlap: queue}\n',
    'site.yml': play('shell: "echo begin >>lines; sleep 0.3; echo end >>lines"'),
  });
  const daemons = [startDaemon(folder), startDaemon(folder)];
  await Promise.all(daemons.map((daemon) => daemon.told('started')));
  const endedRuns = (): number =>
    daemons.flatMap((daemon) => daemon.log()).filter(({ event }) => event === 'run_ended').length;
  await until(() => endedRuns() >= 3, 'three runs');
  expect(await Promise.all(daemons.map((daemon) => daemon.end('SIGTERM')))).toEqual([0, 0]);
  const lines = folder.read('lines').trim().split('\n');
  for (const [index, line] of lines.entries()) expect(line).toBe(index % 2 === 0 ? 'begin' : 'end');
  const outcomes = daemons.flatMap((daemon) => daemon.log()).filter(({ event }) => event === 'run_ended');
  expect(outcomes.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThanOrEqual(3);
  expect(readdirSync(folder.runs).length).toBeLessThanOrEqual(outcomes.length);
});

test('a daemon that is killed while a run goes on loses nothing: the next one looks after it', async () => {
  const folder = createFolder({
    'schedules.yml': `schedules:
  - name: long
    playbook: site.yml
    schedule: "@1d"
    on_success: [{command: "cat >report.json"}]
`,
    'site.yml': play(waitForGo),
  });
  const first = startDaemon(folder);
  const { process: child } = await first.told('run_started');
  await until(() => folder.read('lines') === 'begin\n', 'the run');
  await first.end('SIGKILL');

  const second = startDaemon(folder);
  expect(await second.told('run_adopted')).toMatchObject({ schedule: 'long', process: child });
  const refused = await muster(folder, 'schedule', 'run', 'long');
  expect([refused.exitCode, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/ERROR! 'long' is running since \d{4}-/),
  ]);
  expect((await muster(folder, 'schedule', 'list')).stdout).toMatch(/^long +- +running +@1d$/m);
  folder.write('go', '');
  const ended = await second.told('run_ended');
  expect(ended).toMatchObject({ schedule: 'long', outcome: 'ok', hosts: 1, changed: 1 });
  expect(folder.read('lines')).toBe('begin\nend\n');
  await second.told('hook_done');
  expect(JSON.parse(folder.read('report.json'))).toMatchObject({ run: ended.run, outcome: 'ok' });
  expect(await second.end()).toBe(0);
  expect(second.log().filter(({ event }) => event === 'run_started')).toEqual([]);
});

test('a run that was killed together with its daemon is told of as broken, and not run again', async () => {
  const folder = createFolder({
    'schedules.yml': 'schedules:\n  - {name: long, playbook: site.yml, schedule: "@1d", retries: 2}\n',
    'site.yml': play(waitForGo),
  });
  const first = startDaemon(folder);
  const { process: child } = await first.told('run_started');
  await until(() => folder.read('lines') === 'begin\n', 'the run');
  await first.end('SIGKILL');
  process.kill(-Number(child), 'SIGKILL');
  folder.write('go', '');
  const second = startDaemon(folder);
  expect(await second.told('run_ended')).toMatchObject({ outcome: 'broken', level: 'error', hosts: 0 });
  expect(await second.end()).toBe(0);
  expect(second.log().filter(({ event }) => /run_started|retry/.test(event))).toEqual([]);
});

test('a daemon catches up on what was due before it came', async () => {
  const folder = createFolder({
    'schedules.yml': `schedules:
  - {name: late, playbook: site.yml, schedule: "0 0 1 1 *", catch_up: once}
  - {name: gone, playbook: site.yml, schedule: "0 0 1 1 *"}
`,
    'site.yml': play('ping:'),
  });
  const store = await storeOf(folder);
  for (const schedule of loadSchedules(join(folder.path, 'schedules.yml')).schedules) {
    store.introduce(schedule.name, false);
    store.setNext(schedule.name, definedBy(schedule), Date.now() - 7_200_000);
  }
  store.close();
  const daemon = startDaemon(folder);
  await daemon.told('run_missed', { schedule: 'gone' });
  await daemon.told('run_started', { schedule: 'late', reason: 'catch-up' });
  await daemon.told('run_ended', { schedule: 'late', outcome: 'ok' });
  expect(await daemon.end()).toBe(0);
});

test('secrets are in no log, no state and no list of processes', async () => {
  const canaries = new Canaries('vault', 'vaulted', 'plain', 'hidden', 'host');
  const vault = new VaultSecrets({ identities: [{ id: 'default', password: Buffer.from(canaries.of('vault')) }] });
  const encrypted = vault
    .encrypt(Buffer.from(canaries.of('vaulted')))
    .trim()
    .replace(/^/gm, '          ');
  const folder = createFolder({
    'schedules.yml': `schedules:
  - name: secret
    playbook: site.yml
    inventory: hosts.yml
    schedule: "@1d"
    vault_password_file: password
    extra_vars:
      plain_password: ${canaries.of('plain')}
      vaulted: !vault |
${encrypted}
    on_failure: [{command: "cat >report.json"}]
`,
    'hosts.yml': 'all: {hosts: {localhost: {}}}',
    password: canaries.of('vault'),
    'site.yml': play(
      'command: "echo {{ vaulted }} {{ plain_password }}"',
      `command: echo ${canaries.of('hidden')}\n      no_log: true`,
      waitForGo,
      'fail: {msg: "it is {{ vaulted }} and more"}',
    ),
  });
  const daemon = startDaemon(folder);
  const { process: child } = await daemon.told('run_started');
  await until(() => folder.read('lines') !== '', 'the run');
  canaries.expectNone('the command line', readFileSync(`/proc/${child}/cmdline`));
  canaries.expectNone('the environment', readFileSync(`/proc/${child}/environ`));
  folder.write('go', '');
  await daemon.told('run_ended', { outcome: 'failed' });
  await daemon.told('hook_done');
  const list = await muster(folder, 'schedule', 'list', '--json');
  expect(await daemon.end()).toBe(0);
  expect(JSON.parse(folder.read('report.json')).failures).toEqual([
    expect.stringMatching(/^localhost: .*: it is \*+ and more$/),
  ]);
  canaries.expectNone('the log', daemon.output());
  canaries.expectNone('the list', list.stdout + list.stderr);
  canaries.expectNone('the report', folder.read('report.json'));
  // The variables themselves go to the run by a file that only the user can read, encrypted where they were so.
  const vars = (path: string): boolean => path.endsWith('.vars.json');
  expect(canaries.expectNoneBelow(join(folder.path, 'state'), vars)).toBeGreaterThan(0);
  expect(readdirSync(join(folder.path, 'state'), { recursive: true }).map(String).filter(vars)).toHaveLength(1);
});

// Takes what is sent to a service manager, and shows it.
const receiver = `
import socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind(sys.argv[1])
while True:
    print(server.recv(4096).decode().replace("\\n", " "), flush=True)
`;
const hasSystemd = ['systemd-notify', 'python3'].every((name) => spawnSync(name, ['--version']).status === 0);

describe.skipIf(!hasSystemd && !process.env.MUSTER_TEST_REQUIRE_ALL)('as a service (needs systemd-notify)', () => {
  test('a daemon tells systemd when it is ready, and when it stops', async () => {
    const folder = createFolder({ 'schedules.yml': 'schedules: []\n' });
    const socket = join(folder.path, 'notify');
    const manager = spawn('python3', ['-c', receiver, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let told = '';
      manager.stdout.on('data', (chunk) => {
        told += chunk;
      });
      await until(() => existsSync(socket), 'the socket');
      const daemon = startDaemon(folder, [], { NOTIFY_SOCKET: socket });
      await daemon.told('started');
      await until(() => told.includes('READY=1'), 'that it is ready');
      expect(told).toContain(`MAINPID=${daemon.child.pid}`);
      expect(await daemon.end('SIGTERM')).toBe(0);
      await until(() => told.includes('STOPPING=1'), 'that it stops');
    } finally {
      manager.kill('SIGKILL');
    }
  });
});
