import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFakeHost } from '../../test/support/fake-commands.ts';
import { folderForEachTest } from '../../test/support/folders.ts';
import type { ModuleHost } from '../../test/support/module-host.ts';
import lvol from './lvol.ts';

const folder = folderForEachTest('muster-lvol-');
let host: ModuleHost;
beforeEach(async () => {
  const acts = Object.fromEntries(
    ['lvcreate', 'lvextend', 'lvreduce', 'lvremove', 'lvchange'].map((name) => [
      name,
      `echo "${name} $*" >>"$FAKE/log"\n[ ! -e "$FAKE/said" ] || { cat "$FAKE/said" >&2; exit 5; }`,
    ]),
  );
  // What lvm 2.03.16 prints; it knows the sizes in MiB only.
  const tell = (file: string) => `[ -e "$FAKE/${file}" ] || { echo '  Volume group "data" not found' >&2; exit 5; }
awk -F';' -v OFS=';' -v unit="$(echo "$*" | sed 's/.*--units \\(.\\).*/\\1/')" '{ if (unit == "g") for (i = 2; i <= NF; i++) if ($i + 0) $i /= 1024; print "  " $0 }' "$FAKE/${file}"`;
  host = await openFakeHost(folder.path, {
    ...acts,
    lvm: 'echo "  LVM version:     2.03.16(2) (2022-05-18)"',
    vgs: tell('group'),
    lvs: tell('volumes'),
  });
  folder.write('group', 'data;10236.00;5116.00;4.00\n');
  set(
    'home;5120.00;-wi-a-----',
    'pool;1024.00;twi-aotz--',
    '[pool_tmeta];4.00;ewi-ao----',
    'thin;2048.00;Vwi-aotz--',
    'off;8.00;-wi-------',
  );
});
afterEach(() => host.close());

const set = (...rows: string[]): string => folder.write('volumes', rows.map((row) => `${row}\n`).join(''));
const log = (): string => folder.take('log');
const run = (args: object, options = {}) => host.run(lvol, { vg: 'data', ...args }, options);

describe('lvol', () => {
  it('makes volumes of every kind', async () => {
    const cases: [object, string][] = [
      [{ lv: 'new', size: '512' }, 'lvcreate --yes -n new -L 512m data'],
      [
        { lv: 'new', size: '1.5G', opts: '-r 16', pvs: '/dev/sda,/dev/sdb' },
        'lvcreate --yes -n new -L 1.5G -r 16 data /dev/sda /dev/sdb',
      ],
      [{ lv: 'new', size: '100%FREE' }, 'lvcreate --yes -n new -l 100%FREE data'],
      [{ lv: 'home', snapshot: 'snap', size: '20%VG' }, 'lvcreate --yes -l 20%VG -s -n snap data/home'],
      [{ lv: 'thin', snapshot: 'snap' }, 'lvcreate --yes -s -n snap data/thin'],
      [{ thinpool: 'pool2', size: '1g' }, 'lvcreate --yes -L 1g -T data/pool2'],
      [{ lv: 'new', thinpool: 'pool', size: '1g' }, 'lvcreate --yes -n new -V 1g -T data/pool'],
    ];
    for (const [args, command] of cases) {
      expect(await run(args, { check: true })).toMatchObject({ changed: true });
      expect(log()).toBe('');
      expect(await run(args)).toEqual({ changed: true, msg: '' });
      expect(log()).toBe(`${command}\n`);
    }
  });

  it('leaves what has its size, in one round trip', async () => {
    const result = { changed: false, vg: 'data', lv: 'home', size: 5120 };
    expect(await run({ lv: 'home', size: '5120' })).toEqual(result);
    expect(await host.countRoundTrips(() => run({ lv: 'home', size: '5120' }))).toBe(1);
    for (const size of ['5g', '5118', '50%VG', undefined]) {
      expect(await run({ lv: 'home', size })).toMatchObject({ changed: false });
    }
    expect(await run({ lv: 'home', size: '1g', shrink: false })).toMatchObject({ changed: false });
    expect(log()).toBe('');
  });

  it('resizes', async () => {
    const cases: [object, string][] = [
      [{ size: '6g', resizefs: true }, 'lvextend --resizefs -L 6g data/home'],
      [{ size: '+512', pvs: '/dev/sdb' }, 'lvextend -L +512m data/home /dev/sdb'],
      [{ size: '+100%FREE' }, 'lvextend -l +100%FREE data/home'],
      [{ size: '80%VG' }, 'lvextend -l 80%VG data/home'],
      [{ size: '1g', force: true }, 'lvreduce --force -L 1g data/home'],
      [{ size: '-1g', force: true }, 'lvreduce --force -L -1g data/home'],
      [{ size: '10%VG', force: true }, 'lvreduce --force -l 10%VG data/home'],
    ];
    for (const [args, command] of cases) {
      expect(await run({ lv: 'home', ...args })).toMatchObject({ changed: true, lv: 'home' });
      expect(log()).toBe(`${command}\n`);
    }
  });

  it('removes, and activates and deactivates', async () => {
    expect(await run({ lv: 'home', state: 'absent', force: true })).toMatchObject({ changed: true });
    expect(await run({ lv: 'none', state: 'absent' })).toMatchObject({ changed: false });
    expect(await run({ lv: 'off' })).toMatchObject({ changed: true });
    expect(await run({ lv: 'off', active: false })).toMatchObject({ changed: false });
    expect(await run({ lv: 'home', active: false })).toMatchObject({ changed: true });
    expect(log()).toBe('lvremove --force data/home\nlvchange -ay data/off\nlvchange -an data/home\n');
  });

  it('refuses what destroys data or cannot be', async () => {
    const cases: [object, string][] = [
      [{ lv: 'home', state: 'absent' }, 'Sorry, no removal of logical volume home without force=true.'],
      [{ lv: 'home', size: '1g' }, 'Sorry, no shrinking of home without force=true.'],
      [{ lv: 'home', size: '0', force: true }, 'Sorry, no shrinking of home to 0 permitted.'],
      [{ lv: 'home', size: '101%VG' }, 'Size percentage cannot be larger than 100%'],
      [{ lv: 'home', size: '10%ORIGIN' }, 'Snapshot Volumes are not supported'],
      [{ lv: 'home', size: 'big' }, "Bad size specification of 'big'"],
      [{ lv: 'new' }, 'No size given.'],
      [{ lv: 'new', size: '-1g' }, "Bad size specification of '-1g' for creating LV"],
      [{ lv: 'none', snapshot: 's', size: '1g' }, 'Snapshot origin LV none does not exist in volume group data.'],
      [{ lv: 'new', thinpool: 'none', size: '1g' }, 'Thin pool LV none does not exist in volume group data.'],
      [{ lv: 'new', thinpool: 'pool', size: '1%VG' }, 'Thin volume sizing with percentage not supported.'],
    ];
    for (const [args, msg] of cases) expect(await run(args)).toMatchObject({ failed: true, msg });
    expect(log()).toBe('');
  });

  it('tells of a group that is not there, and of what lvm said', async () => {
    folder.write('said', '  New size (1280 extents) matches existing size (1280 extents).\n');
    expect(await run({ lv: 'home', size: '6g' })).toMatchObject({ changed: false });
    folder.write('said', '  Insufficient free space\n');
    expect(await run({ lv: 'home', size: '6g' })).toMatchObject({
      failed: true,
      msg: 'Unable to resize home to 6g Insufficient free space',
      rc: 5,
    });
    await rm(folder.at('group'));
    expect(await run({ lv: 'home', size: '1g' })).toMatchObject({
      failed: true,
      msg: 'Volume group data does not exist. Volume group "data" not found',
    });
    expect(await run({ lv: 'home', state: 'absent' })).toMatchObject({ changed: false });
  });
});
