import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { folderForEachTest } from '../../test/support/folders.ts';
import { template } from './template.ts';

const directory = folderForEachTest('muster-template-');
beforeEach(() => {
  directory.write('hosts', '[web]\nweb1 port=80\nweb2 port=81\n');
});
afterEach(() => vi.restoreAllMocks());

/** What the command writes with an inventory of two hosts. */
const written = async (...args: string[]): Promise<string> => {
  let output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  expect(await template(['-i', directory.at('hosts'), ...args])).toBe(0);
  return output;
};

describe('muster template', () => {
  it('shows what an expression is, with the variables of a host', async () => {
    expect(await written('-x', 'groups.web | length')).toBe('2\n');
    expect(await written('-x', "'port ' ~ port", '-H', 'web2')).toBe('port 81\n');
    expect(await written('-x', '{"a": [port, more]}', '-H', 'web1', '-e', 'more=x')).toBe(
      '{\n    "a": [\n        80,\n        "x"\n    ]\n}\n',
    );
  });

  it('renders a file, and what it includes', async () => {
    directory.write('part.j2', '{{ inventory_hostname }}');
    directory.write('all.j2', '{% for host in groups.web %}\n{{ host }}\n{% endfor %}\n{% include "part.j2" %}!\n');
    expect(await written(directory.at('all.j2'), '-H', 'web1')).toBe('web1\nweb2\nweb1!\n');
  });

  it('says what it cannot render', async () => {
    await expect(template([])).rejects.toThrow('there is nothing to render');
    await expect(template(['a.j2', '-x', '1'])).rejects.toThrow('a file and an expression at once');
    await expect(template(['-x', ' {{ 1 + 1 }}'])).rejects.toThrow('--expression has braces around it');
    await expect(template(['-i', 'a,', directory.at('none.j2')])).rejects.toThrow(/^there is no template .*none\.j2$/);
  });
});
