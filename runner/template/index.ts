// Templates and conditions: Jinja2's language with the meaning that it has in Ansible.
export * from './define.ts';
export * from './templar.ts';
export * from './types.ts';
