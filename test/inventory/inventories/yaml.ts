import type { Inventories } from './types.ts';

/** Inventories in YAML, sound and broken. */
export const yamlInventories: Inventories = {
  yaml1: {
    'hosts.yml': `all:
  hosts:
    h1:
    h2: {a: 1, b: yes, c: 0644, d: 1.0, e: '{{ x }}', f: null, g: 2020-01-01, h: 2020-01-01 10:00:00}
  children:
    web:
      hosts:
        w[1:3]: {p: 80}
        h1: {q: 1}
      vars: {r: [1, {s: t}]}
      children:
        sub:
          hosts: lone
    empty:
  vars:
    al: 1
other:
  hosts:
    o1:22:
`,
  },
  'yaml hostslist': {
    'hosts.yml': `all:
  hosts:
   - a
   - b
`,
  },
  'yaml str': {
    'hosts.yml': `all:
  hosts: h1
  children: g1
`,
  },
  'yaml unknown key': {
    'hosts.yml': `all:
  hosts: {h1: }
  foo: {a: 1}
  bar: 1
g: text
`,
  },
  'yaml inthost': {
    'hosts.yml': `all:
  hosts:
    123:
`,
  },
  'yaml badvars': {
    'hosts.yml': `all:
  hosts:
    h1: text
`,
  },
  'yaml empty': {
    'hosts.yml': `---
`,
  },
  'yaml list': {
    'hosts.yml': `- a
`,
  },
  'yaml loop': {
    'hosts.yml': `a:
  children:
    b:
      children:
        a:
`,
  },
  'yaml prio': {
    'hosts.yml': `all:
  children:
    a: {hosts: {h: }, vars: {v: a, ansible_group_priority: 5}}
    b: {hosts: {h: }, vars: {v: b}}
`,
  },
  'yaml noext': {
    hosts: `all:
  hosts:
    h1: {a: 1}
`,
  },
};
