/** Texts of each kind as they should be, and words that mean something in them: what mutations start from. */
export interface Seeds {
  readonly texts: readonly string[];
  readonly tokens: readonly string[];
}

const words = (text: string): string[] => text.trim().split(/\s+/);

export const playbooks: Seeds = {
  texts: [
    `- hosts: web:&db
  name: first
  vars: { a: 1, b: "{{ a }}" }
  vars_files: [vars.yml]
  serial: [1, 30%]
  tasks:
    - name: copy
      ansible.builtin.copy: { src: a, dest: /b, mode: '0644' }
      when: a is defined and a > 1
      notify: restart
      loop: "{{ range(3) | list }}"
      loop_control: { loop_var: x, label: "{{ x }}" }
    - command: echo hi creates=/tmp/x
      register: r
      until: r.rc == 0
      retries: 3
    - block:
        - debug: var=a
      rescue:
        - fail: msg="no {{ a }}"
      always:
        - ping:
  handlers:
    - name: restart
      listen: [x]
      service: name=x state=restarted
`,
    `---
# comment
- import_playbook: other.yml
- hosts: all
  gather_facts: no
  roles:
    - role: common
      vars: {x: y}
    - { role: "{{ name }}", when: x, tags: [a, b] }
  pre_tasks:
    - include_tasks: file={{ x }}.yml
    - import_role: name=common
    - shell: |
        cat <<EOF
        {{ text | indent(4) }}
        EOF
      args: {chdir: /tmp}
      environment: &env {A: b, C: '{{ d }}'}
    - set_fact:
        deep: {list: [1, 2, {three: [4]}], text: >-
          folded
          text}
      environment: *env
      vars:
        <<: {merged: yes}
    - uri: {url: http://x, body: !unsafe '{{ y }}'}
      with_items: [a, b]
      failed_when: [false, "'x' in y"]
`,
    `- hosts: all
  vars:
    secret: !vault |
      $ANSIBLE_VAULT;1.1;AES256
      6162
  tasks:
    - {name: flow, debug: {msg: "a \\" b"}, tags: always, become: true, async: 5, poll: 0}
    - template: src=x.j2 dest="/etc/{{ y }}" validate='sh -n %s'
`,
  ],
  tokens:
    words(`hosts: tasks: - block: rescue: when: loop: vars: roles: name: debug: command: include_tasks: import_tasks:
    import_playbook: {{ }} {% %} | > & * ! !vault !unsafe <<: --- ... # : - ? , [] {} yes no null ~ register: notify: until:`),
};

export const yamlInventories: Seeds = {
  texts: [
    `all:
  hosts:
    a[1:3].example.org: {x: 1, y: [1, 2]}
    b:
      ansible_host: ::1
      ansible_port: 22
  vars: {z: "{{ x }}"}
  children:
    web:
      hosts: {c: , d: null}
    db:
      children: {web: {}}
`,
    'ungrouped:\n  hosts:\n    localhost:\n      ansible_connection: local\nplain: {vars: {a: b}}\n',
  ],
  tokens: words(
    'all: hosts: children: vars: ungrouped: [1:3] [a:c:2] {{ x }} : , {} [] null & * - !vault ansible_host: ::1',
  ),
};

export const iniInventories: Seeds = {
  texts: [
    `one ansible_host=10.0.0.1 x='a b' y=[1,2] z={'a': 1}
two[01:05:2].example.org:2222
[2001:db8::1]:22 v="q\\"r"
[web]
a
b[a:c] k=v # comment
[web:vars]
n = 5
text=it's
[all:children]
web
; comment
[db]
`,
    '[g]\nh a=1 b=1.0 c=True d=None e=(1,2) f=0x10\n[g:vars]\nlist=[1, "two", {"three": 3.0}]\n[p:children]\ng\n',
  ],
  tokens: words(
    "[web] [web:vars] [web:children] [1:3] [a:z] [01:99] host a=1 b='x' c=\"y\" # ; : = [ ] {{ x }} ::1 (1,) {'a':1}",
  ),
};

export const templates: Seeds = {
  texts: [
    '{{ name }} and {{ list | map("upper") | join(", ") }}',
    '{% for item in list if item %}{{ loop.index }}: {{ item }}{% else %}none{% endfor %}',
    '{% set x = namespace(n=0) %}{% for i in numbers %}{% set x.n = x.n + i %}{% endfor %}{{ x.n }}',
    '{% macro m(a, b=1, *args, **kw) %}{{ a }}-{{ b }}{{ caller() if caller }}{% endmacro %}{% call m(1) %}x{% endcall %}',
    "{{ dict.key['sub'][0:2] | default('no', true) }}{{ a if b else c }}{{ 'x' ~ 1 ** 2 // 3 % 4 }}",
    '{%- if a is defined and not b or c in list -%} yes {%- elif d == 1.5e3 -%} {% raw %}{{ no }}{% endraw %}{%- endif -%}',
    "{{ 'a-%s-%d' % ('b', 3) }} {{ '{0} {x!r:>10}'.format(1, x=2) }} {{ name | regex_replace('(.)b', '\\\\1') }}",
    "{{ [1, (2, 3), {'a': none, 'b': [true, false]}] | to_json }} {{ '2024' | int + 1 }} {# comment #}",
    '{{ list | selectattr("a", "equalto", 1) | list | length }} {{ dict | dict2items | sort(attribute="key") }}',
    '{{ numbers | sum * numbers | max - (numbers | min) }}{{ range(3) | list }}{{ lookup("items", list) }}',
    "{{ '10.0.0.0/8' | ansible.utils.ipaddr('network') }}{{ dict | combine({'z': 1}, recursive=True) | to_nice_yaml }}",
    '{% filter upper %}text {{ name }}{% endfilter %}{% with a = 1 %}{{ a }}{% endwith %}{% do list.append(1) %}',
    "{{ name.split('e') | reverse | list }}{{ name.upper().lower().strip('x').replace('a', 'b') }}{{ name[::-1] }}",
  ],
  tokens:
    words(`{{ }} {% %} {# #} | . , ( ) [ ] : + - * / // % ** ~ == != < > <= >= in is not and or if else elif endif for endfor
    set endset macro endmacro call endcall filter endfilter raw endraw with endwith block endblock include extends import
    name list dict numbers loop range( namespace( default( map( select( format( join( int float string list() length upper
    'text' "text" 1 2.5 none true false to_json from_json from_yaml regex_search( regex_replace( split( batch( slice( dict2items`),
};

export const expressions: Seeds = {
  texts: [
    "name is defined and name != '' or list | length > 0",
    "not (dict.key is none) and 'x' in list",
    "numbers | sum == 6 and name is match('w.b')",
    "(a | default(false)) or b is version('1.2', '>=')",
    "dict['key'].sub[0] in [1, 2] and name.startswith('w')",
    "list | select('match', '^a') | list == ['a'] and name | regex_search('e(.)') == 'eb'",
  ],
  tokens: templates.tokens.filter((token) => !/^[{%#}]+$/.test(token)),
};

export const keyValues: Seeds = {
  texts: [
    `src=a dest="/b c" mode=0644 content='{{ x }} {% if y %}z{% endif %}'`,
    'echo hi > /tmp/x; a=b creates=/x chdir="/y z" warn=no',
    `a='it''s' b="x\\"y" c={{ d | default('e f') }} g=\\\n  h`,
    `msg="line one\\nline two" list=[1,2] dict={'a': 'b c'}`,
  ],
  tokens: words(`a=b "x y" 'x y' {{ x }} {% y %} {# z #} \\ \\" = == creates= chdir= removes= "{{ 'x' }}" '`),
};

const vaultBody =
  '3365343632663531653535353030326566653665323530363965336133353662653366353265303332643964653062640a3339306334303336\n' +
  '6333613961383838373766353964653338396636323632356636643531343930313865633661626430390a316362643837646636623061\n';

export const vaults: Seeds = {
  texts: [`$ANSIBLE_VAULT;1.1;AES256\n${vaultBody}`, `$ANSIBLE_VAULT;1.2;AES256;label\n${vaultBody}`],
  tokens: words('$ANSIBLE_VAULT; 1.1; 1.2; 1.0; AES256 AES; label 0a 30 61 ff ;; ; \\n'),
};

export const knownHosts: Seeds = {
  texts: [
    `example.org,10.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0Qd9wVwXnVbqv4uN0gRkq9m3f2m5i2k5ZfYz2l8h1a comment
[example.org]:2222 ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA==
@revoked *.bad.org,!good.bad.org ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC=
|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC=
# comment
`,
  ],
  tokens: words('@revoked @cert-authority ssh-rsa ssh-ed25519 |1| = == * ? ! , [host]:22 AAAA #'),
};

export const sshConfigs: Seeds = {
  texts: [
    `Host web* !web9
  HostName %h.example.org
  User deploy
  Port 2222
  IdentityFile ~/.ssh/id_%r
  ProxyJump jump@bastion:22,other
Host *
  StrictHostKeyChecking accept-new
  Ciphers +aes128-ctr
Match host db* user root
  ForwardAgent yes
  ConnectTimeout = 5
`,
    'Match all\n  ServerAliveInterval "10"\nHost "quoted name" b?\n\tProxyCommand ssh -W %h:%p "x y"\n  UserKnownHostsFile /a /b\n',
  ],
  tokens:
    words(`Host Match HostName User Port IdentityFile ProxyJump ProxyCommand * ? ! host user originalhost exec all final %h %p
    %r %% ~ "x y" = , # yes no`),
};

export const sshArguments: Seeds = {
  texts: [
    '-o ControlMaster=auto -o "User=a b" -p 22 -i ~/.ssh/key -J jump -C',
    "-oPort=22 -F /dev/null -o 'ProxyCommand=ssh -W %h:%p b'",
  ],
  tokens: words('-o -p -i -J -F -C -A -v -L = "x" \'y\' \\ User= Port=22 ProxyCommand= -- -'),
};

export const iniConfigs: Seeds = {
  texts: [
    '[defaults]\nforks = 5\nroles_path = a:b ; c\n# x\n[ssh_connection]\nssh_args = -o A=b\n  more\n',
    '[a]\nb: c\nd\n[a]\nb=2\n',
  ],
  tokens: words('[defaults] [a] = : ; # forks %(x)s %% \\ '),
};

export const extraVars: Seeds = {
  texts: ['a=1 b="x y" c={{ d }}', '{"a": {"b": [1, 2.5, null, "x"]}}', 'a: 1\nb: [x, y]'],
  tokens: words(`a=b {"a":1} [1] @ {{ x }} "x y" 'z' : , null true`),
};

export const patterns: Seeds = {
  texts: ['web:&db:!lost', 'a,b[0:2],~web\\d+', 'all:!g[1]:h*.example.org', '~(a|b)+c'],
  tokens: words('all : , ! & ~ [0] [1:3] [-1] * ? web a.b ( ) \\d+ (a+)+$ ~(x+x+)+y'),
};
