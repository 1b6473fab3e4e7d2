import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostForEachTest } from '../../test/support/hosts.ts';
import { toText } from '../values/index.ts';
import type { RenderOptions } from './define.ts';
import template from './template.ts';

describe('template', () => {
  const host = hostForEachTest();
  let options: RenderOptions[];
  const at = (name: string): string => join(host.directory, name);
  // The renderer is not this test's subject: it notes what it is asked for, and puts in variables by their names.
  const controller = {
    render: (text: string, given: RenderOptions): string => {
      options.push(given);
      return text.replace(/\{\{ (\w+) \}\}/g, (_whole, name: string) => toText(given.vars?.get(name) ?? `no ${name}`));
    },
  };
  const run = (args: Record<string, unknown>, more = {}) =>
    host.run(template, { src: 't.j2', dest: at('f'), ...args }, { controller, ...more });

  beforeEach(() => {
    options = [];
  });

  it('writes what was rendered, in one round trip when nothing changes', async () => {
    writeFileSync(at('t.j2'), 'to {{ template_destpath }}\n');
    await host.target.session();
    expect(await host.countRoundTrips(() => run({ mode: '0600' }))).toBe(2);
    expect(readFileSync(at('f'), 'utf8')).toBe(`to ${at('f')}\n`);
    expect(
      await host.countRoundTrips(async () => {
        expect(await run({ mode: '0600' })).toMatchObject({ changed: false, mode: '0600' });
      }),
    ).toBe(1);
  });

  it('hands the arguments to the renderer', async () => {
    writeFileSync(at('t.j2'), 'x');
    await run({ trim_blocks: false, lstrip_blocks: true, newline_sequence: '\\r\\n', variable_start_string: '[[' });
    expect(options[0]).toMatchObject({
      file: at('t.j2'),
      trimBlocks: false,
      lstripBlocks: true,
      newlineSequence: '\r\n',
      variableStart: '[[',
    });
  });

  it('leaves the header of the file to the renderer', async () => {
    const text = '#jinja2: trim_blocks: False\nbody';
    writeFileSync(at('t.j2'), text);
    await run({ trim_blocks: true });
    expect(readFileSync(at('f'), 'utf8')).toBe(text);
    expect(options[0]).toMatchObject({ trimBlocks: true });
  });

  it('gives templates variables of their own', async () => {
    writeFileSync(
      at('t.j2'),
      '{{ ansible_managed }}|{{ template_path }}|{{ template_fullpath }}|{{ template_uid }}|{{ template_mtime }}',
    );
    utimesSync(at('t.j2'), 1e9, 1e9);
    const setting = (name: string): string | undefined =>
      name === 'DEFAULT_MANAGED_STR' ? 'by {uid} from {file} in %Y' : undefined;
    await run({}, { controller: { ...controller, setting } });
    const [managed, path, full, user, modified] = readFileSync(at('f'), 'utf8').split('|');
    expect([managed, path, full, user]).toEqual(['by root from t.j2 in 2001', 't.j2', at('t.j2'), 'root']);
    expect(modified).toMatch(/^2001-09-0\d \d\d:\d\d:40$/);
  });

  it('writes other encodings', async () => {
    writeFileSync(at('t.j2'), 'é€\n');
    await run({ output_encoding: 'cp1252' });
    expect(readFileSync(at('f')).toString('hex')).toBe('e9800a');
    expect((await run({ output_encoding: 'latin-1' })).msg).toBe("'latin-1' codec can't encode character '€'");
    await run({ output_encoding: 'utf-16' });
    expect(readFileSync(at('f')).toString('hex')).toBe('fffee900ac200a00');
  });

  it('refuses templates that are no text, and folders', async () => {
    writeFileSync(at('t.j2'), Buffer.from([0xff]));
    expect((await run({})).msg).toBe('Template source files must be utf-8 encoded');
    expect((await run({ src: '.' })).msg).toContain('is a folder');
    expect((await run({ src: 'none' })).msg).toContain('could not find src=');
  });
});
