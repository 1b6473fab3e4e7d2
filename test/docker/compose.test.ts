import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { busyboxLogin } from '../support/busybox-login.ts';
import { openSshd, type Sshd } from '../support/sshd.ts';
import { isRequired, missing, titled } from '../twins/needs.ts';
import { type Player, playAnsible, playMuster } from '../twins/play.ts';
import { differences, type Outcome, outcomesOf } from '../twins/results.ts';
import { writeServerInventory } from '../twins/servers.ts';
import { isMeantForCompose, plainCompose } from './compose-meant.ts';
import { composePlugin } from './compose-plugin.ts';
import { lackingForDocker, startDockerd } from './dockerd.ts';
import { makeImages, stateOf } from './ground.ts';

const minutes = 60_000;
const lacking = [...lackingForDocker(), ...missing(['apt-get', 'dpkg-deb'])];
const recordFile = join(import.meta.dirname, 'compose.jsonl');
/** Where there is a community.docker that knows the module, to record anew what it says. */
const collections = process.env.MUSTER_DOCKER_COLLECTIONS;

/** What came of the playbook on an engine: a check run, and one in earnest. */
interface Played {
  readonly check: Outcome[];
  readonly real: Outcome[];
  readonly state: { readonly before: string[]; readonly checked: string[]; readonly after: string[] };
}

/** Keeps what community.docker said, a task a line, and how the engine was in the end. */
const writeRecord = ({ check, real, state }: Played): Promise<void> => {
  const lines = [
    ...check.map((outcome) => ['check', outcome]),
    ...real.map((outcome) => ['real', outcome]),
    ['state', state],
  ];
  return writeFile(recordFile, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
};

const readRecord = async (): Promise<Played> => {
  const lines = (await readFile(recordFile, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as [string, unknown]);
  const of = <T>(kind: string): T[] => lines.filter(([word]) => word === kind).map(([, value]) => value as T);
  return { check: of<Outcome>('check'), real: of<Outcome>('real'), state: of<Played['state']>('state')[0]! };
};

describe.runIf(isRequired || lacking.length === 0)(
  titled('docker_compose_v2 with docker compose (needs root)', lacking),
  () => {
    const closers: (() => Promise<unknown>)[] = [];
    let root: string;
    let sshd: Sshd;
    let ours: Played;
    let theirs: Played;

    /** Plays the playbook on an engine of its own. */
    const playOn = async (player: Player, name: string): Promise<Played> => {
      const here = join(root, name);
      await cp(join(import.meta.dirname, 'compose'), here, { recursive: true });
      await mkdir(join(here, 'config/cli-plugins'), { recursive: true });
      await symlink(await composePlugin(), join(here, 'config/cli-plugins/docker-compose'));
      const engine = await startDockerd();
      closers.push(engine.close);
      await engine.docker('load', '-i', join(root, 'base1.tar'));
      await engine.docker('tag', 'base:1', '127.0.0.1:5001/seed:1');
      await engine.docker('push', '127.0.0.1:5001/seed:1');
      await engine.docker('rmi', '127.0.0.1:5001/seed:1');
      const inventory = await writeServerInventory(here, 'engine', player === playMuster ? sshd : undefined);
      const play = async (...options: string[]): Promise<Outcome[]> => {
        const variables = { socket: engine.socket, here };
        const stage = { inventory, variables, directory: await mkdtemp(join(root, 'c-')) };
        const { entries, code, log, modules } = await player(join(import.meta.dirname, 'compose.yml'), stage, options);
        const unexpected = entries.filter(
          (entry) => entry.kind === 'result' && entry.status === 'failed' && !entry.ignored,
        );
        expect(code, `${log}${JSON.stringify(unexpected)}`).toBe(0);
        return plainCompose(outcomesOf(entries, modules, { [engine.folder]: 'ENGINE', [here]: 'HERE' }));
      };
      const before = await stateOf(engine, here);
      const check = await play('--check');
      const checked = await stateOf(engine, here);
      const real = await play();
      return { check, real, state: { before, checked, after: await stateOf(engine, here) } };
    };

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'muster-compose-'));
      closers.push(() => rm(root, { recursive: true, force: true }));
      sshd = await openSshd(await busyboxLogin(root, ['/usr/bin/docker']));
      closers.push(sshd.close);
      await makeImages(root);
      if (collections !== undefined) {
        process.env.ANSIBLE_COLLECTIONS_PATH = collections;
        await writeRecord(await playOn(playAnsible, 'theirs'));
      }
      theirs = await readRecord();
      ours = await playOn(playMuster, 'ours');
    }, 20 * minutes);
    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    }, minutes);

    test('tells what community.docker tells of each task', () => {
      expect(differences(ours.real, theirs.real, isMeantForCompose)).toEqual([]);
      expect(ours.real.length).toBeGreaterThan(60);
    });

    test('predicts what community.docker predicts, and changes nothing then', () => {
      expect(differences(ours.check, theirs.check, isMeantForCompose)).toEqual([]);
      expect(ours.state.checked).toEqual(ours.state.before);
    });

    test('leaves behind what community.docker leaves', () => {
      expect(ours.state.after).toEqual(theirs.state.after);
    });
  },
);
