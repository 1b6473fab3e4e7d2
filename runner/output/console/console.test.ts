import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { EventScript, hostNames } from '../../../test/support/events.ts';
import { Paper } from '../../../test/support/paper.ts';
import { type ConsoleOptions, consoleOutput } from './index.ts';

const usual: ConsoleOptions = { verbosity: 0, showsCustomStats: false, diffContext: 3, isLive: false };

const show = (script: EventScript, options: Partial<ConsoleOptions> = {}, paper = new Paper()): string => {
  const reader = consoleOutput(paper, { ...usual, ...options });
  for (const event of script.events) reader(event);
  return paper.text;
};

const web = hostNames(3);

test('counts hosts of which nothing matters, and gives those that changed a line each', () => {
  const script = new EventScript().run().play('Web servers', web).task('Gathering Facts', web).wait(1200);
  for (const host of web) script.result(host, 'ok', { ansible_facts: { a: 1 } }, { visibility: 'never' });
  script.task('nginx : Install nginx', web).wait(500).result('web2', 'changed').wait(2900);
  script.result('web1', 'ok').result('web3', 'skipped', { skip_reason: 'Conditional result was False' });
  script.end({ web1: { ok: 2 }, web2: { ok: 2, changed: 1 }, web3: { ok: 1, skipped: 1 } });
  expect(show(script)).toBe(`
PLAY Web servers (web1, web2, web3)
TASK Gathering Facts
  3 ok (1.2s)
TASK nginx : Install nginx
  changed      web2
  1 ok, 1 skipped (3.4s)

SLOWEST TASKS
  3.4s  nginx : Install nginx
  1.2s  Gathering Facts

RECAP
  web1  ok 2
  web2  ok 2  changed 1
  web3  ok 1             skipped 1

OK: 3 hosts, 1 changed, 2 tasks in 4.6s
`);
});

test('puts a quick task of which nothing matters into one line', () => {
  const script = new EventScript().run().play('Web servers', web).task('Check', web).wait(34);
  for (const host of web) script.result(host, 'ok');
  script.end({ web1: { ok: 1 }, web2: { ok: 1 }, web3: { ok: 1 } });
  expect(show(script)).toContain('\nTASK Check: 3 ok (34ms)\n\nRECAP\n');
});

test('tells why something failed in plain text, and again at the end', () => {
  const script = new EventScript().run().play('Web servers', ['web1']).task('Try', ['web1']).wait(20);
  const stderr = Array.from({ length: 15 }, (_, index) => `error line ${index + 1}`).join('\n');
  script.result('web1', 'failed', {
    changed: true,
    cmd: ['sh', '-c', "echo it's"],
    rc: 3,
    msg: 'non-zero return code',
    stderr,
    stderr_lines: stderr.split('\n'),
    stdout: 'not shown',
  });
  script.end({ web1: { failed: 1 } }, 2);
  expect(show(script)).toBe(`
PLAY Web servers (web1)
TASK Try
  failed       web1: non-zero return code (exit code 3)
               $ sh -c 'echo it'\\''s'
               ... 3 lines before (-v shows them)
${stderr
  .split('\n')
  .slice(3)
  .map((line) => `               ${line}\n`)
  .join('')}
FAILURES
  Try (site.yml:3)
    web1: non-zero return code (exit code 3)

RECAP
  web1  ok 0  failed 1

FAILED: 1 host, 1 failed, 1 task in 20ms
`);
});

test('shows the same failure of many hosts once, with the hosts', () => {
  const hosts = hostNames(40);
  const script = new EventScript().run().play('Web servers', hosts).task('Install', hosts).wait(100);
  for (const host of hosts.toReversed()) {
    if (host === 'web7') script.result(host, 'unreachable', { unreachable: true, msg: 'no route to host' });
    else script.result(host, 'failed', { msg: "No package matching 'ngin' is available" });
  }
  script.end(Object.fromEntries(hosts.map((host) => [host, { failed: 1 }])), 2);
  const text = show(script);
  expect(text).toContain(`
TASK Install
  failed       39 hosts: No package matching 'ngin' is available
               web1, web2, web3, web4, web5, web6, web8, web9, web10, web11, web12, web13, web14,
               web15, web16, web17, web18, web19, web20, web21, web22, web23, web24, web25, web26,
               web27, web28, web29, web30, web31, web32, web33, web34, web35, web36, web37, web38,
               web39, web40
  unreachable  web7: no route to host
`);
  expect(text.match(/No package matching/g)).toHaveLength(2);
});

test('shows a failure while other hosts go on, and does not repeat what it said', () => {
  const script = new EventScript().run().play('Web servers', web).task('Wait', web).wait(100);
  const failure = { msg: 'timed out', rc: 1, stderr: 'detail' };
  script.result('web1', 'failed', failure).wait(1500).output('web2', ['still here']);
  script.wait(100).result('web3', 'failed', failure).wait(3000).result('web2', 'ok');
  expect(show(script)).toBe(`
PLAY Web servers (web1, web2, web3)
TASK Wait
  failed       web1: timed out (exit code 1)
               detail
  web2 | still here
  failed       web3: timed out (exit code 1) (as above)
  1 ok (4.7s)
`);
});

test('keeps loops short, and names the items that failed', () => {
  const script = new EventScript().run().play('Web servers', ['web1', 'web2']).task('Install', ['web1', 'web2']);
  for (const item of ['vim', 'git', 'curl']) script.item('web1', item, item === 'curl' ? 'ok' : 'changed');
  script.wait(10).result('web1', 'changed', { results: [] }, { isLoop: true });
  script.item('web2', 'vim', 'ok').item('web2', 'git', 'failed', { msg: 'no such package\nreally' });
  script.result('web2', 'failed', { results: [], msg: 'One or more items failed' }, { isLoop: true });
  expect(show(script)).toBe(`
PLAY Web servers (web1, web2)
TASK Install
  changed      web1: vim, git (2 of 3 items)
  failed       web2: 1 of 2 items failed
               item git: no such package
                 really
`);
});

test('shows what debug says: texts as they are, data as lines', () => {
  const script = new EventScript().run().play('Web servers', web);
  const details = { visibility: 'always' as const };
  script.task('Say', web, { module: 'ansible.builtin.debug' });
  for (const host of web) script.result(host, 'ok', { msg: 'Hello\nthere', changed: false }, details);
  script.task('Show', ['web1'], { module: 'ansible.builtin.debug' });
  script.result('web1', 'ok', { site: { name: 'x', ports: [80, 443], text: 'a\nb', none: {} } }, details);
  script.task('Number', ['web1'], { module: 'ansible.builtin.debug' }).result('web1', 'ok', { 'a + 1': 3 }, details);
  expect(show(script)).toBe(`
PLAY Web servers (web1, web2, web3)
TASK Say
  ok           web1, web2, web3
               Hello
               there
TASK Show
  ok           web1
               site:
                 name: x
                 ports:
                   - 80
                   - 443
                 text:
                   a
                   b
                 none: {}
TASK Number
  ok           web1: a + 1: 3
`);
});

test('shows a diff once for all hosts that have the same', () => {
  const script = new EventScript().run().play('Web servers', web).task('Configure', web);
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
  const diff = [{ before, after: before.replace('e', 'E'), before_header: '/etc/x', after_header: '/etc/x' }];
  for (const host of web) script.result(host, 'changed', { diff }, { showsDiff: true });
  expect(show(script, { diffContext: 1 })).toBe(`
PLAY Web servers (web1, web2, web3)
TASK Configure
  changed      web1, web2, web3
    --- before: /etc/x
    +++ after: /etc/x
    @@ -4,3 +4,3 @@
     d
    -e
    +E
     f
`);
});

test('shows the output of a command that takes its time, whole lines, up to a number', () => {
  const script = new EventScript().run().play('Web servers', ['web1']).task('Build', ['web1']).wait(100);
  script.output('web1', ['early']).wait(400).output('web1', ['late'], 'stderr').wait(10);
  script
    .output(
      'web1',
      Array.from({ length: 50 }, (_, index) => `line ${index}`),
    )
    .wait(5);
  script.result('web1', 'changed');
  const text = show(script);
  expect(text).toContain('TASK Build\n  web1 | early\n  web1 | late\n');
  expect(text).toContain('  web1 | line 27\n  changed      web1\n  ... 22 more lines of output (-v shows them)\n');
  expect(show(script, { verbosity: 1 })).toContain('  web1 | line 49\n');
});

test('does not show the output of a command that was quick', () => {
  const script = new EventScript().run().play('Web servers', ['web1']).task('Build', ['web1']).wait(100);
  script.output('web1', ['early']).wait(100).result('web1', 'ok');
  expect(show(script)).not.toContain('early');
});

test('lets no escape sequence of a host through', () => {
  const script = new EventScript().run().play('Web servers', ['web1']).task('Build', ['web1']).wait(400);
  script.output('web1', ['10%\r50%\r100%\r', '\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202egnp']);
  script.result('web1', 'failed', { msg: 'bad\x1b[2J', stdout: '\x9b31mx', rc: 1 });
  const text = show(script);
  expect(text).toContain('  web1 | 100%\n  web1 | red  gnp\n');
  expect(text).toContain('web1: bad (exit code 1)');
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('says more with -v: each host, and what its result holds', () => {
  const script = new EventScript().run().play('Web servers', ['web1', 'web2']).task('Try', ['web1', 'web2']).wait(10);
  const result = { changed: false, rc: 0, stdout: 'a\nb', stdout_lines: ['a', 'b'], stderr: '', stderr_lines: [] };
  script.result('web1', 'ok', { ...result, invocation: { module_args: {} } });
  script.result('web2', 'skipped', { changed: false, skipped: true, skip_reason: 'Conditional result was False' });
  expect(show(script, { verbosity: 2 })).toBe(`
PLAY Web servers (web1, web2)
TASK Try
  site.yml:3
  ok           web1
               rc: 0
               stdout:
                 a
                 b
  skipped      web2
               skip_reason: Conditional result was False
`);
});

test('marks failures that do not count', () => {
  const script = new EventScript().run().play('Web servers', ['web1', 'web2']).task('Try', ['web1', 'web2']).wait(10);
  script.result('web1', 'failed', { msg: 'no' }, { ignored: true });
  script.result('web2', 'failed', { msg: 'no' }, { rescued: true });
  script.end({ web1: { ok: 1, ignored: 1 }, web2: { rescued: 1 } });
  const text = show(script);
  expect(text).toContain('  ignored      web1: no\n  rescued      web2: no\n');
  expect(text).not.toContain('FAILURES');
});

test('keeps the tasks of a free strategy apart, and sums them up at the end', () => {
  const script = new EventScript().run().play('Web servers', ['web1', 'web2'], { strategy: 'free' });
  script.task('First', ['web1']).result('web1', 'ok');
  const first = script.current;
  script.task('Second', ['web1']).result('web1', 'changed').wait(10);
  script.add({ type: 'host_started', task: first, host: 'web2' });
  script.add({
    type: 'host_result',
    task: first,
    host: 'web2',
    status: 'changed',
    result: {},
    ignored: false,
    showsDiff: false,
    visibility: 'verbose',
    isLoop: false,
    duration: 1,
    rescued: false,
  });
  script.end({ web1: { ok: 2, changed: 1 }, web2: { ok: 1, changed: 1 } });
  expect(show(script)).toContain(`
TASK Second
  changed      web1
TASK First
  changed      web2
  1 ok (10ms)

RECAP`);
});

test('shows warnings where they arise, those of results with their hosts', () => {
  const script = new EventScript().run().play('Web servers', web).task('Try', web).wait(10);
  script.add({ type: 'warning', kind: 'deprecation', message: 'old' });
  for (const host of web) script.result(host, 'ok', { warnings: ['careful'] });
  expect(show(script)).toBe(`
PLAY Web servers (web1, web2, web3)
deprecation: old
TASK Try
  warning      web1, web2, web3: careful
  3 ok (10ms)
`);
});

test('names batches, check mode, plays without hosts, and the end of all hosts', () => {
  const script = new EventScript().run(['site.yml'], true);
  script.play('One', ['web1'], { play: 1 }).play('One', ['web2'], { play: 1 });
  script.add({ type: 'play_skipped', play: 2, name: 'None' }).add({ type: 'no_more_hosts' });
  expect(show(script)).toBe(`CHECK MODE: nothing is changed

PLAY One (web1)

PLAY One (batch 2: web2)

PLAY None (no host matches)
No host is left to go on with.
`);
});

test('tells of meta tasks only with -vv', () => {
  const script = new EventScript().run().play('One', ['web1', 'web2']);
  script.task('meta', ['web1', 'web2'], { module: 'ansible.builtin.meta' });
  for (const host of ['web1', 'web2']) {
    script.add({ type: 'meta', task: script.current, host, action: 'noop', done: true, message: `noop ${host}` });
  }
  expect(show(script.end({}))).toBe('\nPLAY One (web1, web2)\n\nOK: 0 hosts, 0 tasks in 0ms\n');
  expect(show(script, { verbosity: 2 })).toContain('TASK meta\n  site.yml:3\n  noop web1\n  noop web2\n');
});

test('folds healthy hosts with the same counters in a long recap', () => {
  const hosts = hostNames(40);
  const script = new EventScript().run().play('Web servers', hosts);
  script.end(
    Object.fromEntries(hosts.map((host) => [host, host === 'web9' ? { ok: 1, failed: 1 } : { ok: 2, changed: 1 }])),
    2,
  );
  expect(show(script)).toContain(`
RECAP
  web1, web2 and 37 more  ok 2  changed 1
  web9                    ok 1             failed 1
`);
});

test('fits narrow terminals and wide characters', () => {
  const hosts = ['東京サーバー一号機', 'web2'];
  const script = new EventScript()
    .run()
    .play('Web servers', hosts)
    .task('Install the packages that we need here', hosts);
  script.wait(10).result(hosts[0]!, 'failed', { msg: '漢字の長い説明文がここにあります。改行が必要です' });
  script.result('web2', 'ok');
  script.end({ [hosts[0]!]: { ok: 10, changed: 2, failed: 1, skipped: 3 }, web2: { ok: 1 } }, 2);
  const text = show(script, {}, new Paper('terminal', 40));
  expect(Math.max(...text.split('\n').map((line) => stringWidth(line)))).toBeLessThan(40);
  expect(text).toBe(`
PLAY Web servers (東京サーバー一号機,
  web2)
TASK Install the packages that we
  need here
  failed 東京サーバー一号機:
    漢字の長い説明文がここにあります。
    改行が必要です
  1 ok (10ms)

FAILURES
  Install the packages that we need
  here (site.yml:3)
    東京サーバー一号機: 漢字の長い説明
    文がここにあります。改行が必要です

RECAP
  web2
    ok 1
  東京サーバー一号機
    ok 10, changed 2, failed 1, skipped
    3

FAILED: 2 hosts, 1 changed, 1 failed,
  1 task in 10ms
`);
});
