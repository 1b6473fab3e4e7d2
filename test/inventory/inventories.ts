/** Inventories of every kind, sound and broken, by what each is about: paths and texts. The first path is the source. */
export const inventories: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ini ranges': {
    hosts: `a[1:3]
b[01:10:3]x
c[a:e:2]
d[A:C]
e[1:2]-[x:z].f
h[:2]
i:22
[v6]
[::1]:222
fe80::1
2001:db8::[1:3]
[w:children]
v6
`,
  },
  'ini vars': {
    hosts: `[g]
h1 a=1 b=1.0 c='x y' d="q" e=True f=true g=[1,2] h='[1, 2]' i={} j=0x10 k=010 l=1e3 m=a=b n= o='' p="'z'" q='"w"' r=\\\\n s=a\\ b t=(1,2) u=1,2 v=None # cmt
h2 x=5#c y=1
h3 path=C:\\temp url=http://a.b/c?d=e&f=g
[g:vars]
v1=1
v2 = a b  
v3="x" # c
v4=x # c
v5='it'
v6=[1,
v7={'a': 'b'}
v8=
v9=True
v10=  yes
v11=1_000
v12=-5
v13=+5
v14=.5
v15='a' 'b'
v16="a\\tb"
v17=r'\\d'
v18=a;b
v19=5 6
v22=(1)
`,
  },
  'ini groups': {
    hosts: `x
[a:children]
b
c
[b]
h1
[c]
h2
h1
[d:vars]
k=v
[d]
h1
[a:vars]
z=1
[ungrouped:vars]
u=1
[all:vars]
al=1
[e:children]
a
[f-g]
h9
[1st]
h10
`,
  },
  'ini comments': {
    hosts: `; c
# d
[g] # e
h1 # f
   h2   
[g2]	
h3	a=1	b=2
[g:vars] # x
k=1
[z:children]
g # c
`,
  },
  'ini bad section': {
    hosts: `h0
[a b]
h1
`,
  },
  'ini bad type': {
    hosts: `h0
[a:foo]
h1
`,
  },
  'ini undefined child': {
    hosts: `[a:children]
nope
`,
  },
  'ini undefined vars': {
    hosts: `[a:vars]
x=1
`,
  },
  'ini bad kv': {
    hosts: `h1 foo
`,
  },
  'ini bad quote': {
    hosts: `h1 foo='bar
`,
  },
  'ini bad range': {
    hosts: `h[1:
`,
  },
  'ini bad range2': {
    hosts: `h[01:100]
`,
  },
  'ini yaml': {
    hosts: `---
h1
`,
  },
  'ini loop': {
    hosts: `[a:children]
b
[b:children]
a
`,
  },
  'ini pending chain': {
    hosts: `[a:children]
b
[b:children]
c
[c:children]
d
[d]
h
`,
  },
  'ini prio': {
    hosts: `h
[a]
h
[b]
h
[a:vars]
v=a
ansible_group_priority=10
[b:vars]
v=b
`,
  },
  'ini depth': {
    hosts: `[top:children]
mid
[mid:children]
low
[low]
h
[other]
h
[top:vars]
v=top
[mid:vars]
v=mid
[low:vars]
v=low
[other:vars]
v=other
`,
  },
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
  unknownplugin: {
    'x.yml': `plugin: amazon.aws.aws_ec2
regions: [a]
`,
  },
};
