import { chmodSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { MusterError } from '../errors/index.ts';
import { type Dict, dict, Template, type Value } from '../values/index.ts';
import { VaultSecrets } from '../vault/index.ts';
import { Catalog, type CatalogOptions, type LoadInventoryOptions, loadInventory } from './index.ts';

const root = folderForEachTest('muster-catalog-');
let warnings: string[];
beforeEach(() => {
  warnings = [];
});

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) root.write(path, text);
};
const open = async (options: Partial<LoadInventoryOptions> & CatalogOptions = {}): Promise<Catalog> => {
  const warn = (message: string) => void warnings.push(message);
  const load = () => loadInventory({ sources: ['hosts'], cwd: root.path, warn, ...options });
  return new Catalog(await load(), { warn, reload: load, ...options });
};
const variable = (catalog: Catalog, host: string, name: string): Value | undefined =>
  catalog
    .layersOf(host)
    .find((layer) => layer.has(name))
    ?.get(name);

test('lays variables over each other in the order of Ansible', async () => {
  // The level number n sets w<n> and all after it to n, so the value of w<n> must be n.
  const ini = (names: string[], level: number) => names.map((name) => `${name}=${level}`);
  const yaml = (names: string[], level: number) => names.map((name) => `${name}: ${level}\n`).join('');
  const levels: [string, (names: string[], level: number) => string][] = [
    ['inv/hosts', (names, level) => `[all:vars]\n${ini(names, level).join('\n')}\n[g]\n[g:vars]\n`],
    ['inv/hosts', (names, level) => `${ini(names, level).join('\n')}\n[g]\n`],
    ['inv/group_vars/all.yml', yaml],
    ['group_vars/all.yml', yaml],
    ['inv/group_vars/g.yml', yaml],
    ['group_vars/g.yml', yaml],
    ['inv/hosts', (names, level) => `h ${ini(names, level).join(' ')}\n`],
    ['inv/host_vars/h.yml', yaml],
    ['host_vars/h.yml', yaml],
  ];
  const files: Record<string, string> = {};
  levels.forEach(([path, format], index) => {
    const names = Array.from({ length: levels.length - index }, (_, offset) => `w${index + 1 + offset}`);
    files[path] = (files[path] ?? '') + format(names, index + 1);
  });
  write(files);
  const catalog = await open({ sources: ['inv/hosts'], playbookDirs: [root.path] });
  expect(levels.map((_, index) => variable(catalog, 'h', `w${index + 1}`))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('makes templates of texts that need rendering, with their places', async () => {
  write({ hosts: "[g]\nh a='{{ b }}' c='[\"{{ d }}\"]'\n[g:vars]\nlong = x {{ e }}\n" });
  const catalog = await open();
  const a = variable(catalog, 'h', 'a') as Template;
  expect(a).toBeInstanceOf(Template);
  expect(a.origin).toMatchObject({ file: root.at('hosts'), line: 2 });
  expect((variable(catalog, 'h', 'c') as Value[])[0]).toBeInstanceOf(Template);
  expect((variable(catalog, 'h', 'long') as Template).origin).toMatchObject({ line: 4, column: 8 });
});

test('merges dicts where the configuration says so', async () => {
  write({ hosts: 'h\n', 'group_vars/all.yml': 'd: {a: 1, b: {c: 1}}\n', 'host_vars/h.yml': 'd: {b: {e: 2}}\n' });
  expect(variable(await open(), 'h', 'd')).toEqual(dict({ b: dict({ e: 2 }) }));
  const merged = await open({ mergesHashes: true });
  expect(variable(merged, 'h', 'd')).toEqual(dict({ a: 1, b: dict({ c: 1, e: 2 }) }));
});

test('gives the implicit localhost the variables of all, and no group', async () => {
  write({ hosts: 'h\n', 'group_vars/all.yml': 'a: 1\n', 'host_vars/localhost.yml': 'b: 2\n' });
  const catalog = await open();
  expect(catalog.select('localhost')).toEqual(['localhost']);
  expect(catalog.select('all')).toEqual(['h']);
  expect(catalog.groupsOf('localhost')).toEqual([]);
  expect(['a', 'b', 'ansible_connection'].map((name) => variable(catalog, 'localhost', name))).toEqual([1, 2, 'local']);
});

test('keeps to the limit, also from a file', async () => {
  write({ hosts: 'a\nb\nc\n', limit: 'b\nc\n' });
  expect((await open({ limit: 'a,b' })).select('all')).toEqual(['a', 'b']);
  expect((await open({ limit: `@${root.at('limit')}` })).select(['all', '!c'])).toEqual(['b']);
  const missing = await open({ limit: '@/no/such/file' });
  expect(() => missing.select('all')).toThrow(/Unable to find limit file/);
});

test('warns of patterns that match nothing, or fails, or says nothing', async () => {
  write({ hosts: 'a\n' });
  expect((await open()).select('nope')).toEqual([]);
  expect(warnings).toEqual(['Could not match supplied host pattern, ignoring: nope']);
  const strict = await open({ mismatch: 'error' });
  expect(() => strict.select('nope')).toThrow(MusterError);
  warnings = [];
  expect((await open({ mismatch: 'ignore' })).select('nope')).toEqual([]);
  expect(warnings).toEqual([]);
});

test('adds hosts and groups at run time, and says whether that changed anything', async () => {
  write({ hosts: '[web]\nw1\n', 'group_vars/new.yml': 'n: 1\n' });
  const catalog = await open();
  expect(catalog.addHost('x1', ['new', 'web'], dict({ a: 1 }))).toBe(true);
  expect(catalog.addHost('x1', ['new', 'web'], dict({ a: 1 }))).toBe(false);
  expect(catalog.addHost('x1', [], dict({ a: 2 }))).toBe(true);
  expect(catalog.select('web')).toEqual(['w1', 'x1']);
  expect(catalog.groupsOf('x1')).toEqual(['new', 'web']);
  expect([variable(catalog, 'x1', 'a'), variable(catalog, 'x1', 'n')]).toEqual([2, 1]);
  expect(catalog.addToGroup('w1', 'os_debian', ['os'])).toBe(true);
  expect(catalog.addToGroup('w1', 'os_debian', ['os'])).toBe(false);
  expect(catalog.select('os')).toEqual(['w1']);
  expect(catalog.groups().get('os')).toEqual(['w1']);
});

test('keeps what plays added when the sources are read anew', async () => {
  write({ hosts: 'a\n' });
  const catalog = await open();
  catalog.addHost('x', ['g'], dict({ v: 1 }));
  catalog.addToGroup('a', 'h', []);
  write({ hosts: 'b\n' });
  await catalog.refresh();
  expect([...catalog.hosts()].sort()).toEqual(['b', 'x']);
  expect(catalog.select('g')).toEqual(['x']);
  expect(variable(catalog, 'x', 'v')).toBe(1);
});

test('reads files of variables only for hosts that matter, and decrypts them', async () => {
  const vault = new VaultSecrets({ identities: [{ id: 'default', password: Buffer.from('x') }] });
  write({
    hosts: 'good\nbad\n',
    'host_vars/good.yml': vault.encrypt(Buffer.from('secret: hunter2\n')),
    'host_vars/bad.yml': 'a: [\n',
  });
  const decrypted: Dict[] = [];
  const catalog = await open({ vault, onDecrypted: (variables) => void decrypted.push(variables) });
  expect(variable(catalog, 'good', 'secret')).toBe('hunter2');
  expect(decrypted).toEqual([dict({ secret: 'hunter2' })]);
  expect(() => catalog.layersOf('bad')).toThrow(MusterError);
});

test('does not leave the directory for a host that is named like a path', async () => {
  write({ hosts: '/etc/passwd\n' });
  expect((await open()).layersOf('/etc/passwd')).toEqual([]);
});

const failures: [string, string, RegExp, number][] = [
  ['an unknown section', '[g:foo]\nh\n', /unknown type: foo/, 1],
  ['a blank in a section', 'h\n[a b]\n', /Invalid section entry/, 2],
  ['an undeclared child', '[g:children]\nnope\n', /undefined group: nope/, 2],
  ['variables of no group', '\n[g:vars]\na=1\n', /not valid for undefined group/, 2],
  ['a word that is no variable', 'h a=1\ni foo\n', /Expected key=value host variable assignment/, 2],
  ['an open quote', "h a='x\n", /No closing quotation/, 1],
  ['a bad range', 'h\nh[01:100]\n', /equal-length/, 2],
  ['a circle', '[a:children]\nb\n[b:children]\na\n', /recursive dependency loop/, 4],
];

test.each(failures)('tells where %s stands', async (_what, text, message, line) => {
  write({ hosts: text });
  const error = await open({ anyUnparsedIsFailed: true }).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(MusterError);
  const problem = (error as MusterError).problems[1]!;
  expect(problem.message).toMatch(message);
  expect(problem.origin).toMatchObject({ file: root.at('hosts'), line });
  await open();
  expect(warnings.join('\n')).toContain(`${root.at('hosts')}:${line}:`);
  expect(warnings).toContain(`Unable to parse ${root.at('hosts')} as an inventory source`);
});

test('refuses unknown plugins by name', async () => {
  write({ 'aws.yml': 'plugin: amazon.aws.aws_ec2\nregions: [x]\n' });
  await open({ sources: ['aws.yml'] });
  expect(warnings.join('\n')).toMatch(/aws\.yml:1:9: .*unknown plugin 'amazon\.aws\.aws_ec2'/);
  expect(warnings.join('\n')).toMatch(/hint: muster runs no Python inventory plugins/);
});

test('fails without any inventory when that is wanted, and otherwise warns', async () => {
  await expect(open({ sources: ['none'], unparsedIsFailed: true })).rejects.toThrow(/No inventory was parsed/);
  await open({ sources: ['none'] });
  expect(warnings).toContain('No inventory was parsed, only implicit localhost is available');
});

test('asks a script for each host when its list has no hostvars', async () => {
  write({
    'inv.sh': `#!/bin/sh
if [ "$1" = --list ]; then echo '{"g": ["h1", "h2"]}'; else echo "{\\"me\\": \\"$2 {{ x }}\\"}"; fi
`,
  });
  chmodSync(root.at('inv.sh'), 0o755);
  const catalog = await open({ sources: ['inv.sh'] });
  expect((variable(catalog, 'h2', 'me') as Template).source).toBe('h2 {{ x }}');
});

test('says what a failing script said', async () => {
  write({ 'inv.sh': '#!/bin/sh\necho broken >&2\nexit 3\n' });
  chmodSync(root.at('inv.sh'), 0o755);
  await open({ sources: ['inv.sh'] });
  expect(warnings[0]).toMatch(/had an execution error: broken/);
  expect(warnings).toHaveLength(3);
});

test('reads ten thousand hosts fast', async () => {
  const groups = Array.from({ length: 100 }, (_, group) => {
    const hosts = Array.from({ length: 100 }, (_host, index) => `h${group}-${index} a=${index}`);
    return `[g${group}]\n${hosts.join('\n')}\n[site:children]\ng${group}\n`;
  });
  write({ hosts: groups.join('') });
  const start = performance.now();
  const catalog = await open();
  expect(catalog.select('site:!g1')).toHaveLength(9900);
  for (const host of catalog.hosts()) catalog.layersOf(host);
  expect(performance.now() - start).toBeLessThan(15_000);
});
