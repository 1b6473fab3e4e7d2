import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Project } from './project.ts';

const entry = fileURLToPath(new URL('../../runner/cli/main.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let project: Project;
let child: ChildProcess | undefined;
beforeEach(() => {
  project = new Project();
  project.write('inventory', `a\n[all:vars]\nansible_connection=local\nansible_async_dir=${project.directory}/jobs\n`);
});
afterEach(() => {
  child?.kill('SIGKILL');
  project.close();
});

/** Runs the playbook in a process of its own, and kills that once all these files are there. */
const killOnce = async (...files: readonly string[]): Promise<void> => {
  child = spawn(process.execPath, ['--import', loader, entry, 'run', '-i', 'inventory', 'site.yml'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  while (!files.every((file) => existsSync(file))) {
    if (child.exitCode !== null) throw new Error('the run ended before it could be killed');
    await sleep(20);
  }
  child.kill('SIGKILL');
  await ended;
};

/** A command that says that it has begun, waits for a file, and says that it has ended. */
const waiting = (name: string): string =>
  `echo ${name} begins >>log; touch began-${name}; until [ -e go-${name} ]; do sleep 0.05; done; echo ${name} ends >>log; echo ${name}`;

const asking = (jobs: string): string => `
- async_status:
    jid: "{{ item.ansible_job_id }}"
  loop: "{{ ${jobs} }}"
  register: asked
  until: asked.finished
  delay: 0.1
  retries: 600
- debug:
    msg: "came to {{ asked.results | map(attribute='stdout') | join(' and ') }}"
`;

test('finds the jobs again that went on while nobody watched them, and begins none twice', async () => {
  project.playbook(
    `- shell: ${waiting('one')}\n  async: 600\n  poll: 0\n  no_log: true\n  register: one
- shell: ${waiting('{{ item }}')}\n  async: 600\n  poll: 0\n  loop: [two, three]\n  register: more
- shell: ${waiting('four')}\n  async: 600\n  poll: 1\n  register: four\n  notify: Tell
${asking('[one] + more.results')}
- debug:\n    msg: "four came to {{ four.stdout }}"
`,
    '  handlers:\n    - name: Tell\n      shell: echo told >>log\n',
  );
  await killOnce('began-one', 'began-two', 'began-three', 'began-four');
  // One has ended when the run goes on, the others have not.
  project.write('go-one', '');
  while (!project.lines().includes('one ends')) await sleep(20);
  const resuming = project.muster('resume', '--output', 'classic');
  for (const name of ['two', 'three', 'four']) project.write(`go-${name}`, '');
  const resumed = await resuming;
  expect(resumed.exitCode, resumed.text).toBe(0);
  expect(resumed.text).toContain('came to one and two and three');
  expect(resumed.text).toContain('four came to four');
  expect(resumed.text).not.toContain('so it counts as changed');
  const words = ['one', 'two', 'three', 'four'].flatMap((name) => [`${name} begins`, `${name} ends`]);
  expect(project.lines()).toEqual([...words, 'told'].sort());
  // What jobs came to that were left to themselves can be asked for still.
  expect(readdirSync('jobs').filter((name) => !name.endsWith('.d'))).toHaveLength(3);
});

test('says so when nothing is left of a job', async () => {
  project.playbook(
    `- shell: echo begun >>log\n  async: 600\n  poll: 0\n  register: job
- shell: rm -rf jobs; touch gone; [ -e good ]\n- async_status:\n    jid: "{{ job.ansible_job_id }}"\n`,
  );
  expect((await project.run()).exitCode).toBe(2);
  project.write('good', '');
  const resumed = await project.muster('resume', '--output', 'classic');
  expect(resumed.exitCode).toBe(2);
  expect(resumed.text).toContain('could not find job');
  expect(project.lines()).toEqual(['begun']);
});

test('ends with jobs that need it, and not with those that do not', async () => {
  project.playbook(`- shell: sleep 60; echo never >>log\n  async: 1\n  poll: 0\n  register: late
- lineinfile:\n    path: "{{ playbook_dir }}/made"\n    create: true\n    line: here\n  async: 60\n  poll: 0
- shell: ${waiting('left')}\n  async: 600\n  poll: 0
- async_status:\n    jid: "{{ late.ansible_job_id }}"\n  register: asked\n  until: asked.finished\n  delay: 0.2\n  retries: 300
`);
  const run = await project.run();
  expect(run.exitCode, run.text).toBe(2);
  expect(run.text).toContain('Timeout exceeded');
  expect(project.lines('made')).toEqual(['here']);
  expect(project.lines()).toEqual(['left begins']);
  project.write('go-left', '');
  while (!project.lines().includes('left ends')) await sleep(20);
  expect(existsSync(join(project.directory, 'jobs'))).toBe(true);
});
