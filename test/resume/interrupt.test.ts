import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRun, runIds } from '../../runner/record/index.ts';
import { openSshd, type Sshd } from '../support/sshd.ts';
import { Project } from './project.ts';

const entry = fileURLToPath(new URL('../../runner/cli/main.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

let project: Project;
let child: ChildProcess | undefined;
let sshd: Sshd | undefined;
beforeEach(() => {
  project = new Project();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await sshd?.close();
  sshd = undefined;
  project.close();
});

/** Lets the host be reached by ssh. */
const reachBySsh = async (): Promise<void> => {
  sshd = await openSshd();
  const options = `-F none -o IdentityAgent=none -o UserKnownHostsFile=${sshd.knownHosts}`;
  project.write(
    'inventory',
    `a ansible_host=${sshd.host} ansible_port=${sshd.port} ansible_user=${userInfo().username} ansible_ssh_private_key_file=${sshd.privateKey} ansible_ssh_common_args='${options}'\n`,
  );
};

/** Tasks that work in the project's directory, wherever a login leads to. */
const inPlace = (text: string): string =>
  text.replaceAll(/shell: (\|\n +)?/g, (start) => `${start}cd {{ playbook_dir }}; `);

/** A run in a process of its own. */
interface Started {
  text(): string;
  readonly ended: Promise<{ code: number; text: string }>;
}

const start = (...args: string[]): Started => {
  const process_ = spawn(process.execPath, ['--import', loader, entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = process_;
  let text = '';
  for (const stream of [process_.stdout, process_.stderr]) stream.on('data', (chunk) => (text += chunk));
  const ended = once(process_, 'close').then(([code]) => ({ code: code as number, text }));
  return { text: () => text, ended };
};

/** Starts a run, and waits until it has come to where a file appears. */
const startUntil = async (file: string, ...more: string[]): Promise<Started> => {
  const started = start('run', '-i', 'inventory', '--limit', 'a', 'site.yml', '--output', 'classic', ...more);
  await until(() => existsSync(file) || child!.exitCode !== null);
  return started;
};

/** Sends a signal, and waits until it has been taken. */
const interrupt = async ({ text }: Started, signal: NodeJS.Signals): Promise<void> => {
  child!.kill(signal);
  await until(() => text().includes('interrupted:') || child!.exitCode !== null);
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(20);
};

const lastRun = () => readRun('runs', runIds('runs')[0]!);

const tasks = `
- name: First
  shell: echo first >>log
  notify: Tell
- name: Waits
  shell: |
    echo waits >>log; echo $$ >pid; : >begun
    while [ ! -e go ]; do sleep 0.05; done
    echo waited >>log
- name: After
  shell: echo after >>log
`;
const handlers = '  handlers:\n    - name: Tell\n      shell: echo told >>log\n';

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s lets running tasks end, begins no more, and tells how to go on',
  async (signal) => {
    project.playbook(tasks, handlers);
    const run = await startUntil('begun');
    await interrupt(run, signal);
    project.write('go', '');
    const { code, text } = await run.ended;
    expect(code, text).toBe(99);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('interrupted: what runs comes to its end');
    expect(text).toMatch(/^a +: ok=2 /m);
    expect(text).toContain(`to go on from here: muster resume ${lastRun().id}\n`);
    expect(project.lines()).toEqual(['first', 'waited', 'waits']);
    expect(lastRun().status).toBe('interrupted');
    const resumed = await project.muster('resume');
    expect(resumed.exitCode, resumed.text).toBe(0);
    expect(project.lines()).toEqual(['after', 'first', 'told', 'waited', 'waits']);
  },
  60_000,
);

test('runs handlers when they are forced, and not once more when it is resumed', async () => {
  project.playbook(tasks, handlers);
  const run = await startUntil('begun', '--force-handlers');
  await interrupt(run, 'SIGINT');
  project.write('go', '');
  const { code, text } = await run.ended;
  expect(code, text).toBe(99);
  expect(project.lines()).toEqual(['first', 'told', 'waited', 'waits']);
  const resumed = await project.muster('resume');
  expect(resumed.exitCode, resumed.text).toBe(0);
  expect(project.lines()).toEqual(['after', 'first', 'told', 'waited', 'waits']);
}, 60_000);

test.each(['local', 'ssh'])(
  'a second signal ends what runs: %s',
  async (connection) => {
    if (connection === 'ssh') await reachBySsh();
    project.playbook(inPlace(tasks), inPlace(handlers));
    const run = await startUntil('begun');
    await interrupt(run, 'SIGINT');
    child!.kill('SIGTERM');
    const { code, text } = await run.ended;
    expect(code, text).toBe(99);
    expect(project.lines()).toEqual(['first', 'waits']);
    // What it ran on the host is gone too.
    const [pid] = project.lines('pid');
    await until(() => !existsSync(`/proc/${pid}`));
    project.write('go', '');
    const resumed = await project.muster('resume');
    expect(resumed.exitCode, resumed.text).toBe(0);
    expect(project.lines()).toEqual(['after', 'first', 'told', 'waited', 'waits', 'waits']);
  },
  60_000,
);

test('a task that is tried again is not tried any more, nor a pause waited for', async () => {
  project.playbook(`
- name: Tries
  shell: ": >begun; echo try >>log; test -e go"
  register: tried
  until: tried is success
  retries: 1000
  delay: 1000
- name: Pauses
  pause: {seconds: 100000}
- shell: echo after {{ tried is success }} >>log
`);
  const run = await startUntil('begun');
  child!.kill('SIGINT');
  expect((await run.ended).code).toBe(99);
  expect(project.lines()).toEqual(['try']);
  project.write('go', '');
  const second = start('resume');
  await until(() => project.lines().length === 2 && second.text().includes('Paus'));
  child!.kill('SIGINT');
  expect((await second.ended).code).toBe(99);
  expect(project.lines()).toEqual(['try', 'try']);
}, 60_000);

test('a run goes on when nobody reads its output any more', async () => {
  project.playbook(tasks, handlers);
  await startUntil('begun');
  const closed = once(child!, 'close');
  child!.stdout!.destroy();
  child!.stderr!.destroy();
  project.write('go', '');
  expect(await closed).toEqual([0, null]);
  expect(project.lines()).toEqual(['after', 'first', 'told', 'waited', 'waits']);
  expect(lastRun().status).toBe('ok');
}, 60_000);

test('a run goes on when its output cannot be written, and says so', async () => {
  project.playbook(tasks, handlers);
  project.write('go', '');
  const full = openSync('/dev/full', 'w');
  child = spawn(process.execPath, ['--import', loader, entry, 'run', '-i', 'inventory', '--limit', 'a', 'site.yml'], {
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  let said = '';
  child.stderr!.on('data', (chunk) => (said += chunk));
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(said.match(/output is lost: .*no space left/g)).toHaveLength(1);
  expect(said).not.toContain('    at ');
  expect(project.lines()).toEqual(['after', 'first', 'told', 'waited', 'waits']);
  expect(lastRun().status).toBe('ok');
}, 60_000);
