import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { VaultSecrets } from '../../runner/vault/index.ts';
import type { Canaries } from '../support/canary.ts';

const site = `
- name: Secrets {{ asked }}
  hosts: all
  gather_facts: false
  become: true
  vars_prompt:
    - name: asked
      private: true
  vars:
    inline: !vault |
INLINE
    everything: "{{ inline }} {{ whole_password }} {{ asked }} {{ marked }} {{ from_vaulted_file }}"
  tasks:
    - name: A file with all of them {{ inline }}
      copy:
        dest: "{{ place }}/secrets"
        content: "old\\n{{ everything }}\\n"
      notify: Tell
    - name: A template of them
      template:
        src: secrets.j2
        dest: "{{ place }}/secrets"
    - name: A line
      lineinfile:
        path: "{{ place }}/secrets"
        line: "password={{ inline }}"
        regexp: "^password="
    - name: On a command line and in its output
      command: echo {{ everything }}
      register: said
    - name: In the environment
      shell: echo "$SECRET"; echo "$SECRET" >&2
      environment:
        SECRET: "{{ everything }}"
    - name: By standard input
      command: cat
      args:
        stdin: "{{ everything }}"
    - name: Shown
      debug:
        var: said
    - name: Shown in a message
      debug:
        msg: "{{ said.stdout_lines }}"
    - name: In the log of nobody
      command: cat {{ place }}/hidden
      no_log: true
      register: hidden
    - name: An argument that is secret by itself
      uri:
        url: http://127.0.0.1:1/{{ argument }}
        url_password: "{{ argument }}"
        url_username: somebody
        return_content: true
      register: asked_for
      ignore_errors: true
    - name: Shown although it was an argument
      debug:
        msg: "{{ argument }}"
    - name: Passed on
      set_fact:
        kept: "{{ hidden.stdout }}"
      no_log: true
    - name: Passed on by one that fails
      command: sh -c 'echo "{{ kept }}"; exit 1'
      no_log: true
      ignore_errors: true
    - name: In a loop
      command: echo {{ item }}
      loop:
        - "{{ inline }}"
        - "{{ asked }}"
    - name: In a loop of nobody
      command: echo {{ item }}
      loop:
        - "{{ kept }}"
      no_log: true
    - name: In an include
      include_tasks: included.yml
      vars:
        given: "{{ inline }}"
    - name: As a job
      command: echo {{ everything }}
      async: 30
      poll: 1
    - name: As a name of a host
      add_host:
        name: other
        secret_of_other: "{{ inline }}"
    - name: A failure with it
      fail:
        msg: "it was {{ everything }}"
      ignore_errors: true
    - name: A command that fails
      command: sh -c 'echo "{{ everything }}" >&2; exit 3'
      ignore_errors: true
    - name: A mistake in a template
      debug:
        msg: "{{ inline.nothing.more }} {{ everything | no_such_attribute_of_it | default('') }}"
      ignore_errors: true
      when: false
    - name: Undefined
      debug:
        msg: "{{ (inline ~ 'x').nothing }}"
      ignore_errors: true
    - name: Not so
      assert:
        that: inline == asked
        fail_msg: "{{ inline }} is not {{ asked }}"
      ignore_errors: true
    - name: Statistics
      set_stats:
        data:
          told: "{{ inline }}"
    - name: The end
      command: sh -c 'echo "{{ everything }}"; exit {{ end }}'
  handlers:
    - name: Tell
      command: echo handler {{ inline }}
`;

const included = `
- name: Included with {{ given }}
  command: echo {{ given }}
`;

/** Writes a playbook that does with secrets what playbooks do with them, and the file that its hidden one is in. */
export const writePlaybook = (directory: string, canaries: Canaries, vaultPassword: string): void => {
  const vault = new VaultSecrets({ identities: [{ id: 'default', password: Buffer.from(vaultPassword) }] });
  const encrypt = (text: string): string => vault.encrypt(Buffer.from(text));
  const inline = encrypt(canaries.of('vault')).trimEnd().replaceAll(/^/gm, '      ');
  const files: Readonly<Record<string, string>> = {
    'site.yml': site.replace('INLINE', inline),
    'included.yml': included,
    'templates/secrets.j2': 'all: {{ everything }}\n{% for one in [inline, asked] %}{{ one }}\n{% endfor %}',
    'group_vars/all.yml': encrypt(`whole_password: ${canaries.of('vaulted file')}\n`),
    'more.yml': encrypt(`from_vaulted_file: "${canaries.of('vaulted -e')}"\n`),
    'vault-password': `${vaultPassword}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
};
