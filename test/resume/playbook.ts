import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// A task that leaves a line in its host's log when it is executed, and gives the line back.
const note = (words: string): string => `sh {{ place }}/note {{ inventory_hostname }} "${words}"`;

const site = `
- name: First
  hosts: all
  gather_facts: false
  vars:
    wanted: [red, green, blue]
  pre_tasks:
    - name: Begin
      command: ${note('begin')}
      register: begun
    - name: Something that is different each time
      set_fact:
        token: "{{ 999999999 | random }}"
    - name: Keep it
      command: sh -c 'echo {{ token }} >"$0"' "{{ place }}/token.1.{{ inventory_hostname }}"
  roles:
    - base
  tasks:
    - name: Follow from what was registered
      command: ${note('{{ begun.stdout }} then')}
      register: chained
      notify: [Tell, all changed]
    - name: Loop
      command: ${note('{{ item }} of {{ wanted | length }}')}
      loop: "{{ wanted }}"
      register: colors
      notify: Tell
    - name: Include
      include_tasks: more.yml
      loop: [x, y]
      loop_control:
        loop_var: letter
    - name: Now and not later
      meta: flush_handlers
    - block:
        - name: Before the failure
          command: ${note('before')}
        - name: Fail
          command: sh -c 'sh {{ place }}/note {{ inventory_hostname }} failing; exit 3'
          register: failure
        - name: Not reached
          command: ${note('never')}
      rescue:
        - name: Rescue
          command: ${note('rescued from {{ ansible_failed_result.rc }} {{ ansible_failed_task.name }}')}
      always:
        - name: Always
          command: ${note('always {{ failure.rc }}')}
    - name: Ignore
      command: sh -c 'sh {{ place }}/note {{ inventory_hostname }} ignored; exit 1'
      register: ignored
      ignore_errors: true
    - name: Once for all
      command: ${note('once')}
      run_once: true
      register: once
    - name: On another host
      command: ${note('for {{ inventory_hostname }} elsewhere {{ once.stdout }}')}
      delegate_to: "{{ groups['all'][0] }}"
      register: elsewhere
      when: ignored is failed
    - name: Left out
      command: ${note('never')}
      when: ignored is success
    - name: Into groups
      group_by:
        key: "color_{{ colors.results[loop_index | default(0) | int].item }}"
    - name: A host that nobody knew
      add_host:
        name: late
        groups: [latecomers]
        ansible_connection: local
        told: "{{ once.stdout }}"
    - name: A file
      copy:
        dest: "{{ place }}/state.{{ inventory_hostname }}"
        content: "{{ begun.stdout }}|{{ chained.stdout }}|{{ colors.results | map(attribute='stdout') | join(',') }}|{{ fromrole }}|{{ elsewhere.stdout }}\\n"
      notify: File
    - name: Lines
      lineinfile:
        path: "{{ place }}/lines.{{ inventory_hostname }}"
        line: line {{ item }}
        create: true
      loop: [one, two, three, four, five]
      notify: Lines
  handlers:
    - name: Tell
      command: ${note('tell {{ chained.stdout }}')}
      register: told_by_handler
    - name: File
      command: ${note('file')}
    - name: Lines
      command: ${note('lines')}
    - name: Listener
      command: ${note('listener')}
      listen: all changed

- name: Second
  hosts: color_red
  gather_facts: false
  serial: 2
  tasks:
    - name: In batches
      command: ${note('batch {{ chained.stdout }}')}
      register: batched
      notify: Done
    - name: Keep it again
      command: sh -c 'echo {{ token }} >"$0"' "{{ place }}/token.2.{{ inventory_hostname }}"
    - import_tasks: imported.yml
  handlers:
    - name: Done
      command: ${note('done {{ told_by_handler.stdout }}')}

- name: Third
  hosts: latecomers
  gather_facts: false
  strategy: free
  tasks:
    - name: Late
      command: ${note('late {{ told }}')}
`;

const files: Readonly<Record<string, string>> = {
  'site.yml': site,
  'more.yml': `
- name: Included
  command: ${note('included {{ letter }}')}
  register: included
- name: From a role that is included
  include_role:
    name: extra
  vars:
    what: "{{ included.stdout }}"
`,
  'imported.yml': `- name: Imported\n  command: ${note('imported {{ batched.stdout }}')}\n`,
  'roles/base/tasks/main.yml': `
- name: Of a role
  command: ${note('{{ level }} role')}
  register: of_role
  notify: Of the role
- set_fact:
    fromrole: "{{ of_role.stdout }}"
`,
  'roles/base/defaults/main.yml': 'level: default\n',
  'roles/base/handlers/main.yml': `- name: Of the role\n  command: ${note('role handler')}\n`,
  'roles/extra/tasks/main.yml': `- name: Extra\n  command: ${note('extra {{ what }}')}\n`,
  // One write, so that lines never mix; a moment of time, so that a kill meets tasks at all their stages.
  note: 'printf "%s\\n" "$2" >>"$(dirname "$0")/log.$1"\nsleep 0.01\nprintf "%s\\n" "$2"\n',
};

/** Writes the playbook with all that belongs to it. */
export const writePlaybook = (directory: string): void => {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
};
