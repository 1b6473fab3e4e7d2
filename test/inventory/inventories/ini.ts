import type { Inventories } from './types.ts';

/** Inventories in INI, sound and broken. */
export const iniInventories: Inventories = {
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
};
