import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import zypper from './zypper.ts';

// What zypper does to hosts, and what is told of it, is compared with Ansible in test/twins. Here: what it is asked for, and
// what hosts of the lab do not come to. The outputs are recorded from zypper 1.14.42 on Debian.
const stream = (text: string): string => `<?xml version='1.0'?>\n<stream>\n${text}</stream>\n`;
const summary = stream(`<install-summary download-size="6170" space-usage-diff="0" packages-to-change="1">
<to-upgrade>
<solvable type="package" name="muster-a" edition="2.0-1" arch="noarch" edition-old="1.0-1" arch-old="noarch" summary="A package for tests">
<description>A package for tests.</description></solvable>
</to-upgrade>
</install-summary>
<prompt id="0">
<text>Continue?</text>
<option default="1" value="y" desc="Yes, accept the summary and proceed with installation/removal of packages."/>
<option value="n" desc="No, cancel the operation."/>
</prompt>
`);
const notFound = stream('<message type="info">No matching items found.</message>\n');

const fake = `
echo "$*" >>"$FAKE/log"
case " $* " in
*' search '*) cat "$FAKE/not-found"; exit 104;;
*' refresh '*) [ ! -e "$FAKE/offline" ] || { echo 'no network' >&2; exit 4; }; exit 0;;
*nosuch*) echo "<?xml version='1.0'?><stream><message type=\\"error\\">No provider of &apos;+nosuch&apos; found.</message></stream>"; exit 104;;
*broken*) echo '<stream><mess'; exit 0;;
*locked*) echo "<?xml version='1.0'?><stream></stream>"; echo 'System management is locked' >&2; exit 7;;
*) cat "$FAKE/summary"; [ ! -e "$FAKE/stale" ] || { rm "$FAKE/stale"; exit 103; };;
esac`;

let folder: string;
let host: ModuleHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-zypper-'));
  host = await openFakeHost(folder, { zypper: fake });
  for (const [name, text] of Object.entries({ 'not-found': notFound, summary })) {
    await writeFile(join(folder, name), text);
  }
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});
const run = (args: object, options = {}) => host.run(zypper, { name: 'muster-a', ...args }, options);
const log = async () => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n');

describe('zypper', () => {
  it('is started again when it has changed itself', async () => {
    await writeFile(join(folder, 'stale'), '');
    expect(await run({ state: 'latest' }, { diff: true })).toMatchObject({
      changed: true,
      rc: 0,
      diff: { prepared: 'upgraded: muster-a (1.0-1 => 2.0-1)\n' },
    });
    expect(await log()).toHaveLength(2);
  });

  it('passes on versions, prefixes, files and options', async () => {
    await run({
      name: ['muster-a=1.2', '-other', '/tmp/x.rpm'],
      disable_recommends: false,
      force: true,
      disable_gpg_check: true,
      extra_args_precommand: '--root /x',
      extra_args: '--download-in-advance',
      update_cache: true,
    });
    expect(await log()).toEqual([
      '--quiet --non-interactive --xmlout --root /x --no-gpg-checks refresh --download-in-advance',
      '--quiet --non-interactive --xmlout --root /x --disable-repositories search --type package --download-in-advance --match-exact --details --installed-only other',
      '--quiet --non-interactive --xmlout --root /x --no-gpg-checks install --type package --auto-agree-with-licenses --force --oldpackage --download-in-advance -- /tmp/x.rpm +muster-a=1.2',
    ]);
    await run({ name: '*', state: 'latest' });
    expect((await log()).at(-1)).toMatch(/ update --type package --auto-agree/);
    await run({ name: '*', state: 'dist-upgrade' });
    expect((await log()).at(-1)).toMatch(/ dist-upgrade --auto-agree/);
  });

  it('tells the command, its exit code and its outputs when it fails', async () => {
    expect(await run({ name: 'nosuch' })).toMatchObject({
      failed: true,
      msg: "No provider of '+nosuch' found.",
      rc: 104,
      cmd: expect.arrayContaining(['zypper', '--quiet', '+nosuch']),
      stdout: expect.stringContaining('No provider'),
      stderr: '',
    });
    expect(await run({ name: 'locked' })).toMatchObject({
      failed: true,
      msg: 'Zypper run command failed with return code 7.',
      stderr: 'System management is locked\n',
    });
    expect((await run({ name: 'broken' })).msg).toMatch(/^Failed to parse zypper xml output: /);
    await writeFile(join(folder, 'offline'), '');
    expect(await run({ update_cache: true })).toMatchObject({ failed: true, msg: 'Zypper refresh run failed.', rc: 4 });
  });

  it('refuses what cannot be', async () => {
    const refused = async (args: object): Promise<unknown> => (await run(args)).msg;
    expect(await refused({ state: 'dist-upgrade' })).toBe('Can not dist-upgrade specific packages.');
    expect(await refused({ name: '+a', state: 'absent' })).toBe("Can not combine '+' prefix with state=remove/absent.");
    expect(await refused({ name: 'http://x/a.rpm', state: 'absent' })).toBe('Can not remove via URL.');
    expect(await refused({ type: 'patch', state: 'absent' })).toBe('Can not remove patches.');
  });
});

it('says that a host has no zypper', async () => {
  const bare = await openFakeHost(await mkdtemp(join(tmpdir(), 'muster-zypper-')), {});
  try {
    expect((await bare.run(zypper, { name: 'x' })).msg).toMatch(/^Failed to find required executable "zypper"/);
  } finally {
    await bare.close();
  }
});
