import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import zypper from './zypper.ts';

// What zypper 1.14.42 writes with --xmlout.
const stream = (text: string): string => `<?xml version='1.0'?>\n<stream>\n${text}</stream>`;
const summary = (group: string, attributes: string): string =>
  stream(`<install-summary download-size="5501" space-usage-diff="0" packages-to-change="1">
<${group}>
<solvable type="package" name="muster-a" ${attributes} arch="noarch" summary="a">
<description>a</description></solvable>
</${group}>
</install-summary>
<prompt id="0">
<text>Continue?</text>
<option default="1" value="y" desc="Yes, accept the summary and proceed with installation/removal of packages."/>
</prompt>
<fileconflict-summary></fileconflict-summary>`);
const nothing = stream(`<install-summary download-size="0" space-usage-diff="0" packages-to-change="0">
</install-summary>
`);
const found = stream(`
<search-result version="0.0">
<solvable-list>
<solvable status="installed" name="muster-a" kind="package" edition="1-1" arch="noarch" repository="(System Packages)"/>
</solvable-list>
</search-result>
`);
const notFound = stream('<message type="info">No matching items found.</message>\n');

// It installs and removes one package, whose version stands in a file.
const fake = `
echo "$*" >>"$FAKE/log"
case " $* " in
*' search '*) [ -e "$FAKE/installed" ] && { cat "$FAKE/found"; exit 0; }; cat "$FAKE/not-found"; exit 104;;
*' refresh '*) [ ! -e "$FAKE/offline" ] || { echo 'no network' >&2; exit 4; }; exit 0;;
*nosuch*) echo "<?xml version='1.0'?><stream><message type=\\"error\\">No provider of &apos;+nosuch&apos; found.</message></stream>"; exit 104;;
*broken*) echo '<stream><mess'; exit 0;;
*locked*) echo "<?xml version='1.0'?><stream></stream>"; echo 'System management is locked' >&2; exit 7;;
*' install '*|*' update '*)
  if [ ! -e "$FAKE/installed" ]; then what=install; elif [ -e "$FAKE/newer" ]; then what=upgrade; else what=nothing; fi
  cat "$FAKE/$what"
  case " $* " in *' --dry-run '*) ;; *) [ $what = nothing ] || { : >"$FAKE/installed"; rm -f "$FAKE/newer"; };; esac;;
*' remove '*)
  cat "$FAKE/remove"
  case " $* " in *' --dry-run '*) ;; *) rm -f "$FAKE/installed";; esac;;
esac`;

let folder: string;
let host: ModuleHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-zypper-'));
  host = await openFakeHost(folder, { zypper: fake });
  const files = {
    found,
    'not-found': notFound,
    nothing,
    install: summary('to-install', 'edition="1-1"'),
    upgrade: summary('to-upgrade', 'edition="2-1" edition-old="1-1"'),
    remove: summary('to-remove', 'edition="2-1"'),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});
const run = (args: object, options = {}) => host.run(zypper, { name: 'muster-a', ...args }, options);
const log = async () => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n');

describe('zypper, with output in its format', () => {
  it('installs, upgrades and removes, and predicts it', async () => {
    expect(await run({}, { check: true, diff: true })).toMatchObject({
      changed: true,
      rc: 0,
      diff: { prepared: 'installed: muster-a\n' },
    });
    expect(await run({}, { diff: true })).toMatchObject({ changed: true, state: 'present', name: ['muster-a'] });
    expect(await log()).toEqual([
      '--quiet --non-interactive --xmlout --disable-repositories search --type package --match-exact --details --installed-only muster-a',
      '--quiet --non-interactive --xmlout install --type package --dry-run --auto-agree-with-licenses --no-recommends -- +muster-a',
      '--quiet --non-interactive --xmlout --disable-repositories search --type package --match-exact --details --installed-only muster-a',
      '--quiet --non-interactive --xmlout install --type package --auto-agree-with-licenses --no-recommends -- +muster-a',
    ]);
    expect(await run({})).toEqual({ changed: false, name: ['muster-a'], state: 'present', update_cache: false, rc: 0 });
    expect(await run({ state: 'latest' })).toMatchObject({ changed: false });
    await writeFile(join(folder, 'newer'), '');
    expect(await run({ state: 'latest' }, { diff: true })).toMatchObject({
      changed: true,
      diff: { prepared: 'upgraded: muster-a (1-1 => 2-1)\n' },
    });
    expect(await run({ state: 'absent' }, { check: true })).toMatchObject({ changed: true });
    expect(await run({ state: 'absent' }, { diff: true })).toMatchObject({
      changed: true,
      diff: { prepared: 'removed: muster-a\n' },
    });
    expect(await run({ state: 'absent' })).toMatchObject({ changed: false });
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
      cmd: expect.stringContaining('zypper --quiet'),
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
