import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { inventory } from '../../runner/cli/inventory.ts';
import { folderForAllTests } from '../support/folders.ts';
import { inventories } from './inventories/index.ts';

const listings = [['--list'], ['--graph', '--vars'], ['--list', '--yaml'], ['--list', '--yaml', '--export']];
// The library that Ansible writes TOML with refuses many values, so only some inventories can be compared.
const tomlListings = [
  ['--list', '--toml'],
  ['--list', '--toml', '--export'],
];
const listingsOf = (name: string): string[][] =>
  ['toml', 'ini groups', 'ini depth', 'constructed'].includes(name) ? [...listings, ...tomlListings] : listings;

const root = folderForAllTests('muster-inventories-');
const expected = new Map<string, string>();

const sourceOf = (name: string): string => {
  const first = Object.keys(inventories[name]!)[0]!;
  return root.at(name, first.startsWith('inv/') ? 'inv' : first);
};

beforeAll(() => {
  for (const [name, files] of Object.entries(inventories)) {
    for (const [path, text] of Object.entries(files)) {
      root.write(join(name, path), text, path.endsWith('.sh') ? 0o755 : undefined);
    }
  }
  const requests = Object.keys(inventories).flatMap((name) =>
    listingsOf(name).map((args) => ['-i', sourceOf(name), ...args]),
  );
  const script = join(import.meta.dirname, '../support/ansible-inventory.py');
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', [script], {
    input: JSON.stringify(requests),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`ansible-inventory is needed: ${stderr}`);
  const answers = JSON.parse(stdout) as string[];
  requests.forEach((request, index) => {
    expected.set(request.join(' '), answers[index]!);
  });
}, 120_000);

test.each(Object.keys(inventories))('lists %s as ansible-inventory does', async (name) => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  for (const args of listingsOf(name)) {
    const request = ['-i', sourceOf(name), ...args];
    const output = root.at('output');
    await inventory([...request, '--output', output]);
    const answer = expected.get(request.join(' '))!;
    expect(answer).not.toBe('');
    expect(`${args.join(' ')}\n${readFileSync(output, 'utf8').trimEnd()}`).toBe(
      `${args.join(' ')}\n${answer.trimEnd()}`,
    );
  }
});

test('lists only the hosts of the limit', async () => {
  const output = root.at('limited');
  await inventory(['-i', sourceOf('ini groups'), '--list', '--limit', 'b:!h2', '--output', output]);
  const listed = JSON.parse(readFileSync(output, 'utf8')) as Record<string, { hosts?: string[]; hostvars?: object }>;
  expect(Object.keys(listed._meta!.hostvars!)).toEqual(['h1']);
  expect(listed.b!.hosts).toEqual(['h1']);
  expect(listed.f_g).toBeUndefined();
});

test('says what is wrong with a command line', async () => {
  await expect(inventory(['-i', 'a,'])).rejects.toThrow(/No action selected/);
  await expect(inventory(['-i', 'a,', '--list', '--graph'])).rejects.toThrow(/only one of/);
  await expect(inventory(['-i', 'a,', '--host', 'b'])).rejects.toThrow(/single valid host/);
  await expect(inventory(['-i', 'a,', '--graph', 'nope'])).rejects.toThrow(/valid group name/);
  const hintOf = (...args: string[]): Promise<string | undefined> =>
    inventory(args).then(
      () => expect.unreachable(),
      (error) => error.problems[0].hint,
    );
  expect(await hintOf('-i', sourceOf('ini vars'), '--graph', 'al')).toBe("did you mean 'all'?");
  expect(await hintOf('-i', 'web1,web2', '--host', 'web1:web2')).toBe(
    "'web1:web2' means 2 hosts; --list shows those of --limit",
  );
  expect(await hintOf('-i', 'web1,', '--host', 'wep1')).toBe("did you mean 'web1'?");
  await expect(inventory(['--lst'])).rejects.toThrow(/unknown option/);
});
