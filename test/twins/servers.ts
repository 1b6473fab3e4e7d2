import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSshd, type Sshd } from '../support/sshd.ts';
import { type Player, playAnsible, playMuster } from './play.ts';
import { differences, type IsMeant, type Outcome } from './results.ts';

const minutes = 60_000;

/** A playbook that was played on a server, and how the server was after it. */
export interface Played {
  readonly outcomes: Outcome[];
  readonly code: number;
  readonly log: string;
  readonly state: string[];
}

/** What one program did: a run, and a check run on another server or before it. */
export interface Runs {
  readonly real: Played;
  readonly check: Played;
  /** How the server of the check run was before it. */
  readonly before: string[];
}

/** What tests on servers are made on; what `closers` holds is called at the end, the last one first. */
export interface Ground {
  readonly root: string;
  readonly sshd: Sshd;
  readonly closers: (() => Promise<unknown>)[];
}

export interface ServerTests {
  /** For the names of temporary folders. */
  readonly name: string;
  readonly prepare: (ground: Ground) => Promise<void>;
  readonly playAll: (player: Player, name: 'ours' | 'theirs', ground: Ground) => Promise<Runs>;
  readonly isMeant: IsMeant;
  /** The playbook has more tasks than that. */
  readonly least: number;
}

/** Has both programs play a playbook, each on servers of its own, and tests that they do the same. Gives muster's runs. */
export const testOnServers = ({ name, prepare, playAll, isMeant, least }: ServerTests): (() => Runs) => {
  const closers: Ground['closers'] = [];
  let ours: Runs;
  let theirs: Runs;

  beforeAll(async () => {
    const root = await mkdtemp(join(tmpdir(), `muster-${name}-`));
    closers.push(() => rm(root, { recursive: true, force: true }));
    const sshd = await openSshd();
    closers.push(sshd.close);
    const ground = { root, sshd, closers };
    await prepare(ground);
    [ours, theirs] = await Promise.all([playAll(playMuster, 'ours', ground), playAll(playAnsible, 'theirs', ground)]);
  }, 20 * minutes);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  }, minutes);

  test('come to the end of the playbook', () => {
    for (const run of [ours.real, ours.check, theirs.real, theirs.check]) {
      expect(run.outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(run.code, run.log).toBe(0);
    }
    expect(ours.real.outcomes.length).toBeGreaterThan(least);
  });

  test('tell the same of each task', () => {
    expect(differences(ours.real.outcomes, theirs.real.outcomes, isMeant)).toEqual([]);
  });

  test('leave the same behind', () => {
    expect(ours.real.state).not.toEqual(ours.before);
    expect(ours.real.state).toEqual(theirs.real.state);
  });

  test('predict the same in a check run, and change nothing', () => {
    expect(differences(ours.check.outcomes, theirs.check.outcomes, isMeant)).toEqual([]);
    expect(ours.check.state).toEqual(ours.before);
  });

  return () => ours;
};

/** Writes an inventory of one host, `server`, in a group: through an ssh server, or without one as this machine. */
export const writeServerInventory = async (directory: string, group: string, sshd?: Sshd): Promise<string> => {
  const connection = sshd
    ? `ansible_host=${sshd.host} ansible_port=${sshd.port} ansible_user=${userInfo().username} ansible_ssh_private_key_file=${sshd.privateKey} ansible_ssh_common_args='-F none -o UserKnownHostsFile=${sshd.knownHosts} -o IdentitiesOnly=yes'`
    : 'ansible_connection=local ansible_python_interpreter=/usr/bin/python3';
  const file = join(directory, 'inventory.ini');
  await writeFile(file, `[${group}]\nserver ${connection}\n`);
  return file;
};
