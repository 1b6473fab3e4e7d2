import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRequired, titled } from '../twins/needs.ts';
import type { Player } from '../twins/play.ts';
import { outcomesOf } from '../twins/results.ts';
import { type Ground, type Played, type Runs, testOnServers, writeServerInventory } from '../twins/servers.ts';
import { type Dockerd, lackingForDocker, registry, startDockerd } from './dockerd.ts';
import { makeImages, stateOf } from './ground.ts';
import { isMeant, plain } from './meant.ts';

const lacking = [
  ...lackingForDocker(),
  ...(existsSync('/usr/lib/python3/dist-packages/ansible_collections/community/docker')
    ? []
    : ['Debian package ansible']),
];

const playAll = async (player: Player, name: string, { root, sshd, closers }: Ground): Promise<Runs> => {
  const here = join(root, name);
  await mkdir(join(here, 'build'), { recursive: true });
  await writeFile(join(here, 'build/Dockerfile'), 'FROM base:1\nARG KIND=plain\nCOPY note /note\nENV KIND=$KIND\n');
  await writeFile(join(here, 'build/note'), 'a note\n');
  await copyFile(join(root, 'base2.tar'), join(here, 'base2.tar'));
  const inventory = await writeServerInventory(here, 'engine', name === 'ours' ? sshd : undefined);
  const engine = await startDockerd();
  closers.push(engine.close);
  await seed(engine, root, here);
  const play = async (options: readonly string[]): Promise<Played> => {
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

describe.runIf(isRequired || lacking.length === 0)(
  titled('muster and ansible-playbook, on Docker Engines (needs root)', lacking),
  () => {
    const ours = testOnServers({
      name: 'docker',
      prepare: ({ root }) => makeImages(root),
      playAll,
      isMeant,
      least: 80,
    });

    test('keep passwords out of what is told', () => {
      const { real, check } = ours();
      expect(JSON.stringify([real.outcomes, check.outcomes])).not.toContain(registry.password);
    });
  },
);

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
