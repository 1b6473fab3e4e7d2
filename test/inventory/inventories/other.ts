import type { Inventories } from './types.ts';

/** Inventories of other kinds, of several sources, and with files of variables beside them. */
export const otherInventories: Inventories = {
  json: {
    'hosts.json': `{"all": {"hosts": {"h1": {"a": 1.0, "b": "é"}}, "children": {"g": {"hosts": {"h1": null}}}}}`,
  },
  dir: {
    'inv/01-a': `h1 a=1 b=1
[g]
h2
`,
    'inv/02-b.yml': `g: {hosts: {h1: {b: 2}}, vars: {gv: 1}}
`,
    'inv/x.ini': `bad
`,
    'inv/y.cfg': `bad2
`,
    'inv/.hid': `bad3
`,
    'inv/group_vars/g.yml': `gv: 2
`,
    'inv/host_vars/h1.yaml': `hv: 1
`,
    'inv/sub/z': `zz
`,
    'inv/a~': `bad4
`,
    'inv/README.md': `bad5`,
  },
  'vars files': {
    hosts: `[g]
h1 v=inline
h2
[p:children]
g
`,
    'group_vars/all.yml': `v: all
a: 1
`,
    'group_vars/all/x.yml': `a: 2
ax: 1
`,
    'group_vars/g/a.yml': `v: ga
`,
    'group_vars/g/b.yaml': `v: gb
`,
    'group_vars/g/sub/c.json': `{"c": 1}`,
    'group_vars/g/.h.yml': `no: 1`,
    'group_vars/g/t~': `no: 2`,
    'group_vars/g/n.txt': `no: 3`,
    'group_vars/g/plain': `pl: 1`,
    'group_vars/p.yml': `v: p
pp: 1
`,
    'host_vars/h1': `hv: 1
v: hv
`,
    'host_vars/h2.yml': `hv: 2
`,
    'host_vars/h2.json': `{"hv": 3}`,
    'group_vars/ungrouped.yml': `u: 1`,
  },
  script: {
    'inv.sh': `#!/bin/sh
if [ "$1" = --list ]; then echo '{"g": {"hosts": ["h1","h2"], "vars": {"a": 1.0, "t": "{{ x }}"}, "children": ["c"]}, "l": ["h3"], "simple": {"k": "v"}, "c": {"hosts":["h4"]}, "_meta": {"hostvars": {"h1": {"hv": {"__ansible_unsafe": "{{ u }}"}}, "nope": {"x": 1}}}}'; fi
`,
  },
  'script host': {
    'inv.sh': `#!/bin/sh
if [ "$1" = --list ]; then echo '{"g": ["h1","h2"]}'; else echo "{\\"me\\": \\"$2\\"}"; fi
`,
  },
  'script fail': {
    'inv.sh': `#!/bin/sh
echo oops >&2; exit 3
`,
  },
  'script badjson': {
    'inv.sh': `#!/bin/sh
echo nojson
`,
  },
  toml: {
    'hosts.toml': `[all.vars]
has = false
f = 1.0
d = 2020-01-01
[web]
children = ["apache"]
vars = { port = 8080 }
[web.hosts]
host1 = {}
host2 = { ansible_port = 222 }
[apache.hosts.tomcat1]
[apache.hosts."t[2:3]"]
x = "{{ y }}"
`,
  },
  'toml bad': {
    'hosts.toml': `[all
`,
  },
  'same name': {
    hosts: `web
[web]
h
`,
  },
  localhost: {
    hosts: `localhost ansible_connection=local x=1
127.0.0.1
`,
  },
  unicode: {
    hosts: `h1 a=é
[grüppe]
h2 b="日本"
`,
  },
  constructed: {
    'inv/01': `[g]
web1 os=debian tags='["a","b"]' m='{"k":"v"}' e=''
web2 os=redhat
`,
    'inv/02.yml': `plugin: constructed
strict: false
compose:
  up: os | upper
  n: 1 + 1
  bad: nope.x
  l: "[os, inventory_hostname]"
groups:
  webs: inventory_hostname.startswith('web')
  deb: os == 'debian'
  'we-ird': true
keyed_groups:
  - key: os
    prefix: os
  - key: tags
    prefix: tag
  - key: m
    prefix: m
    parent_group: allm
  - key: os
    separator: ''
  - key: e
    prefix: e
    default_value: none
  - key: os
    prefix: ''
`,
  },
  'constructed strict': {
    'inv/01': `web1 os=debian tags='[]' e=''
`,
    'inv/02.yml': `plugin: constructed
strict: true
keyed_groups:
  - key: tags
    prefix: tag
  - key: os
    prefix: os
`,
  },
  'constructed strict empty': {
    'inv/01': `web1 os=debian e=''
`,
    'inv/02.yml': `plugin: constructed
strict: true
keyed_groups:
  - key: os
    prefix: os
  - key: e
    prefix: e
`,
  },
  unknownplugin: {
    'x.yml': `plugin: amazon.aws.aws_ec2
regions: [a]
`,
  },
};
