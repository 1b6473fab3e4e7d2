import { defineAction } from './define.ts';

export default defineAction({
  name: 'ansible.builtin.group_by',
  summary: 'Puts hosts into groups that are named after variables.',
  args: {
    key: { type: 'str', required: true, doc: "The group's name; blanks become dashes." },
    parents: { type: 'list', elements: 'str', default: ['all'], doc: 'The groups that the group is a child of.' },
  },
  returns: { add_group: 'the group', parent_groups: 'the groups that it is a child of' },
  supports: { check: 'full', diff: false },
  onController: true,
  run: async ({ key, parents }) => ({
    changed: false,
    add_group: key.replaceAll(' ', '-'),
    parent_groups: parents.map((parent) => parent.replaceAll(' ', '-')),
  }),
});
