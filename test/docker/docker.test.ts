import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../runner/values/index.ts';
import { openSshd, type Sshd } from '../support/sshd.ts';
import { isRequired, titled } from '../twins/needs.ts';
import { type Player, playAnsible, playMuster } from '../twins/play.ts';
import { differences, type Outcome, outcomesOf, steadyText } from '../twins/results.ts';
import { type Dockerd, lackingForDocker, makeImageTree, registry, startDockerd } from './dockerd.ts';
import { isMeant, plain } from './meant.ts';

const lacking = [
  ...lackingForDocker(),
  ...(existsSync('/usr/lib/python3/dist-packages/ansible_collections/community/docker')
    ? []
    : ['Debian package ansible']),
];

interface Run {
  readonly outcomes: Outcome[];
  readonly code: number;
  readonly log: string;
  readonly state: string[];
}

interface Runs {
  readonly real: Run;
  readonly check: Run;
  /** What was there before the check run. */
  readonly before: string[];
}

const minutes = 60_000;

describe.runIf(isRequired || lacking.length === 0)(
  titled('muster and ansible-playbook, on Docker Engines (needs root)', lacking),
  () => {
    const closers: (() => Promise<unknown>)[] = [];
    let root: string;
    let sshd: Sshd;
    let ours: Runs;
    let theirs: Runs;

    const playAll = async (player: Player, name: string): Promise<Runs> => {
      const here = join(root, name);
      await mkdir(join(here, 'build'), { recursive: true });
      await writeFile(join(here, 'build/Dockerfile'), 'FROM base:1\nARG KIND=plain\nCOPY note /note\nENV KIND=$KIND\n');
      await writeFile(join(here, 'build/note'), 'a note\n');
      await copyFile(join(root, 'base2.tar'), join(here, 'base2.tar'));
      const inventory = join(here, 'inventory.ini');
      const connection =
        player === playMuster
          ? `ansible_host=${sshd.host} ansible_port=${sshd.port} ansible_user=${userInfo().username} ansible_ssh_private_key_file=${sshd.privateKey} ansible_ssh_common_args='-F none -o UserKnownHostsFile=${sshd.knownHosts} -o IdentitiesOnly=yes'`
          : 'ansible_connection=local ansible_python_interpreter=/usr/bin/python3';
      await writeFile(inventory, `[engine]\nserver ${connection}\n`);
      const engine = await startDockerd();
      closers.push(engine.close);
      await seed(engine, root, here);
      const play = async (options: readonly string[]): Promise<Run> => {
        const variables = { socket: engine.socket, here };
        const stage = { inventory, variables, directory: await mkdtemp(join(root, 'c-')) };
        const { entries, code, log, modules } = await player(join(import.meta.dirname, 'site.yml'), stage, options);
        const outcomes = outcomesOf(entries, modules, { [engine.folder]: 'ENGINE', [here]: 'HERE' });
        return { outcomes: plain(outcomes), code, log, state: await stateOf(engine, here) };
      };
      const before = await stateOf(engine, here);
      const check = await play(['--check', '--diff']);
      return { before, check, real: await play(['--diff']) };
    };

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'muster-docker-'));
      closers.push(() => rm(root, { recursive: true, force: true }));
      sshd = await openSshd();
      closers.push(sshd.close);
      await makeImages(root);
      [ours, theirs] = await Promise.all([playAll(playMuster, 'ours'), playAll(playAnsible, 'theirs')]);
    }, 10 * minutes);
    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    }, minutes);

    test('come to the end of the playbook', () => {
      for (const run of [ours.check, ours.real, theirs.check, theirs.real]) {
        expect(run.outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
        expect(run.code, run.log).toBe(0);
      }
      expect(ours.real.outcomes.length).toBeGreaterThan(80);
    });

    test('tell the same of each task', () => {
      expect(differences(ours.real.outcomes, theirs.real.outcomes, isMeant)).toEqual([]);
    });

    test('leave the same containers, images, networks, volumes and files', () => {
      expect(ours.real.state).toEqual(theirs.real.state);
    });

    test('predict the same in a check run, and change nothing', () => {
      expect(differences(ours.check.outcomes, theirs.check.outcomes, isMeant)).toEqual([]);
      expect(ours.check.state).toEqual(ours.before);
    });

    test('keep passwords out of what is told', () => {
      const told: Json = JSON.stringify([ours.real.outcomes, ours.check.outcomes]);
      expect(told).not.toContain(registry.password);
    });
  },
);

/** Makes two images as archives, the same for all engines. */
const makeImages = async (root: string): Promise<void> => {
  const engine = await startDockerd();
  try {
    const tree = await makeImageTree(root);
    await engine.docker('import', '--change', 'CMD ["/bin/serve"]', tree, 'base:1');
    await engine.docker('import', '--change', 'CMD ["/bin/sleep", "9"]', '--change', 'LABEL v=2', tree, 'base:2');
    await engine.docker('save', '-o', join(root, 'base1.tar'), 'base:1');
    await engine.docker('save', '-o', join(root, 'base2.tar'), 'base:2');
  } finally {
    await engine.close();
  }
};

/** What the playbook finds: an image, one in the registry, and things for a check run to change and to remove. */
const seed = async ({ docker }: Dockerd, root: string, here: string): Promise<void> => {
  await docker('load', '-i', join(root, 'base1.tar'));
  await docker('tag', 'base:1', '127.0.0.1:5001/seed:1');
  await docker('push', '127.0.0.1:5001/seed:1');
  await docker('rmi', '127.0.0.1:5001/seed:1');
  await docker('volume', 'create', '--label', 'kind=seeded', 'seeded');
  await docker('volume', 'create', 'gone');
  await docker('network', 'create', '--subnet', '10.91.0.0/24', 'front');
  await docker('run', '-d', '--name', 'app', '--network', 'front', '-e', 'MODE=old', '-v', `${here}:/here`, 'base:1');
};

/** What is on an engine, without what it makes up itself. */
const stateOf = async ({ docker, folder }: Dockerd, here: string): Promise<string[]> => {
  const parts = [
    await docker(
      'ps',
      '-a',
      '--no-trunc',
      '--format',
      '{{.Names}} {{.Image}} {{.Command}} {{.State}} {{.Networks}} {{.Mounts}}',
    ),
    await docker('images', '--format', '{{.Repository}}:{{.Tag}}'),
    await docker('network', 'ls', '--format', '{{.Name}} {{.Driver}} {{.Internal}} {{.Labels}}'),
    await docker('volume', 'ls', '--format', '{{.Name}} {{.Driver}} {{.Labels}}'),
    await readFile(join(here, 'config.json'), 'utf8').catch(() => 'no config\n'),
    existsSync(join(here, 'archive.tar')) ? 'an archive\n' : 'no archive\n',
  ];
  return parts
    .flatMap((part) => part.trimEnd().split('\n').sort())
    .map((line) => steadyText(line, { [here]: 'HERE', [folder]: 'ENGINE' }).replace(/[0-9a-f]{64}/g, 'ID'))
    .sort();
};
