import { expect, test } from 'vitest';
import { EventScript } from '../../test/support/events.ts';
import { junitOutput } from './junit.ts';

const reportOf = (script: EventScript): string => {
  let text = '';
  const reader = junitOutput((part) => {
    text += part;
  });
  for (const event of script.events) reader(event);
  return text;
};

test('writes a suite a play and a case a task on a host', () => {
  const script = new EventScript().run().play('Web & "more"', ['a', 'b', 'c']).task('One <1>', ['a', 'b', 'c']);
  script.result('a', 'changed', { stdout: 'out\x1b[1m', stderr: 'err' }, { duration: 1500 });
  script.result('b', 'failed', { msg: 'no & never\x00', rc: 2, cmd: 'false', stderr: 'because' });
  script.result('c', 'unreachable', { msg: 'gone' });
  script.task('Two', ['a']).result('a', 'skipped', { skip_reason: 'Conditional result was False' });
  script.play('Empty', []).wait(2000).end({}, 4);
  expect(reportOf(script)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="muster" tests="4" failures="1" errors="1" skipped="1" time="2.000">
  <testsuite name="Web &amp; &quot;more&quot;" tests="4" failures="1" errors="1" skipped="1" time="1.530" timestamp="2026-01-02T03:04:05">
    <testcase name="[a] One &lt;1&gt;" classname="site.yml:3" time="1.500">
      <system-out>out
err</system-out>
    </testcase>
    <testcase name="[b] One &lt;1&gt;" classname="site.yml:3" time="0.010">
      <failure message="no &amp; never (exit code 2)">no &amp; never (exit code 2)
$ false
because</failure>
      <system-out>because</system-out>
    </testcase>
    <testcase name="[c] One &lt;1&gt;" classname="site.yml:3" time="0.010">
      <error message="gone">gone</error>
    </testcase>
    <testcase name="[a] Two" classname="site.yml:6" time="0.010">
      <skipped message="Conditional result was False"/>
    </testcase>
  </testsuite>
  <testsuite name="Empty" tests="0" failures="0" errors="0" skipped="0" time="0.000" timestamp="2026-01-02T03:04:05">
  </testsuite>
</testsuites>
`);
});

test('a failure that does not count fails no case; items of a loop are named', () => {
  const script = new EventScript().run().play('Web', ['a', 'b']).task('One', ['a', 'b']);
  script.result('a', 'failed', { msg: 'no' }, { ignored: true });
  script.item('b', 'x', 'ok').item('b', 'y', 'failed', { msg: 'no' });
  script.result('b', 'failed', { msg: 'One or more items failed' }, { isLoop: true }).end({});
  const report = reportOf(script);
  expect(report).toContain('<testcase name="[a] One" classname="site.yml:3" time="0.010"/>');
  expect(report).toContain('<failure message="y: no">y: no</failure>');
});
