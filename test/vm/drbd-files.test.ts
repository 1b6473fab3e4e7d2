import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRequired } from '../twins/needs.ts';
import { type Place, type Played, playAnsible, playMuster } from './play.ts';
import { recorded, type Said } from './recorded-drbd9.ts';

const run = promisify(execFile);
const hasAnsible = await run('ansible-playbook', ['--version']).then(
  () => true,
  () => false,
);

describe.runIf(hasAnsible || isRequired)('the drbd role as Ansible sees it (needs ansible-playbook)', () => {
  let place: Place & { readonly folder: string };
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-drbd-'));
    const inventory = join(folder, 'hosts');
    await writeFile(inventory, '[lab]\none own_address=192.0.2.1\ntwo own_address=fd00::2\n');
    place = { folder, inventory };
  });
  afterAll(() => rm(place.folder, { recursive: true }));

  test.each(['drbd.yml', 'drbd-status.yml'])(
    '%s is in order',
    async (playbook) => {
      const { code, text } = await playAnsible(place, playbook, ['--syntax-check']);
      expect(code, text).toBe(0);
    },
    300_000,
  );

  test('resource files are the same by both, for DRBD 8.4 and 9', async () => {
    const files = async (player: typeof playMuster): Promise<string[]> => {
      const { code, text } = await player(place, 'drbd-template.yml', ['-e', `folder=${place.folder}`]);
      expect(code, text).toBe(0);
      return Promise.all(['False', 'True'].map((is9) => readFile(join(place.folder, `r0-${is9}.res`), 'utf8')));
    };
    const theirs = await files(playAnsible);
    await Promise.all(['False', 'True'].map((is9) => rm(join(place.folder, `r0-${is9}.res`))));
    const ours = await files(playMuster);
    expect(ours).toEqual(theirs);
    expect(ours[0]).toBe(`# Ansible managed
resource r0 {
  device /dev/drbd3;
  meta-disk internal;
  net {
    always-asbp yes;
    cram-hmac-alg sha256;
    max-buffers 8000;
    protocol C;
    shared-secret "s3cret";
    verify-alg crc32c;
  }
  startup {
    wfc-timeout 30;
  }
  handlers {
    split-brain "/usr/lib/drbd/notify-split-brain.sh root";
  }
  on one.example {
    disk /dev/a;
    address ipv4 192.0.2.1:7791;
  }
  on two.example {
    disk /dev/b;
    address ipv6 [fd00::2]:7791;
  }
}
`);
    expect(ours[1]).toMatch(/7791;\n {4}node-id 0;\n {2}\}\n[^}]*7791;\n {4}node-id 1;\n {2}\}/);
  }, 600_000);

  // The module's version is a stand-in's: `modinfo`, where no module is loaded.
  test.each([
    { module: '8.4.11', asked: {}, says: 'it is 8.4' },
    { module: '9.2.18', asked: { format: 'v09' }, says: 'it is 9' },
    { module: '9.2.18', asked: { drbd_adopt: true }, says: 'it is 9' },
    { module: '', asked: {}, says: 'it is 8.4' },
    { module: '', asked: { drbd_repository: 'linbit' }, says: 'it is 9' },
    {
      module: '8.4.11',
      asked: { drbd_repository: 'linbit' },
      says: 'one: the kernel has DRBD 8.4.11, and DRBD 9 is asked for. There is no such module for the kernel 6.1.0: see what',
    },
    {
      module: '9.2.18',
      asked: { drbd_generation: '8' },
      says: 'DRBD 9.2.18, and DRBD 8 is asked for. There is no such',
    },
    {
      module: '9.2.18',
      asked: {},
      says: "one: the metadata of 'r0' is DRBD 8.4's, and this host has DRBD 9.2.18. It is left alone. Set drbd_adopt to",
    },
    {
      module: '8.4.11',
      asked: { format: 'v09', drbd_force: true },
      says: "the metadata of 'r0' is DRBD 9's, and this host has DRBD 8.4.11. It is left alone. Install DRBD 9 again",
    },
  ])(
    'with module "$module" and $asked: $says',
    async ({ module, asked, says }) => {
      const bin = join(place.folder, 'bin');
      await mkdir(bin, { recursive: true });
      await writeFile(join(bin, 'modinfo'), `#!/bin/sh\necho '${module}'\n`, { mode: 0o755 });
      const options = { ...asked, bin };
      const { text } = await playMuster(place, 'drbd-generation.yml', ['-e', JSON.stringify(options)]);
      expect(text).toContain(says);
    },
    300_000,
  );

  // What was said is recorded; a stand-in for `drbdadm` says it again.
  const observe = async (state: Readonly<Record<'one' | 'two', Said>>, player: typeof playMuster): Promise<Played> => {
    const bin = join(place.folder, 'recorded');
    for (const [host, said] of Object.entries(state)) {
      const cases = Object.entries(said).map(([command, text]) => `${command}) echo '${text}' ;;\n`);
      await mkdir(join(bin, host), { recursive: true });
      const script = `#!/bin/sh\ncase $1 in\n${cases.join('')}*) exit 1 ;;\nesac\n`;
      await writeFile(join(bin, host, 'drbdadm'), script, { mode: 0o755 });
    }
    return player(place, 'drbd-observed.yml', ['-e', JSON.stringify({ bin })]);
  };

  test.each([
    ['muster', playMuster],
    ['ansible-playbook', playAnsible],
  ])(
    'a split brain of DRBD 9 is told by %s, and nothing else is taken for one',
    async (_, player) => {
      const split = await observe(recorded.splitBrain, player);
      expect(split.text).toContain(
        "Split brain: 'r0' was written to on one and on two while they did not see each other.",
      );
      expect(split.text).toContain(
        'On one it is Secondary, StandAlone, UpToDate/DUnknown, on two Primary, StandAlone, UpToDate/DUnknown.',
      );
      expect(split.code).toBe(2);
      for (const state of [recorded.cutOff, recorded.healed]) {
        const { code, text } = await observe(state, player);
        expect(code, text).toBe(0);
        expect(text).toContain(`r0: ${state.one.role}, ${state.one.cstate}, disks ${state.one.dstate}`);
      }
    },
    600_000,
  );
});
