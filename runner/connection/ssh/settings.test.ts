import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { parse } from 'ssh-config';
import { expect, test } from 'vitest';
import { folderForAllTests } from '../../../test/support/folders.ts';
import { offeredAlgorithms } from './algorithms.ts';
import { parseSshArguments } from './arguments.ts';
import { SshEnvironment } from './environment.ts';
import { parseJump, resolveSshSettings, type SshRequest, type SshSettings } from './settings.ts';
import { splitWords } from './words.ts';

const directory = folderForAllTests('muster-ssh-settings-');
let count = 0;

const environment = new SshEnvironment(
  (text) => parse(text),
  (message) => {
    throw new Error(message);
  },
  undefined,
);

/** The settings for a request with a configuration file of this text. */
const resolve = (config: string, request: Partial<SshRequest> = {}): SshSettings => {
  const path = directory.at(`config${count++}`);
  writeFileSync(path, config);
  return resolveSshSettings(
    { name: 'web', ...request, arguments: [...(request.arguments ?? []), `-F ${path}`] },
    environment,
  );
};

test('words are split as a shell does', () => {
  expect(splitWords(`a  "b c" 'd "e' f\\ g "h\\"i" ''`)).toEqual(['a', 'b c', 'd "e', 'f g', 'h"i', '']);
  expect(() => splitWords('a "b')).toThrow('no closing quotation');
});

test('arguments of ssh are read in all their spellings', () => {
  const { options, configFile, unsupported } = parseSshArguments([
    '-C -o Port=22 -oUser=me -o "ServerAliveInterval 5"',
    '-vvJ bastion -i/key -p 2222 -Al root -F /config -q',
    '-L 1:2:3 -D9 command',
  ]);
  expect(options).toEqual([
    ['port', '22'],
    ['user', 'me'],
    ['serveraliveinterval', '5'],
    ['proxyjump', 'bastion'],
    ['identityfile', '/key'],
    ['port', '2222'],
    ['forwardagent', 'yes'],
    ['user', 'root'],
  ]);
  expect(configFile).toBe('/config');
  expect(unsupported).toEqual(['-L 1:2:3', '-D 9', 'command']);
  expect(() => parseSshArguments(['-o'])).toThrow('-o needs a value');
  expect(() => parseSshArguments(['-o =x'])).toThrow("'=x' is no option of ssh");
});

test('the first value counts: variables, then arguments, then the file', () => {
  const config = 'Host web\n  Port 3\n  User three\n  HostName %h.example.com\nHost *\n  Port 4\n  ConnectTimeout 7\n';
  expect(resolve(config)).toMatchObject({ hostName: 'web.example.com', port: 3, user: 'three', timeoutMs: 7000 });
  expect(resolve(config, { arguments: ['-p 2'] })).toMatchObject({ port: 2, user: 'three' });
  expect(resolve(config, { port: 1, user: 'one', arguments: ['-p 2'] })).toMatchObject({ port: 1, user: 'one' });
  expect(resolve(config, { name: 'other' })).toMatchObject({ hostName: 'other', port: 4, user: userInfo().username });
});

test('sections are chosen by patterns and criteria', () => {
  const config = `Host web* !webx
  Port 1
Match user deploy host *.internal,web
  Port 2
Match originalhost webx localuser *
  Port 3
Match !user deploy all
  ServerAliveInterval 2m
`;
  expect(resolve(config).port).toBe(1);
  expect(resolve(config, { name: 'webx' }).port).toBe(3);
  expect(resolve(config, { name: 'db.internal', user: 'deploy' }).port).toBe(2);
  expect(resolve(config, { name: 'db' })).toMatchObject({ port: 22, keepaliveMs: 120_000 });
});

// Sections that look at what those before them set, at commands, and at the second reading of the file.
const chosen = (path: string): string => `Host web*
  HostName %h.internal
  User deploy
  IdentityFile /of-web
Match host *.internal !exec "test %n = web2"
  Port 2222
Match exec "echo %h %p %r >>${path}; test %h-%r = web1.internal-deploy" exec "test %n = web1"
  ConnectTimeout 33
Match host nowhere exec "echo never >>${path}"
  ConnectTimeout 44
Match final host *.internal
  ServerAliveInterval 7
Host *.internal
  ServerAliveCountMax 9
Match originalhost db !user root
  Port 5
Match final !user deploy
  HostKeyAlias last
Match canonical all
  ConnectionAttempts 3
Match user deploy,me
  IdentityFile /of-deploy
  Tag seen
`;

test('sections look at what is known when they are reached, and at commands', () => {
  const said = directory.at('said');
  const config = chosen(said);
  expect(resolve(config, { name: 'web1' })).toMatchObject({
    ...{ hostName: 'web1.internal', user: 'deploy', port: 2222, timeoutMs: 33_000, keepaliveMs: 7000 },
    ...{ keepaliveCount: 9, hostKeyAlias: undefined, attempts: 3, identityFiles: ['/of-web', '/of-deploy'] },
  });
  expect(resolve(config, { name: 'web2' })).toMatchObject({ port: 22, timeoutMs: 10_000 });
  expect(resolve(config, { name: 'db', user: 'me' })).toMatchObject({
    ...{ hostName: 'db', port: 5, keepaliveMs: 30_000, keepaliveCount: 3, hostKeyAlias: 'last', attempts: 3 },
  });
  // What the second reading asks again is not run again; nor is what stands behind a criterion that does not hold.
  expect(directory.read('said')).toBe('web1.internal 2222 deploy\nweb2.internal 22 deploy\ndb 22 me\ndb 5 me\n');
  expect(resolve('Tag mine\nMatch tagged m*\n  Port 6\n').port).toBe(6);
  expect(() => resolve('Match localnetwork 10.0.0.0/8\n  Port 7\n')).toThrow("'Match localnetwork' in");
});

test.each([
  [{ name: 'web;touch x' }, 'ProxyCommand nc %h 22\n'],
  [{ name: 'web$(touch x)' }, 'Match exec "test %n = web"\n  Port 1\n'],
  [{ name: '-oProxyCommand=x' }, 'ProxyCommand ssh bastion -W %n:22\n'],
  [{ user: 'me`x`' }, 'ProxyCommand nc -X %r %h\n'],
  [{ user: 'me -x' }, 'Match exec "id %r"\n  Port 1\n'],
])('a name that a shell would not take for a word is in no command: %j', (request, config) => {
  expect(() => resolve(config, request)).toThrow('is not put into a command for the shell');
  expect(resolve('ProxyCommand nc bastion %p\n', request).proxyCommand).toBe('nc bastion 22');
});

test('names of users with a domain are words', () => {
  expect(resolve('ProxyCommand nc %h "%r"\n', { user: 'DOM\\me$' }).proxyCommand).toBe('nc web "DOM\\me$"');
  expect(() => resolve('Match constructor x\n')).toThrow("'Match constructor' in");
});

test.each([['web1'], ['web2'], ['db'], ['other.internal']])('OpenSSH chooses the same for %s', (name) => {
  const path = directory.write('as-openssh', chosen('/dev/null').replace(/ {2}Tag .*\n/, ''));
  const told = execFileSync('ssh', ['-F', path, '-G', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const all = (option: string): string[] =>
    [...told.matchAll(new RegExp(`^${option} (.*)$`, 'gm'))].map(([, value]) => value!);
  const text = (option: string): string | undefined => all(option)[0];
  const mine = resolve(chosen('/dev/null'), { name });
  expect({ ...mine, identityFiles: mine.hasDefaultIdentities ? [] : mine.identityFiles }).toMatchObject({
    hostName: text('hostname'),
    user: text('user'),
    port: Number(text('port')),
    attempts: Number(text('connectionattempts')),
    hostKeyAlias: text('hostkeyalias'),
    identityFiles: all('identityfile').filter((file) => !file.startsWith('~')),
    ...(text('connecttimeout') === 'none' ? {} : { timeoutMs: Number(text('connecttimeout')) * 1000 }),
    ...(text('serveraliveinterval') === '0' ? {} : { keepaliveMs: Number(text('serveraliveinterval')) * 1000 }),
    keepaliveCount: Number(text('serveralivecountmax')),
  });
});

test('tokens and homes are expanded in paths', () => {
  const settings = resolve('IdentityFile ~/.ssh/%r@%h\nIdentityFile "%d/a b"\nUserKnownHostsFile ~/one "two words"\n', {
    user: 'me',
  });
  expect(settings.identityFiles).toEqual([`${homedir()}/.ssh/me@web`, `${homedir()}/a b`]);
  expect(settings.userKnownHosts).toEqual([`${homedir()}/one`, 'two words']);
  expect(resolve('ProxyCommand nc -X 5 %h %p "%r" %%\n', { port: 5, user: 'me' }).proxyCommand).toBe(
    'nc -X 5 web 5 "me" %',
  );
});

test('jump hosts are read with users, ports and IPv6 addresses', () => {
  expect(parseJump('me@bastion:2222')).toEqual({ name: 'bastion', user: 'me', port: 2222 });
  expect(parseJump('[fe80::1]:22')).toEqual({ name: 'fe80::1', user: undefined, port: 22 });
  expect(parseJump('::1')).toEqual({ name: '::1', user: undefined, port: undefined });
  expect(parseJump('ssh://me@bastion:1')).toEqual({ name: 'bastion', user: 'me', port: 1 });
  expect(() => parseJump('a b:c:d')).toThrow('is no jump host');
  expect(resolve('ProxyJump a,b:1\n').jumps).toEqual(['a', 'b:1']);
  expect(resolve('ProxyJump none\nProxyCommand none\n')).toMatchObject({ jumps: [], proxyCommand: undefined });
});

test('host key checking follows the setting and the file', () => {
  expect(resolve('').hostKeyPolicy).toBe('strict');
  expect(resolve('StrictHostKeyChecking accept-new\n').hostKeyPolicy).toBe('accept-new');
  expect(resolve('StrictHostKeyChecking yes\n', { hostKeyChecking: false }).hostKeyPolicy).toBe('off');
});

test('algorithms can be replaced, added, taken away and preferred; known host keys come first', () => {
  const known = { name: 'web', entries: [] };
  const cipher = (config: string): string[] => offeredAlgorithms(resolve(config), known).cipher as string[];
  expect(cipher('Ciphers aes256-ctr,nonsense\n')).toEqual(['aes256-ctr']);
  expect(cipher('Ciphers ^aes256-ctr\n').slice(0, 2)).toEqual(['aes256-ctr', 'aes128-gcm@openssh.com']);
  expect(cipher('Ciphers +3des-cbc\n')).toContain('3des-cbc');
  expect(cipher('Ciphers -*gcm*\n')).not.toContain('aes128-gcm@openssh.com');
  const entry = {
    marker: '',
    names: 'web',
    type: 'ssh-rsa',
    key: '',
    origin: { file: '', line: 1, column: 1 },
  } as const;
  const { serverHostKey } = offeredAlgorithms(resolve(''), { name: 'web', entries: [entry] });
  expect((serverHostKey as string[]).slice(0, 4)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa', 'ssh-ed25519']);
});
