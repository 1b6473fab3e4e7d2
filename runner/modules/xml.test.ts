import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostForAllTests } from '../../test/support/hosts.ts';
import { isRoot } from '../../test/support/sshd.ts';
import { openTwins, type Twins } from '../../test/support/twins.ts';
import xml from './xml.ts';

const business = `<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<business type="bar" xmlns:a="urn:a">
  <name>Tasty &amp; Beverage Co.</name>
  <beers>
    <beer>Rochefort 10</beer>
    <beer kind="dark">St. Bernardus</beer>
  </beers>
  <rating subjective="true">10</rating>
  <a:extra><![CDATA[x < y]]></a:extra>
  <website>
    <mobilefriendly/>
  </website>
</business>
`;

// What is done, in turn, to one file.
const steps: Record<string, unknown>[] = [
  { xpath: '/business/rating', value: '11' },
  { xpath: '/business/rating', value: '11' },
  { xpath: '/business/rating', attribute: 'subjective', value: 'false' },
  { xpath: '/business/rating/@subjective', state: 'absent', print_match: false, pretty_print: false, value: null },
  {
    xpath: '/business/beers',
    add_children: ['stout', { beer: 'Old Rasputin' }, { beer: { kind: 'pale', _: [{ by: 'us' }] } }],
  },
  { xpath: '/business/beers/beer[1]', add_children: [{ beer: 'First' }], insertbefore: true },
  {
    xpath: '/business/beers/beer[@kind="dark"]',
    add_children: ['<beer>After</beer>'],
    input_type: 'xml',
    insertafter: true,
  },
  { xpath: '/business/beers/beer', count: true },
  { xpath: '/business/beers/beer', print_match: true },
  { xpath: '/business/beers/beer', content: 'text' },
  { xpath: '/business/beers/beer', content: 'attribute' },
  { xpath: '/business/nothing', content: 'text' },
  { xpath: '/business/website/address', value: 'http://x/?a=1&b=2' },
  { xpath: '/business/website/validxhtml/@validatedon', pretty_print: false, value: null },
  { xpath: '/business/a:extra', namespaces: { a: 'urn:a' }, content: 'text' },
  { xpath: '/business/a:extra/a:more', namespaces: { a: 'urn:a' }, value: 'yes' },
  { xpath: '/business/beers', set_children: [{ beer: 'Only' }] },
  { xpath: '/business/beers', set_children: [{ beer: 'Only' }] },
  { xpath: '/business/website/mobilefriendly', state: 'absent', pretty_print: false },
  { pretty_print: true },
  { pretty_print: true },
  { xpath: '/business/[', count: true },
  { xpath: '/elsewhere/x', value: '1' },
  { xpath: '/business/beers', add_children: [{ a: '1', b: '2' }] },
];

describe.runIf(isRoot || process.env.MUSTER_TEST_REQUIRE_ALL === '1')('xml, beside Ansible (needs root)', () => {
  let twins: Twins;
  beforeAll(async () => {
    twins = await openTwins();
    await twins.prepare(`cat >/root/file.xml <<'END'\n${business}END`);
  }, 60_000);
  afterAll(() => twins.close());

  it('does the same', async () => {
    for (const step of steps) {
      const args = Object.fromEntries(
        Object.entries({ path: '/root/file.xml', ...step }).filter(([, value]) => value !== null),
      );
      const mine = await twins.ours.run(xml, args);
      const its = await twins.ansible('community.general.xml', args);
      const what = JSON.stringify([step, mine, its], undefined, 1);
      expect(Boolean(mine.failed), what).toBe(Boolean(its.failed));
      if (its.failed) continue;
      for (const name of ['changed', 'count', 'matches', 'actions']) expect(mine[name], what).toEqual(its[name]);
      expect(String(mine.msg ?? ''), what).toBe(String(its.msg ?? ''));
      const { ours, theirs } = await twins.look('cat /root/file.xml');
      expect(ours, JSON.stringify(step)).toBe(theirs);
    }
  }, 300_000);
});

describe('xml', () => {
  const host = hostForAllTests('busybox');
  beforeAll(async () => {
    await writeFile(join(host.directory, 'a.xml'), '<a><b>1</b></a>');
  });
  const run = (args: object, options = {}) => host.run(xml, { path: join(host.directory, 'a.xml'), ...args }, options);
  const text = () => readFile(join(host.directory, 'a.xml'), 'utf8');

  it('predicts, shows and backs up', async () => {
    const args = { xpath: '/a/b', value: '2', backup: true };
    expect(await run(args, { check: true, diff: true })).toMatchObject({
      changed: true,
      diff: [{ before: expect.stringContaining('<b>1</b>'), after: expect.stringContaining('<b>2</b>') }],
    });
    expect(await text()).toBe('<a><b>1</b></a>');
    expect(await run(args)).toMatchObject({ changed: true, backup_file: expect.stringMatching(/a\.xml\.\d+/) });
    expect(await text()).toBe("<?xml version='1.0' encoding='UTF-8'?>\n<a><b>2</b></a>");
    expect((await readdir(host.directory)).length).toBe(2);
    expect(await host.countRoundTrips(async () => expect(await run(args)).toMatchObject({ changed: false }))).toBe(1);
  });

  it('works on a text as well', async () => {
    expect(await host.run(xml, { xmlstring: '<a/>', xpath: '/a/b[@c="1" and d="2"]', value: 'x' })).toMatchObject({
      changed: true,
      xmlstring: `<?xml version='1.0' encoding='UTF-8'?>\n<a><b c="1">x<d>2</d></b></a>`,
    });
  });

  it('says what is wrong', async () => {
    const failed = async (args: Record<string, unknown>): Promise<unknown> => (await host.run(xml, args)).msg;
    expect(await failed({ path: '/no/such', xpath: '/a', count: true })).toBe(
      "The target XML source '/no/such' does not exist.",
    );
    expect(await failed({ xmlstring: '<a><b></a>', xpath: '/a', count: true })).toMatch(
      /^Error while parsing document: xml_string/,
    );
    expect(await failed({ xmlstring: '<a/>', xpath: '//[', count: true })).toMatch(
      /^Syntax error in xpath expression: \/\/\[/,
    );
    expect(await failed({ xmlstring: '<a/>', xpath: '/a/x', content: 'text' })).toBe(
      'Xpath /a/x does not reference a node!',
    );
    expect(await failed({ xmlstring: '<a/>', xpath: '/a/x:b', value: '1' })).toMatch(/prefix|namespace/i);
    expect(await failed({ xmlstring: '<a/>', xpath: '/a', add_children: ['a b'] })).toBe("Invalid tag name 'a b'");
  });

  it('lets no name reach what objects are made of', async () => {
    const names = { __proto__x: 'urn:x' };
    const result = await host.run(xml, {
      xmlstring: '<a __proto__="1"><__proto__/></a>',
      xpath: '/a',
      content: 'attribute',
      namespaces: names,
    });
    expect(JSON.stringify(result.matches)).toBe('[{"a":{"__proto__":"1"}}]');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
