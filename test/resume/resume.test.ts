import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJournal, readRun, runIds } from '../../runner/record/index.ts';
import { type Random, randomFrom } from '../fuzz/random.ts';
import { folderForAllTests } from '../support/folders.ts';
import { openSshd, type Sshd } from '../support/sshd.ts';
import { orphansGone } from './orphans.ts';
import { writePlaybook } from './playbook.ts';
import { buildProgram, type Program } from './program.ts';

const hosts = ['near', 'far1', 'far2'];
const kills = 50;
const killsPerJourney = 10;
const seed = Number(process.env.MUSTER_RESUME_SEED ?? Math.floor(Math.random() * 1e9));

let program: Program;
let sshd: Sshd;
const root = folderForAllTests('muster-resume-');

beforeAll(async () => {
  [program, sshd] = await Promise.all([buildProgram(), openSshd()]);
}, 120_000);
afterAll(async () => {
  program?.close();
  await sshd?.close();
});

/** A playbook with its inventory, in a directory of its own, where hosts leave their lines. */
class Journey {
  readonly directory: string;
  readonly runs: string;

  constructor(name: string) {
    this.directory = root.at(name);
    this.runs = join(this.directory, 'runs');
    mkdirSync(this.directory);
    writePlaybook(this.directory);
    writeFileSync(join(this.directory, 'ansible.cfg'), '[defaults]\n');
    const ssh = `ansible_host=${sshd.host} ansible_port=${sshd.port} ansible_user=${userInfo().username} ansible_ssh_private_key_file=${sshd.privateKey}`;
    writeFileSync(
      join(this.directory, 'inventory'),
      `near ansible_connection=local\nfar1 ${ssh}\nfar2 ${ssh}\n[all:vars]\nplace=${this.directory}\nansible_ssh_common_args='-F none -o IdentityAgent=none -o UserKnownHostsFile=${sshd.knownHosts}'\n`,
    );
  }

  start(...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [...program.words, ...args], {
      cwd: this.directory,
      env: { ...process.env, MUSTER_RECORD: 'true', MUSTER_RUNS_DIR: this.runs },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs to the end, and gives the exit code with all that was written. */
  async finish(...args: readonly string[]): Promise<{ code: number | null; text: string }> {
    const child = this.start(...args);
    let text = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (text += chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, text };
  }

  /** The lines that the executions on a host have left, in order. */
  lines(host: string): string[] {
    const file = join(this.directory, `log.${host}`);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  get count(): number {
    return [...hosts, 'late'].reduce((sum, host) => sum + this.lines(host).length, 0);
  }

  /** What a host's files hold at the end. */
  state(host: string): string {
    return ['state', 'lines'].map((name) => readFileSync(join(this.directory, `${name}.${host}`), 'utf8')).join('');
  }

  token(place: 1 | 2, host: string): string {
    return readFileSync(join(this.directory, `token.${place}.${host}`), 'utf8');
  }

  /** The lines that the last run's record knows of as done on a host. */
  recorded(host: string): Set<string> {
    const id = runIds(this.runs)[0];
    const lines = (id === undefined ? undefined : readJournal(readRun(this.runs, id).directory)) ?? [];
    return new Set(
      lines.flatMap((line) => {
        if ((line.type !== 'step' && line.type !== 'item') || line.host !== host) return [];
        const { stdout } = line.outcome.result as { stdout?: string };
        return stdout === undefined ? [] : [stdout];
      }),
    );
  }
}

/** Kills a run when a random number of lines more has been left, a random moment later. False when it ended before. */
const killAtRandom = async (journey: Journey, child: ChildProcess, random: Random): Promise<boolean> => {
  const closed = once(child, 'close');
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (text += chunk));
  const target = journey.count + random.below(16);
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const hasRecord = runIds(journey.runs).length;
  while (!isOver() && (runIds(journey.runs).length === hasRecord || journey.count < target)) await sleep(3);
  await sleep(random.below(40));
  const isKilled = child.kill('SIGKILL');
  await closed;
  if (isKilled && child.signalCode === 'SIGKILL') {
    await orphansGone(journey.directory, join(sshd.directory, 'config'));
    return true;
  }
  expect(child.exitCode, text).toBe(0);
  return false;
};

test(`goes on from ${kills} random moments (MUSTER_RESUME_SEED=${seed}) as if nothing had happened, with nothing done twice`, async () => {
  const random = randomFrom(seed);
  for (const left of readdirSync(root.path)) rmSync(root.at(left), { recursive: true });
  const unbroken = new Journey('unbroken');
  const whole = await unbroken.finish('run', '-i', 'inventory', 'site.yml', '--output', 'classic');
  expect(whole.code, whole.text).toBe(0);
  for (const host of hosts) expect(unbroken.lines(host).length).toBeGreaterThan(20);
  let killed = 0;
  for (let round = 1; killed < kills; round++) {
    const journey = new Journey(`journey${round}`);
    // By host and line: how often it was not recorded when a run was killed, and so may have been done again.
    const mayRepeat = new Map<string, number>();
    let mine = 0;
    let args = ['run', '-i', 'inventory', 'site.yml', '--output', 'classic'];
    for (; mine < killsPerJourney; mine++) {
      if (!(await killAtRandom(journey, journey.start(...args), random))) break;
      for (const host of [...hosts, 'late']) {
        const recorded = journey.recorded(host);
        for (const line of unbroken.lines(host)) {
          if (!recorded.has(line)) mayRepeat.set(`${host} ${line}`, (mayRepeat.get(`${host} ${line}`) ?? 0) + 1);
        }
      }
      const { manifest, status } = readRun(journey.runs, runIds(journey.runs)[0]!);
      if (manifest) args = ['resume'];
      if (status !== 'ok') continue;
      // All of it had ended but the process.
      mine++;
      break;
    }
    killed += mine;
    const last = readRun(journey.runs, runIds(journey.runs)[0]!);
    const end = last.status === 'ok' ? { code: 0, text: '' } : await journey.finish(...args);
    const where = `round ${round}, seed ${seed}, ${mine} kills\n${end.text}`;
    expect(end.code, where).toBe(0);
    for (const host of [...hosts, 'late']) {
      const lines = journey.lines(host);
      expect([...new Set(lines)], `${host} in ${where}`).toEqual(unbroken.lines(host));
      const repeated = lines.filter((line, index) => lines.indexOf(line) !== index);
      expect(repeated.length, `${host}: ${repeated} in ${where}`).toBeLessThanOrEqual(mine);
      for (const line of new Set(repeated)) {
        const times = repeated.filter((one) => one === line).length;
        expect(times, `${host}: ${line} in ${where}`).toBeLessThanOrEqual(mayRepeat.get(`${host} ${line}`) ?? 0);
      }
    }
    for (const host of hosts) {
      expect(journey.state(host), `${host} in ${where}`).toBe(unbroken.state(host));
      expect(journey.token(2, host), `${host} in ${where}`).toBe(journey.token(1, host));
    }
    rmSync(journey.directory, { recursive: true });
  }
  expect(readdirSync(root.path)).toEqual(['unbroken']);
}, 900_000);
