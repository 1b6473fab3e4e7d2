import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { openScheduleControl } from '../../runner/schedule/index.ts';
import { until } from '../support/schedules.ts';
import { cleanUp, createFolder, muster, play } from './processes.ts';

vi.setConfig({ testTimeout: 400_000 });
afterEach(cleanUp);

const text = `defaults: {time_zone: Europe/Paris}
schedules:
  - {name: often, playbook: site.yml, schedule: "@10m"}
  - {name: spread, playbook: site.yml, schedule: "~00:00-06:00"}
  - {name: cron, playbook: site.yml, schedule: "30 4 * * mon-fri", paused: true}
`;

test('lists schedules, their next runs, and pauses them', async () => {
  const folder = createFolder({ 'schedules.yml': text, 'site.yml': play('ping:') });
  expect((await muster(folder, 'schedule', 'pause', 'often')).stdout).toBe('often is paused\n');
  const unknown = await muster(folder, 'schedule', 'pause', 'cron', 'oftn');
  expect([unknown.exitCode, unknown.stderr]).toEqual([
    1,
    "ERROR! there is no schedule 'oftn'\nexpected: one of often, spread, cron\nhint: did you mean 'often'?\n",
  ]);
  const list = (await muster(folder, 'schedule', 'list')).stdout.split('\n');
  const words = list.map((line) => line.split(/ {2,}/));
  expect(words[0]).toEqual(['ACTION', 'LAST RUN', 'NEXT RUN', 'SCHEDULE']);
  expect(words[1]).toEqual(['often', '-', 'paused', '@10m (Europe/Paris)']);
  expect(words[2]).toEqual([
    'spread',
    '-',
    expect.stringMatching(/^\d{4}-\d\d-\d\d 0[0-5]:\d\d:\d\d to 06:00:00, at random$/),
    '~00:00-06:00 (Europe/Paris)',
  ]);
  expect(words[3]).toEqual(['cron', '-', 'paused', '30 4 * * mon-fri (Europe/Paris)']);
  expect(list[1]!.indexOf('paused')).toBe(list[0]!.indexOf('NEXT RUN'));
  const next = await muster(folder, 'schedule', 'next', 'cron', '-n', '3');
  expect(next.stdout.split('\n').slice(0, 3)).toEqual(
    Array(3).fill(expect.stringMatching(/^\d{4}-\d\d-\d\d 04:30:00 {2}cron$/)),
  );
  const all = await muster(folder, 'schedule', 'next', '-n', '2');
  expect(all.stdout).toMatch(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d to 06:00:00, at random {2}spread\n){2}$/);
});

test('runs a schedule by hand, with the exit code of the run', async () => {
  const folder = createFolder({
    'schedules.yml':
      'schedules:\n  - {name: job, playbook: site.yml, schedule: "@1d", on_success: [{command: touch told}]}\n',
    'site.yml': play('command: echo hi'),
  });
  const good = await muster(folder, 'schedule', 'run', 'job');
  expect(good.exitCode).toBe(0);
  // The run is shown as it goes, and told of at the end.
  expect(good.stdout).toMatch(/localhost.*\njob: ok: 1 host, 1 changed\n'muster history show \w{7}' shows it\n$/s);
  expect(existsSync(join(folder.path, 'told'))).toBe(true);
  folder.write('site.yml', play('fail:'));
  const bad = await muster(folder, 'schedule', 'run', 'job', '--quiet');
  expect([bad.exitCode, bad.stdout, bad.stderr]).toEqual([2, '', '']);
  const row = JSON.parse((await muster(folder, 'schedule', 'list', '--json')).stdout);
  expect(row).toMatchObject({ name: 'job', last_run: { outcome: 'failed', reason: 'manual', hosts: 1, failed: 1 } });
});

test('other front ends see the same, and start a run in a process of its own', async () => {
  const folder = createFolder({
    'schedules.yml': 'schedules: [{name: job, playbook: site.yml, schedule: "@1d"}]\n',
    'site.yml': play('shell: "echo >begun; while [ ! -e go ]; do sleep 0.05; done"'),
  });
  const entry = fileURLToPath(new URL('../../runner/cli/main.ts', import.meta.url));
  const control = await openScheduleControl({
    file: join(folder.path, 'schedules.yml'),
    state: folder.state,
    program: [process.execPath, '--import', import.meta.resolve('tsx'), entry],
  });
  try {
    expect(control.list()).toMatchObject([{ name: 'job', state: 'waiting', playbooks: ['site.yml'], schedule: '@1d' }]);
    control.runNow('job');
    await until(() => folder.read('begun') !== '', 'the run');
    expect(control.list()).toMatchObject([{ state: 'running', running: { reason: 'manual' } }]);
    expect(() => control.runNow('job')).toThrow("'job' is running since");
    folder.write('go', '');
    await until(() => control.list()[0]!.lastRun?.outcome === 'ok', 'its end');
    expect(control.list()[0]!.lastRun!.record).toMatch(/^\w{7}$/);
    control.pause('job');
    expect(control.list()).toMatchObject([{ state: 'paused', nextAt: undefined }]);
    control.resume('job');
    expect(control.list()[0]!.nextAt).toBeGreaterThan(Date.now());
  } finally {
    control.close();
  }
});

test('writes a unit for the user', async () => {
  const folder = createFolder({ 'schedules.yml': text, 'site.yml': play('ping:') });
  const shown = await muster(folder, 'schedule', 'install', '--user', '--print');
  expect(shown.stdout).toContain(' schedule start --file ');
  vi.stubEnv('XDG_CONFIG_HOME', join(folder.path, 'config'));
  const written = await muster(folder, 'schedule', 'install', '--user', '--name', 'plays');
  vi.unstubAllEnvs();
  const path = join(folder.path, 'config/systemd/user/plays.service');
  expect(written.stdout).toBe(`${path} is written; 'systemctl --user enable --now plays.service' starts it\n`);
  expect(readFileSync(path, 'utf8')).toBe(shown.stdout);
});

test('checks the file and what it names', async () => {
  const folder = createFolder({ 'schedules.yml': text, 'site.yml': play('ping:') });
  expect((await muster(folder, 'schedule', 'validate')).stdout).toBe('schedules.yml: 3 schedules, no mistakes\n');
  folder.write(
    'schedules.yml',
    text.replace('site.yml, schedule: "@10m"', 'sit.yml, inventory: hosts, schedule: "@10m"'),
  );
  const missing = await muster(folder, 'schedule', 'validate');
  expect(missing.exitCode).toBe(4);
  expect(missing.stderr).toContain("ERROR! 'often': there is no playbook sit.yml\n  at ");
  expect(missing.stderr).toContain("ERROR! 'often': there is no inventory hosts\n");
  folder.write('schedules.yml', text.replace('"@10m"', '"@10x"'));
  const wrong = await muster(folder, 'schedule', 'validate');
  expect(wrong.stderr).toContain(`ERROR! '@10x' is no interval\n  at schedules.yml:3:49\n`);
  const none = await muster(folder, 'schedule', 'list', '--file', 'other.yml');
  expect([none.exitCode, none.stderr.split('\n')[0]]).toEqual([
    1,
    'ERROR! the schedules file other.yml cannot be read: no such file',
  ]);
});

test('the example reports drift once, and what is mended', async () => {
  const folder = createFolder({});
  cpSync(fileURLToPath(new URL('../../docs/examples', import.meta.url)), folder.path, { recursive: true });
  const etc = join(folder.path, 'etc');
  mkdirSync(etc);
  folder.write('hosts.yml', `all: {hosts: {localhost: {ansible_connection: local, etc: ${etc}}}}\n`);
  expect((await muster(folder, 'schedule', 'validate')).stdout).toBe('schedules.yml: 2 schedules, no mistakes\n');
  const reports = (): { text: string; drift: object[] }[] =>
    folder
      .read('drift.jsonl')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const look = async (): Promise<number> => {
    expect((await muster(folder, 'schedule', 'run', 'drift')).exitCode).toBe(0);
    return reports().length;
  };
  expect(await look()).toBe(1);
  expect(reports()[0]!.drift).toEqual([
    { host: 'localhost', task: 'Say whose host this is', before: 'ok', after: 'changed' },
    { host: 'localhost', task: 'Keep the time zone', before: 'ok', after: 'changed' },
  ]);
  expect(existsSync(join(etc, 'motd'))).toBe(false);
  // Nothing is new: nothing is told.
  expect(await look()).toBe(1);
  expect((await muster(folder, 'schedule', 'run', 'baseline')).exitCode).toBe(0);
  writeFileSync(join(etc, 'motd'), 'changed by hand\n');
  expect(await look()).toBe(2);
  expect(reports()[1]!.drift).toEqual([
    { host: 'localhost', task: 'Keep the time zone', before: 'changed', after: 'ok' },
  ]);
  expect(reports()[1]!.text.split('\n').slice(0, 1)).toEqual(['drift: 1 task differs from the last report']);
  rmSync(join(etc, 'timezone'));
  expect(await look()).toBe(3);
  expect(reports()[2]!.drift).toEqual([
    { host: 'localhost', task: 'Keep the time zone', before: 'ok', after: 'changed' },
  ]);
  expect(readFileSync(join(etc, 'motd'), 'utf8')).toBe('changed by hand\n');
});
