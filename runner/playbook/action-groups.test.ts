import { afterEach, expect, it } from 'vitest';
import { openProject, type PlaybookProject } from '../../test/support/playbook-project.ts';
import { actionsOfGroup } from './action-groups.ts';

let project: PlaybookProject;
afterEach(() => project.close());

const runtime = `action_groups:
  first:
    - metadata: {extend_group: [second, other.coll.far]}
    - one
    - ansible.builtin.debug
  second: [two, metadata]
`;
const collection = 'shared/ansible_collections/my/coll';

const open = (defaults: string): PlaybookProject => {
  project = openProject({
    'site.yml': `- hosts: all\n  module_defaults: ${defaults}\n`,
    [`${collection}/meta/runtime.yml`]: runtime,
    'shared/ansible_collections/other/coll/meta/runtime.yml': 'action_groups: {far: [my.coll.one, three]}\n',
  });
  return project;
};

it('knows the actions of groups, with those of the groups that they extend', () => {
  const [play] = open('{group/my.coll.first: {a: 1}}').load();
  const defaults = play!.keywords.get('module_defaults') as Map<string, never>;
  expect([...actionsOfGroup(defaults, 'group/my.coll.first')!].sort()).toEqual([
    'ansible.builtin.debug',
    'my.coll.metadata',
    'my.coll.one',
    'my.coll.two',
    'other.coll.three',
  ]);
});

it('takes short names of groups whose collections need not be there', () => {
  expect(open('[{group/docker: {a: 1}}, {group/aws: {}}]').mistakes()).toEqual([]);
});

it('reports groups that are nowhere', () => {
  expect(open('{group/my.coll.third: {}, group/dokcer: {}}').mistakes()).toEqual([
    "site.yml:2:21 there is no group of modules 'my.coll.third' [namespace.collection.group, of a collection's meta/runtime.yml]",
    "site.yml:2:46 there is no group of modules 'dokcer' [namespace.collection.group, of a collection's meta/runtime.yml] (did you mean 'docker'?)",
  ]);
});
