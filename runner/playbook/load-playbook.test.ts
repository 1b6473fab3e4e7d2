import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectsForTests } from '../../test/support/playbook-project.ts';
import { toText } from '../values/index.ts';
import {
  type BlockNode,
  inherited,
  loadIncludedRole,
  loadIncludedTasks,
  nameOf,
  type PlayNode,
  sectionsOf,
  type TaskNode,
  tagsOf,
  tasksOf,
} from './index.ts';

const open = projectsForTests();

const tasks = (play: PlayNode): TaskNode[] => [...tasksOf(sectionsOf(play))];
const names = (play: PlayNode): string[] => tasks(play).map(nameOf);
const tags = (node: TaskNode): string[] => tagsOf(node).map(toText).sort();

it('imports tasks with the keywords of the import', () => {
  const [play] = open({
    'site.yml':
      '- hosts: all\n  tags: p\n  become: yes\n  tasks:\n    - import_tasks: sub/a.yml\n      tags: i\n      when: x\n      vars: {v: 1}\n',
    'sub/a.yml': '- {name: one, ping: , tags: t, when: y}\n- import_tasks: b.yml\n',
    'sub/b.yml': '- {name: two, ping: , become: no}\n',
  }).load();
  expect(names(play!)).toEqual(['one', 'two']);
  const [one, two] = tasks(play!);
  expect(tags(one!)).toEqual(['i', 'p', 't']);
  expect(inherited(one!, 'when')).toEqual(['x', 'y']);
  expect(inherited(one!, 'become')).toBe(true);
  expect(inherited(two!, 'become')).toBe(false);
  expect(play!.tasks[0]!.block[0]).toMatchObject({ kind: 'block', imported: 'tasks', isImplicit: true });
});

it('imports what variables of the play name', () => {
  const project = open({
    'site.yml':
      '- hosts: all\n  vars: {which: a}\n  vars_files: [more.yml]\n  roles: ["{{ role_name_ }}"]\n  tasks:\n    - import_tasks: "{{ which }}.yml"\n    - import_tasks: "{{ unknown }}.yml"\n',
    'vars/more.yml': 'role_name_: common\n',
    'a.yml': '- {name: one, ping: }\n',
    'roles/common/tasks/main.yml': '- ping:\n',
  });
  expect(project.mistakes()).toEqual([
    "site.yml:7:21 the file of import_tasks cannot be worked out before the run: 'unknown' is undefined (what is imported is named with variables of the play or --extra-vars; use an include for names from inventory or facts)",
  ]);
});

it('imports playbooks with their conditions, variables and tags, outermost first', () => {
  const [play] = open({
    'site.yml': '- import_playbook: sub/one.yml\n  when: a\n  tags: x\n  vars: {v: 1}\n',
    'sub/one.yml': '- import_playbook: two.yml\n  when: b\n  vars: {v: 2}\n',
    'sub/two.yml': '- hosts: all\n  name: p\n  tasks: [{ping: , tags: t}]\n',
  }).load();
  expect(play!.imports.map(({ when, vars }) => [when, [...vars]])).toEqual([
    [['a'], [['v', 1]]],
    [['b'], [['v', 2]]],
  ]);
  expect(tags(tasks(play!)[0]!)).toEqual(['t', 'x']);
});

it('loads roles with their dependencies in front', () => {
  const project = open({
    'site.yml':
      '- hosts: all\n  roles:\n    - {role: web, size: 80, tags: r, when: w, vars: {u: 1}, become: yes}\n    - web\n  tasks: [{ping: }]\n',
    'roles/web/meta/main.yml': 'dependencies:\n  - {role: base, x: 1, tags: d}\nallow_duplicates: yes\n',
    'roles/web/tasks/main.yaml': '- {name: serve, ping: }\n- import_tasks: more.yml\n',
    'roles/web/tasks/more.yml': '- {name: more, ping: }\n',
    'roles/web/defaults/main.yml': 'd: 1\n',
    'roles/web/vars/main/b.yml': 'v: 2\n',
    'roles/web/vars/main/a.yml': 'v: 1\nw: "{{ d }}"\n',
    'roles/web/handlers/main.yml': '- {name: restart, ping: , listen: [t]}\n',
    'roles/base/tasks/main.yml': '- {name: prepare, ping: }\n',
  });
  const [play] = project.load();
  expect(names(play!)).toEqual([
    ...['base : prepare', 'web : serve', 'web : more'],
    ...['base : prepare', 'web : serve', 'web : more', 'ping'],
  ]);
  const [prepare, serve] = tasks(play!);
  expect(tags(prepare!)).toEqual(['d', 'r']);
  expect(tags(serve!)).toEqual(['r']);
  expect(inherited(prepare!, 'when')).toEqual(['w']);
  expect(inherited(prepare!, 'become')).toBe(true);
  const web = play!.roles[0]!.role!;
  expect(web).toMatchObject({ name: 'web', allowDuplicates: true, collection: undefined });
  expect(web.path).toBe(join(project.directory, 'roles/web'));
  expect([...web.params]).toEqual([['size', 80]]);
  expect(Object.fromEntries(web.vars)).toMatchObject({ u: 1, v: 2 });
  expect([...web.defaults]).toEqual([['d', 1]]);
  expect([...tasksOf(web.handlers)].map((task) => [nameOf(task), task.isHandler])).toEqual([['web : restart', true]]);
  expect(web.dependencies.map(({ name, dependents }) => [name, dependents])).toEqual([['base', [web]]]);
  expect(play!.roles[1]!.role!.identity).not.toBe(web.identity);
  expect(serve!.role).toBe(web);
});

it('gives the same identity to the same use of a role', () => {
  const [play] = open({
    'site.yml': '- hosts: all\n  roles: [{role: a, x: 1}, {role: a, x: 1}, {role: a, x: 2}]\n',
    'roles/a/tasks/main.yml': '- ping:\n',
  }).load();
  const [one, two, three] = play!.roles.map(({ role }) => role!.identity);
  expect(one).toBe(two);
  expect(three).not.toBe(one);
});

it('imports roles with other entry points', () => {
  const [play] = open({
    'site.yml':
      '- hosts: all\n  tasks:\n    - import_role: {name: a, tasks_from: other, vars_from: v.yml, handlers_from: h}\n      tags: x\n',
    'roles/a/tasks/main.yml': '- {name: main, ping: }\n',
    'roles/a/tasks/other.yml': '- {name: other, ping: }\n',
    'roles/a/vars/v.yml': 'v: 1\n',
    'roles/a/handlers/h.yml': '- {name: h, ping: }\n',
  }).load();
  expect(names(play!)).toEqual(['a : other']);
  expect(tags(tasks(play!)[0]!)).toEqual(['x']);
  const block = play!.tasks[0]!.block[0] as BlockNode;
  expect(block.imported).toBe('role');
  expect([...block.role!.vars]).toEqual([['v', 1]]);
  expect(block.role!.handlers).toHaveLength(1);
});

it('checks the arguments of roles that have specs', () => {
  const [play] = open({
    'site.yml':
      '- hosts: all\n  roles: [{role: a, size: 80}]\n  tasks:\n    - import_role: {name: a, rolespec_validate: no}\n    - import_role: {name: a, tasks_from: other}\n',
    'roles/a/meta/argument_specs.yml':
      'argument_specs:\n  main:\n    short_description: The role.\n    options:\n      size: {type: int}\n',
    'roles/a/tasks/main.yml': '- {name: main, ping: }\n',
    'roles/a/tasks/other.yml': '- {name: other, ping: }\n',
  }).load();
  expect(names(play!)).toEqual([
    "a : Validating arguments against arg spec 'main' - The role.",
    ...['a : main', 'a : main', 'a : other'],
  ]);
  const [check] = tasks(play!);
  expect(check).toMatchObject({ module: 'ansible.builtin.validate_argument_spec', isImplicit: true });
  expect(tags(check!)).toEqual(['always']);
  expect(check!.args.get('provided_arguments')).toEqual(new Map([['size', 80]]));
});

it('finds roles and playbooks of collections by their full names', () => {
  const folder = 'collections/ansible_collections/my/tools';
  const [first, second] = open({
    'site.yml':
      '- hosts: all\n  collections: [my.tools]\n  roles: [my.tools.web, web]\n- import_playbook: my.tools.setup\n',
    [`${folder}/roles/web/tasks/main.yml`]: '- {name: x, ping: }\n',
    [`${folder}/playbooks/setup.yml`]: '- hosts: all\n  tasks: [{ping: }]\n',
  }).load();
  expect(names(first!)).toEqual(['my.tools.web : x', 'my.tools.web : x']);
  expect(first!.roles[0]!.role).toMatchObject({ name: 'my.tools.web', collection: 'my.tools' });
  expect(first!.roles[0]!.role!.collections).toEqual(['my.tools', 'ansible.builtin']);
  expect(inherited(tasks(second!)[0]!, 'collections')).toEqual(['my.tools']);
});

it('searches roles beside the playbook, in roles_path and beside the role that needs them', () => {
  const project = open({
    'site.yml': '- hosts: all\n  roles: [near, far, beside]\n',
    'roles/near/tasks/main.yml': '- {name: near, ping: }\n',
    'more-roles/near/tasks/main.yml': '- {name: not this, ping: }\n',
    'more-roles/far/tasks/main.yml': '- {name: far, ping: }\n',
    'beside/tasks/main.yml': '- {name: beside, ping: }\n',
    'typo.yml': '- hosts: all\n  roles: [naer]\n',
  });
  expect(names(project.load()[0]!)).toEqual(['near : near', 'far : far', 'beside : beside']);
  expect(project.mistakes('typo.yml')).toEqual(["typo.yml:2:11 cannot find the role 'naer' (did you mean 'near'?)"]);
});

it('loads included tasks below their include', () => {
  const project = open({
    'site.yml': '- hosts: all\n  become: yes\n  roles: [a]\n',
    'roles/a/tasks/main.yml':
      '- include_tasks: {file: "{{ x }}.yml", apply: {tags: applied, when: z}}\n  tags: include\n  when: y\n  vars: {v: 1}\n',
    'roles/a/tasks/sub/one.yml': '- {name: one, ping: }\n- include_tasks: two.yml\n',
    'roles/a/tasks/sub/two.yml': '- {name: two, ping: }\n',
  });
  const [include] = tasks(project.load()[0]!);
  const block = loadIncludedTasks(include!, 'sub/one.yml', project.context);
  expect(block.parent).toBe(include);
  const [one, inner] = [...tasksOf([block])];
  expect(nameOf(one!)).toBe('a : one');
  expect(tags(one!)).toEqual(['applied']);
  expect(inherited(one!, 'when')).toEqual(['z']);
  expect(inherited(one!, 'become')).toBe(true);
  expect(one!.role).toBe(include!.role);
  // Relative to the file that includes it.
  const [two] = [...tasksOf([loadIncludedTasks(inner!, 'two.yml', project.context)])];
  expect(nameOf(two!)).toBe('a : two');
  expect(() => loadIncludedTasks(include!, 'none.yml', project.context)).toThrow("cannot find the file 'none.yml'");
});

it('loads included roles below their include', () => {
  const project = open({
    'site.yml':
      '- hosts: all\n  tasks:\n    - include_role: {name: "{{ r }}", public: yes, allow_duplicates: no}\n      vars: {v: 1}\n',
    'roles/a/tasks/main.yml': '- {name: one, ping: }\n',
    'roles/a/tasks/sub/deep.yml': '- {name: deep, ping: }\n',
    'roles/a/handlers/main.yml': '- {name: h, ping: }\n',
  });
  const [include] = tasks(project.load()[0]!);
  const args = new Map(include!.args).set('name', 'a');
  const { block, role } = loadIncludedRole(include!, args, project.context);
  expect([...tasksOf([block])].map(nameOf)).toEqual(['a : one']);
  expect(role).toMatchObject({ name: 'a', isPublic: true, allowDuplicates: false });
  expect(role.handlers[0]!.parent).toBe(block);
  expect([...role.vars]).toEqual([['v', 1]]);
  const deep = loadIncludedRole(include!, new Map(args).set('tasks_from', 'sub/deep.yml'), project.context);
  expect([...tasksOf([deep.block])].map(nameOf)).toEqual(['a : deep']);
  const outside = new Map(args).set('tasks_from', '../handlers/main.yml');
  expect(() => loadIncludedRole(include!, outside, project.context)).toThrow(
    'as it is not inside the expected role path',
  );
});

it('loads handlers, and refuses what cannot be one', () => {
  const project = open({
    'site.yml':
      '- hosts: all\n  handlers:\n    - {name: a, ping: , listen: topic}\n    - import_tasks: more.yml\n    - include_role: {name: x}\n    - import_role: {name: x}\n',
    'more.yml': '- {name: b, ping: }\n- {block: [{ping: }]}\n',
    'fine.yml': '- hosts: all\n  handlers:\n    - {name: a, ping: , listen: topic}\n    - import_tasks: b.yml\n',
    'b.yml': '- {name: b, ping: }\n',
  });
  expect(project.mistakes()).toEqual([
    "site.yml:5:7 Using 'include_role' as a handler is not supported. (put the tasks into a file of their own and include that with include_tasks)",
    "site.yml:6:7 Using 'import_role' as a handler is not supported.",
  ]);
  const [play] = project.load('fine.yml');
  expect([...tasksOf(play!.handlers)].map((task) => [nameOf(task), task.keywords.get('listen')])).toEqual([
    ['a', ['topic']],
    ['b', undefined],
  ]);
});

it('tells all mistakes of all files at once', () => {
  const project = open({
    'site.yml':
      '- hosts: all\n  gather_fact: no\n  roles: [a]\n  tasks:\n    - import_tasks: t.yml\n    - import_tasks: broken.yml\n- import_playbook: other.yml\n- import_playbook: missing.yml\n',
    't.yml': '- pnig:\n- ping:\n  become: maybe\n',
    'broken.yml': '- ping:\n  a: {{ b }}\n',
    'other.yml': '- tasks: []\n- hosts: all\n  vars: [a]\n',
    'roles/a/meta/main.yml': 'dependncies: []\n',
    'roles/a/vars/main.yml': '- a\n',
    'roles/a/tasks/main.yml': 'ping:\n',
  });
  expect(project.mistakes().map((text) => text.replace(/ [[(].*/, ''))).toEqual([
    "site.yml:2:3 'gather_fact' is not a valid attribute for a Play",
    "site.yml:8:20 cannot find the playbook 'missing.yml' to import",
    "roles/a/meta/main.yml:1:1 'dependncies' is not a keyword of a role's meta file",
    'roles/a/vars/main.yml:1:1 the file is a list',
    'roles/a/tasks/main.yml:1:1 the file is a mapping',
    "t.yml:1:3 'pnig' is neither a module that muster has nor a keyword of a task",
    "t.yml:3:11 'become' is 'maybe'",
    'broken.yml:2:7 YAML syntax: found unacceptable key: a mapping cannot be a key',
    "other.yml:1:3 the play has no 'hosts'",
    "other.yml:3:9 'vars' is a list",
  ]);
});

it('refuses playbooks that are none', () => {
  const project = open({
    'empty.yml': '',
    'mapping.yml': 'hosts: all\ntasks: []\n',
    'tasks.yml': '- name: x\n  ping:\n  register: y\n',
    'text.yml': '- hosts\n',
    'self.yml': '- import_playbook: self.yml\n',
    'roles.yml': '- hosts: all\n  roles: [a]\n',
    'roles/a/meta/main.yml': 'dependencies: [b]\n',
    'roles/b/meta/main.yml': 'dependencies: [a]\n',
  });
  expect(project.mistakes('empty.yml')).toEqual([
    'empty.yml:1:1 A playbook must contain at least one play [a list of plays]',
  ]);
  expect(project.mistakes('mapping.yml')).toEqual([
    "mapping.yml:1:1 the playbook is a mapping [a list of plays] (put '- ' in front of the play)",
  ]);
  expect(project.mistakes('tasks.yml')).toContain(
    "tasks.yml:1:3 the play has no 'hosts' [the hosts that it is for] (this looks like a task; a playbook is a list of plays, and tasks stand in their tasks)",
  );
  expect(project.mistakes('text.yml')).toEqual([
    "text.yml:1:3 an entry of the playbook is 'hosts' [a play, or import_playbook]",
  ]);
  expect(project.mistakes('self.yml')).toEqual(["self.yml:1:20 'self.yml' imports itself"]);
  expect(project.mistakes('roles.yml')).toEqual([
    'roles/b/meta/main.yml:1:16 roles depend on each other in a circle: a -> b -> a',
  ]);
});

it('reads questions for variables', () => {
  const [play] = open({
    'site.yml':
      '- hosts: all\n  vars_prompt:\n    - {name: a, prompt: "A?", private: no, confirm: yes, salt_size: 8, encrypt: sha512_crypt}\n    - {name: b, default: 5}\n',
  }).load();
  const read = play!.varsPrompt.map(({ name, options }) => [name, Object.fromEntries(options)]);
  expect(read).toEqual([
    ['a', { name: 'a', prompt: 'A?', private: false, confirm: true, salt_size: 8, encrypt: 'sha512_crypt' }],
    ['b', { name: 'b', default: 5 }],
  ]);
});

it('holds files to the schemas when asked, without telling twice', () => {
  const project = open(
    {
      'site.yml': '- hosts: all\n  gather_fact: no\n  roles: [a]\n',
      'roles/a/meta/argument_specs.yml': 'argument_specs:\n  main:\n    options:\n      a: {type: string}\n',
    },
    { checkSchemas: true },
  );
  expect(project.mistakes().map((text) => text.replace(/ [[(].*/, ''))).toEqual([
    "site.yml:2:3 'gather_fact' is not a valid attribute for a Play",
    "roles/a/meta/argument_specs.yml:4:17 the value of 'type' does not fit",
  ]);
});
