import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import blockinfile from '../../runner/modules/blockinfile.ts';
import copy from '../../runner/modules/copy.ts';
import iniFile from '../../runner/modules/ini_file.ts';
import lineinfile from '../../runner/modules/lineinfile.ts';
import replace from '../../runner/modules/replace.ts';
import { type ModuleHost, openModuleHost, type Tools } from '../support/module-host.ts';
import { hardContent } from './contents.ts';

const seeds = Array.from({ length: 25 }, (_, index) => index + 1);
const ending = (content: Buffer): Buffer =>
  content.length === 0 || content.at(-1) === 10 ? Buffer.alloc(0) : Buffer.from('\n');
const mark = 'řádek 漢 42';

describe.each<Tools>(['gnu', 'busybox'])('not one byte is lost (%s)', (tools) => {
  let host: ModuleHost;
  let path: string;
  beforeAll(async () => {
    host = await openModuleHost(tools);
    path = `${host.directory}/file`;
  });
  afterAll(() => host?.close());

  // Runs a module on a file, and again to see that it has nothing left to do; gives what is in the file then.
  const edit = async (module: unknown, args: Record<string, unknown>): Promise<Buffer> => {
    const result = await host.run(module, { path, ...args });
    expect(result).not.toHaveProperty('failed', true);
    const after = await readFile(path);
    expect(await host.run(module, { path, ...args })).toMatchObject({ changed: false });
    expect(await readFile(path)).toEqual(after);
    return after;
  };

  test.each(seeds)('by lineinfile: content %d', async (seed) => {
    const content = hardContent(seed);
    await writeFile(path, content);
    const whole = Buffer.concat([content, ending(content)]);
    expect(await edit(lineinfile, { line: mark })).toEqual(Buffer.concat([whole, Buffer.from(`${mark}\n`)]));
    expect(await edit(lineinfile, { regexp: `^${mark}$`, state: 'absent' })).toEqual(whole);
    await writeFile(path, content);
    expect(await edit(lineinfile, { line: mark, insertbefore: 'BOF' })).toEqual(
      Buffer.concat([Buffer.from(`${mark}\n`), content]),
    );
  });

  test.each(seeds)('by blockinfile: content %d', async (seed) => {
    const content = hardContent(seed);
    await writeFile(path, content);
    const block = `# BEGIN ANSIBLE MANAGED BLOCK\n${mark}\n# END ANSIBLE MANAGED BLOCK\n`;
    const whole = Buffer.concat([content, ending(content)]);
    expect(await edit(blockinfile, { block: mark })).toEqual(Buffer.concat([whole, Buffer.from(block)]));
    expect(await edit(blockinfile, { block: mark, state: 'absent' })).toEqual(whole);
  });

  test.each(seeds)('by replace: content %d', async (seed) => {
    const text = Buffer.from(hardContent(seed).toString('latin1') + mark, 'utf8');
    await writeFile(path, text);
    const replaced = await edit(replace, { regexp: 'řádek (.) (\\d+)', replace: 'line \\2 \\1' });
    expect(replaced.toString()).toBe(text.toString().replace(mark, 'line 42 漢'));
  });

  test('replace leaves a file alone whose bytes it cannot read', async () => {
    const content = Buffer.from([0x66, 0xff, 0x00, 0x0a]);
    await writeFile(path, content);
    expect(await host.run(replace, { path, regexp: 'f', replace: 'g' })).toMatchObject({ failed: true });
    expect(await readFile(path)).toEqual(content);
    expect(await edit(replace, { regexp: 'f', replace: 'g', encoding: 'latin-1' })).toEqual(
      Buffer.from([0x67, 0xff, 0x00, 0x0a]),
    );
  });

  test.each(seeds)('by ini_file: content %d', async (seed) => {
    const content = hardContent(seed);
    await writeFile(path, content);
    const after = await edit(iniFile, { section: mark, option: 'a', value: mark });
    const newline = /^[^\n]*\r\n/.test(content.toString('latin1')) ? '\r\n' : '\n';
    const whole = Buffer.concat([content, Buffer.from(content.length === 0 || content.at(-1) === 10 ? '' : newline)]);
    const added = [`[${mark}]`, `a = ${mark}`, ''].join(newline);
    expect(after).toEqual(Buffer.concat([whole, Buffer.from(added)]));
    expect(await edit(iniFile, { section: mark, state: 'absent' })).toEqual(whole);
  });

  test.each(seeds)('by copy: content %d', async (seed) => {
    const content = hardContent(seed);
    const source = `${host.directory}/source`;
    await writeFile(source, content);
    await writeFile(path, 'old');
    await host.run(copy, { src: 'source', dest: path });
    expect(await readFile(path)).toEqual(content);
    expect(await host.run(copy, { src: 'source', dest: path })).toMatchObject({ changed: false });
  });

  test('50 MB are copied, and edited at their end', { timeout: 120_000 }, async () => {
    const piece = hardContent(7);
    const content = Buffer.alloc(50_000_000, Buffer.concat([piece, Buffer.from('\n')]));
    const source = `${host.directory}/source`;
    await writeFile(source, content);
    await host.run(copy, { src: 'source', dest: path });
    expect((await readFile(path)).equals(content)).toBe(true);
    const result = await host.run(lineinfile, { path, line: mark });
    expect(result).toMatchObject({ changed: true });
    const whole = Buffer.concat([content, ending(content), Buffer.from(`${mark}\n`)]);
    expect((await readFile(path)).equals(whole)).toBe(true);
  });
});
