import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folderForEachTest } from '../../../test/support/folders.ts';
import { parseAddress } from './http.ts';
import { unitText } from './unit.ts';

const directory = folderForEachTest('muster-unit-');

const options = {
  program: ['/usr/bin/node', '/opt/my tools/muster.js'],
  file: '/srv/100%/schedules.yml',
  folder: '/srv/100%',
  listen: '127.0.0.1:9877',
  isUser: false,
};

it('quotes words for systemd', () => {
  const lines = unitText(options).split('\n');
  expect(lines).toContain('WorkingDirectory=/srv/100%%');
  expect(lines).toContain(
    'ExecStart=/usr/bin/node "/opt/my tools/muster.js" schedule start --file /srv/100%%/schedules.yml --listen 127.0.0.1:9877',
  );
  expect(lines).toContain('WantedBy=multi-user.target');
  const own = unitText({ ...options, program: ['/a"b\\c$d'], listen: undefined, isUser: true }).split('\n');
  expect(own).toContain('ExecStart="/a\\"b\\\\c$$d" schedule start --file /srv/100%%/schedules.yml');
  expect(own).toContain('WantedBy=default.target');
  expect(own.join()).not.toContain('network-online');
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe.skipIf(!hasSystemd && !process.env.MUSTER_TEST_REQUIRE_ALL)('the unit (needs systemd-analyze)', () => {
  it.each([false, true])('is one that systemd takes without a word', (isUser) => {
    const path = directory.at('muster-schedule.service');
    writeFileSync(path, unitText({ ...options, program: ['/bin/sh', 'a b'], folder: directory.path, isUser }));
    const verify = ['--recursive-errors=no', '--man=no', 'verify', path];
    const output = execFileSync('systemd-analyze', [...(isUser ? ['--user'] : []), ...verify], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: directory.path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(output).toBe('');
  });
});

it('listens to nobody but this machine', () => {
  expect(parseAddress('127.0.0.1:9877')).toEqual({ host: '127.0.0.1', port: 9877 });
  expect(parseAddress('[::1]:0')).toEqual({ host: '::1', port: 0 });
  expect(parseAddress('localhost:80')).toEqual({ host: 'localhost', port: 80 });
  for (const text of ['0.0.0.0:80', '9877', '10.0.0.1:80', '127.0.0.1:99999', '[::]:80', '127.example.com:80']) {
    expect(() => parseAddress(text)).toThrow(`--listen cannot be '${text}'`);
  }
});
