import { beforeAll, expect, test } from 'vitest';
import { folderForAllTests } from '../../test/support/folders.ts';
import { MusterError } from '../errors/index.ts';
import { toRepr } from '../values/index.ts';
import { expandHostPattern, parseAddress } from './address.ts';
import addressAnswers from './address-answers.json' with { type: 'json' };
import { splitHostLine } from './host-line.ts';
import hostLineAnswers from './host-line-answers.json' with { type: 'json' };
import literalAnswers from './literal-answers.json' with { type: 'json' };
import { loadInventory } from './load-inventory.ts';
import patternAnswers from './pattern-answers.json' with { type: 'json' };
import { readLimit, selectHosts, splitPattern } from './patterns.ts';
import { readPythonLiteral } from './python-literal.ts';

// The answers were recorded from Ansible 2.14 and Python 3.11; null stands for an error.

const orNull = <T>(work: () => T): T | null => {
  try {
    return work();
  } catch (error) {
    if (error instanceof MusterError) return null;
    throw error;
  }
};

test.each(literalAnswers as [string, string | null][])('reads the literal %j as Python does', (text, answer) => {
  const value = readPythonLiteral(text);
  expect(value === undefined ? null : toRepr(value)).toBe(answer);
});

test.each(hostLineAnswers as [string, string[] | null][])('splits the host line %j as shlex does', (line, answer) => {
  expect(orNull(() => splitHostLine(line).map(({ text }) => text))).toEqual(answer);
});

type Address = [string, number | null];

test.each(addressAnswers as [string, Address | null, [string[], number | null] | null][])(
  'takes the address %j apart and expands it as Ansible does',
  (text, address, expanded) => {
    const parsed = parseAddress(text);
    expect(parsed ? [parsed.host, parsed.port ?? null] : null).toEqual(address);
    const result = orNull(() => expandHostPattern(text));
    expect(result && [result.hosts, result.port ?? null]).toEqual(expanded);
  },
);

const text = `lone.example.com
[web]
web[1:5].example.com
[db]
db1
db2
web1.example.com
[prod:children]
web
db
[stage]
s[1:3]
db1
[dc-1]
x1
`;
const folder = folderForAllTests('muster-patterns-');

beforeAll(() => {
  folder.write('hosts', text);
});

test.each(patternAnswers as [string | string[], string | null, string[] | null, string[]][])(
  'selects by the pattern %j within the limit %j as Ansible does',
  async (pattern, limit, answer, warned) => {
    const { inventory } = await loadInventory({ sources: [folder.at('hosts')] });
    const warnings: string[] = [];
    const warn = (message: string) => {
      if (message.startsWith('Could not match')) warnings.push(message);
    };
    const names = orNull(() => {
      const hosts = selectHosts(inventory, splitPattern(pattern), { warn });
      const limited = limit === null ? undefined : new Set(selectHosts(inventory, readLimit(limit), { warn }));
      return hosts.filter((host) => limited?.has(host) ?? true).map(({ name }) => name);
    });
    expect(names).toEqual(answer);
    expect(warnings).toEqual(warned);
  },
);
