import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import parted from './parted.ts';

const folder = folderForEachTest('muster-parted-');
let host: ModuleHost;
beforeEach(async () => {
  // Prints what parted 3.5 did; each script makes the next of the prepared outputs current.
  host = await openFakeHost(folder.path, {
    parted: `case "$*" in
*print) cat "$FAKE/now"; ! grep -q unknown "$FAKE/now" || { echo "Error: /dev/loop2: unrecognised disk label" >&2; exit 1; };;
*/dev/nope*) echo "Error: Could not stat device /dev/nope - No such file or directory." >&2; exit 1;;
*) printf '%s\\n' "$*" >>"$FAKE/log"; [ ! -e "$FAKE/next" ] || mv "$FAKE/next" "$FAKE/now"; [ ! -e "$FAKE/next2" ] || mv "$FAKE/next2" "$FAKE/next";;
esac`,
  });
});
afterEach(() => host.close());

const unknown = 'BYT;\n/dev/loop2:65536kiB:loopback:512:512:unknown:Loopback device:;\n';
const gpt = 'BYT;\n/dev/loop2:65536kiB:loopback:512:512:gpt:Loopback device:;\n';
const plain = `${gpt}1:17.0kiB:10240kiB:10223kiB::primary:;\n`;
const named = `${gpt}1:17.0kiB:10240kiB:10223kiB:ext4:a b:lvm, boot;\n`;
const show = async (...outputs: string[]) => {
  for (const [index, name] of ['now', 'next', 'next2'].entries()) {
    await rm(folder.at(name), { force: true });
    if (outputs[index] !== undefined) folder.write(name, outputs[index]);
  }
};
const log = (): string => folder.take('log');
const run = (args: object, options = {}) => host.run(parted, { device: '/dev/loop2', ...args }, options);

describe('parted', () => {
  it('tells of a disk', async () => {
    await show(named);
    const info = {
      changed: false,
      disk: {
        dev: '/dev/loop2',
        size: 65536,
        unit: 'kib',
        table: 'gpt',
        model: 'Loopback device',
        logical_block: 512,
        physical_block: 512,
      },
      partitions: [
        {
          num: 1,
          begin: 17,
          end: 10240,
          size: 10223,
          fstype: 'ext4',
          name: 'a b',
          flags: ['lvm', 'boot'],
          unit: 'kib',
        },
      ],
      script: "unit 'KiB' print",
    };
    expect(await run({})).toEqual(info);
    expect(await host.countRoundTrips(() => run({}))).toBe(1);
  });

  it('tells in cylinders, heads and sectors', async () => {
    await show(
      'CHS;\n/dev/loop2:257,0,1:loopback:512:512:gpt:Loopback device:;\n257:255:2:261kB;\n1:0,17,0:40,39,1::a b:lvm;\n',
    );
    expect(await run({ unit: 'chs' })).toMatchObject({
      disk: {
        unit: 'chs',
        size: { cylinder: 257, head: 0, sector: 1 },
        chs_info: { cylinders: 257, heads: 255, sectors: 2, cyl_size: 261, cyl_size_unit: 'kb' },
      },
      partitions: [{ num: 1, begin: { cylinder: 0, head: 17, sector: 0 }, size: '', name: 'a b', flags: ['lvm'] }],
    });
  });

  it('makes the table and the partition, then its name and flags', async () => {
    await show(unknown, plain, named);
    const args = {
      number: 1,
      state: 'present',
      label: 'gpt',
      part_end: '10MiB',
      fs_type: 'ext4',
      name: 'a b',
      flags: ['lvm', 'boot'],
    };
    expect(await run(args, { check: true })).toMatchObject({ changed: true, partitions: [] });
    expect(log()).toBe('');
    expect(await run(args)).toMatchObject({ changed: true, partitions: [{ name: 'a b', flags: ['lvm', 'boot'] }] });
    expect(log()).toBe(
      '-s -m -a optimal /dev/loop2 -- unit KiB mklabel gpt mkpart primary ext4 0% 10MiB\n' +
        '-s -m -a optimal /dev/loop2 -- unit KiB name 1 "a b" set 1 lvm on set 1 boot on\n',
    );
    expect(await run(args)).toMatchObject({ changed: false, script: '' });
    expect(await host.countRoundTrips(() => run(args))).toBe(1);
    expect(await run({ ...args, flags: ['esp'] })).toMatchObject({
      changed: true,
      script: 'unit KiB set 1 esp on set 1 lvm off',
    });
  });

  it('resizes and removes', async () => {
    await show(named, gpt);
    const resize = { number: 1, state: 'present', label: 'gpt', resize: true };
    expect(await run({ ...resize, part_end: '10MiB' })).toMatchObject({ changed: false });
    await run({ ...resize, part_end: '50%', align: 'undefined' });
    expect(log()).toBe('-s -m /dev/loop2 -- unit KiB resizepart 1 50%\n');
    await show(named, gpt);
    expect(await run({ number: 1, state: 'absent' })).toMatchObject({ changed: true, partitions: [], script: 'rm 1' });
    expect(await run({ number: 1, state: 'absent' })).toMatchObject({ changed: false, script: '' });
  });

  it('says what is wrong', async () => {
    await show('');
    expect(await run({ number: 1, state: 'present', part_end: '10mib' })).toMatchObject({
      failed: true,
      msg: expect.stringContaining("'part_end' doesn't respect required format"),
    });
    expect(await run({ number: 0, state: 'present' })).toMatchObject({ failed: true });
    expect(await run({ state: 'present' })).toMatchObject({ failed: true });
    expect(await run({ device: '/dev/nope' })).toMatchObject({ failed: true });
  });
});
