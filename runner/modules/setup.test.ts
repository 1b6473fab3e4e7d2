import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../test/support/module-host.ts';
import type { Json } from '../values/index.ts';
import setup from './setup.ts';

type Facts = Record<string, Json>;

let host: ModuleHost;
beforeEach(async () => {
  host = await openModuleHost();
});
afterEach(() => host.close());

const gather = async (args: Record<string, unknown> = {}): Promise<Facts> => {
  const result = await host.run(setup, args);
  expect(result.failed).toBeUndefined();
  expect(result.changed).toBe(false);
  return result.ansible_facts as Facts;
};

// What moves between two looks, or tells of the process that looked.
const volatile =
  /^(ansible_(date_time|env|loadavg|memfree_mb|memory_mb|uptime_seconds|python|python_version|swapfree_mb)|discovered_interpreter_python)$/;

/** Lists in one order, and sizes that change all the time left out. */
const settle = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(settle).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (value === null || typeof value !== 'object') return value;
  const moving = /^(block|inode|size)_(available|used)$/;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !moving.test(key))
      .map(([key, item]) => [key, settle(item)]),
  );
};

describe('setup', () => {
  it('tells of this machine what Ansible tells, key by key', async () => {
    const { stdout } = await promisify(execFile)('ansible', ['localhost', '-m', 'setup'], {
      env: { ...process.env, ANSIBLE_NOCOLOR: '1' },
      maxBuffer: 1 << 24,
    });
    const theirs = (JSON.parse(stdout.slice(stdout.indexOf('{'))) as { ansible_facts: Facts }).ansible_facts;
    const ours = await gather();
    const stable = (facts: Facts): Facts =>
      Object.fromEntries(
        Object.entries(facts)
          .filter(([key]) => !volatile.test(key))
          .map(([key, value]) => [key, settle(value)]),
      );
    expect(stable(ours)).toEqual(stable(theirs));
    expect(Object.keys(ours.ansible_date_time as Facts).sort()).toEqual(
      Object.keys(theirs.ansible_date_time as Facts).sort(),
    );
    for (const key of ['ansible_python', 'ansible_memory_mb', 'ansible_loadavg', 'ansible_uptime_seconds'])
      expect(ours).toHaveProperty(key);
  }, 60_000);

  it('costs one round trip', async () => {
    expect(await host.countRoundTrips(() => gather())).toBe(1);
  });

  it('works with busybox alone', async () => {
    await host.close();
    host = await openModuleHost('busybox');
    const facts = await gather();
    expect(facts).toMatchObject({
      ansible_system: 'Linux',
      ansible_distribution: 'Debian',
      ansible_os_family: 'Debian',
    });
    expect((facts.ansible_default_ipv4 as Facts).interface).toBeTypeOf('string');
    expect(facts.ansible_mounts).not.toEqual([]);
  });

  it('gathers only the subset that is asked for', async () => {
    const least = await gather({ gather_subset: ['!all', '!min'] });
    expect(Object.keys(least).filter((key) => key.startsWith('ansible_'))).toEqual([]);
    const network = await gather({ gather_subset: ['!all', '!min', 'network'] });
    expect(network).toHaveProperty('ansible_default_ipv4');
    expect(network).toHaveProperty('ansible_distribution');
    expect(network).not.toHaveProperty('ansible_memtotal_mb');
    const noHardware = await gather({ gather_subset: ['!hardware'] });
    expect(noHardware).not.toHaveProperty('ansible_devices');
    expect(noHardware).toHaveProperty('ansible_user_id');
    expect(await host.run(setup, { gather_subset: ['nonsense'] })).toMatchObject({
      failed: true,
      msg: expect.stringContaining("Bad subset 'nonsense' given to Ansible."),
    });
  });

  it('filters by shell patterns', async () => {
    const facts = await gather({ filter: ['ansible_distribution*', 'kernel'] });
    expect(Object.keys(facts)).toContain('ansible_distribution_version');
    expect(Object.keys(facts)).toContain('ansible_kernel');
    expect(Object.keys(facts)).not.toContain('ansible_fqdn');
  });

  it('reads local facts: JSON, INI and programs', async () => {
    const folder = join(host.directory, 'facts d');
    await mkdir(folder);
    await writeFile(join(folder, 'a.fact'), '{"size": 3, "ratio": 1.5}');
    await writeFile(join(folder, 'b.fact'), '[general]\nName = x\nlong = one\n  two\n');
    await writeFile(join(folder, 'c.fact'), '#!/bin/sh\necho \'{"from": "program"}\'\necho noise >&2\n');
    await writeFile(join(folder, 'd.fact'), '#!/bin/sh\necho broken >&2\nexit 3\n');
    await writeFile(join(folder, 'e.fact'), 'neither of both\n');
    for (const name of ['c', 'd']) await chmod(join(folder, `${name}.fact`), 0o755);
    const facts = await gather({ fact_path: folder, gather_subset: ['!all', '!min', 'local'] });
    expect(facts.ansible_local).toEqual({
      a: { size: 3, ratio: 1.5 },
      b: { general: { name: 'x', long: 'one\ntwo' } },
      c: { from: 'program' },
      d: `Failure executing fact script (${folder}/d.fact), rc: 3, err: broken`,
      e: `error loading facts as JSON or ini - please check content: ${folder}/e.fact`,
    });
    expect(host.warnings).toHaveLength(2);
  });
});
