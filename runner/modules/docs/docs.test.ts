import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineAction } from '../define.ts';
import { modulePage, modulePages } from './index.ts';

const folder = new URL('../../../docs/modules/', import.meta.url);

describe('docs/modules', () => {
  it('is what the modules declare; `npm run docs:modules` writes it anew', async () => {
    const pages = await modulePages();
    const written = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);
    expect(new Map(written)).toEqual(pages);
  });

  it('tells what each module is for, and what each argument and value means', async () => {
    const pages = await modulePages();
    const empty = [...pages].flatMap(([name, text]) =>
      text
        .split('\n')
        .filter((line) => /^\| `.*\|\s*\|$/.test(line))
        .map((line) => `${name}: ${line}`),
    );
    expect(empty).toEqual([]);
  });
});

it('writes a page', () => {
  const page = modulePage(
    defineAction({
      name: 'a.b.example',
      aliases: ['a.c.other'],
      summary: 'Shows something',
      args: {
        name: { type: 'str', required: true, doc: 'A|B', aliases: ['n'] },
        kind: { type: 'str', default: 'x', choices: ['x', 'y'], doc: 'The kind.' },
        parts: {
          type: 'list',
          elements: 'dict',
          doc: 'Parts.',
          options: { key: { type: 'str', secret: true, doc: 'Key.' } },
        },
        old: { type: 'str', doc: 'Old.', unsupported: 'it is gone' },
      },
      mutuallyExclusive: [['name', 'kind']],
      requiredIf: [['kind', 'y', ['parts', 'name'], true]],
      returns: { value: 'The value.' },
      notes: ['One note'],
      supports: { check: 'none', diff: false },
      run: async () => ({ changed: false }),
    }),
  );
  expect(page).toBe(`# a.b.example

Shows something.

Also known as \`example\`, \`a.c.other\`, \`other\`.

## How it behaves

| with | it |
| --- | --- |
| \`--check\` | is skipped |
| \`--diff\` | shows nothing |
| \`async\` | can run as a job |

## Arguments

| argument | type and default | meaning |
| --- | --- | --- |
| \`name\` (required) | str | A\\|B. Also \`n\`. |
| \`kind\` | str, \`"x"\` | The kind. One of \`x\`, \`y\`. |
| \`parts\` | list of dict | Parts. |
| \`parts[].key\` | str | Key. Masked in all output. |

- Only one of \`name\` and \`kind\`.
- \`kind: y\` needs \`parts\` or \`name\`.

Known to Ansible, and refused here:

| argument | reason |
| --- | --- |
| \`old\` | it is gone |

## Returned values

| value | meaning |
| --- | --- |
| \`value\` | The value. |

## Notes

- One note.
`);
});
