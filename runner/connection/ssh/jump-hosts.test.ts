import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal, type SpecChanges, say, withPool } from '../../../test/support/connections.ts';
import { openSshd, type Sshd } from '../../../test/support/sshd.ts';
import { sshdForTests } from '../../../test/support/sshd-for-tests.ts';
import type { ConnectionSpec } from '../connection-spec.ts';

const server = sshdForTests();
const { file, spec } = server;

describe('jump hosts and configuration files', () => {
  let inner: Sshd;
  beforeAll(async () => {
    inner = await openSshd();
    await appendFile(join(inner.directory, 'authorized_keys'), await readFile(`${server.sshd.privateKey}.pub`));
    await writeFile(
      file('both_known'),
      (await readFile(server.sshd.knownHosts, 'utf8')) + (await readFile(inner.knownHosts, 'utf8')),
    );
    await writeFile(
      file('ssh_config'),
      `Include ${file('included-*')}
Host bastion
  HostName 127.0.0.1
  Port ${server.sshd.port}
Host inner inner2
  HostName 127.0.0.1
  Port ${inner.port}
  ProxyJump bastion
Host inner2
  HostKeyAlias ignored
Match host 127.0.0.* originalhost nothing
  Port 1
Host *
  User ${process.env.USER ?? 'root'}
  IdentityFile ${server.sshd.privateKey}
  IdentityAgent none
  UserKnownHostsFile ${file('both_known')}
`,
    );
    await writeFile(file('included-1'), 'Host commanded\n  ProxyCommand nc %h %p\n  HostName 127.0.0.1\n');
    await appendFile(file('included-1'), `  Port ${inner.port}\nHost circle\n  ProxyJump circle\n`);
  });
  afterAll(() => inner.close());

  const byConfig = (address: string, changes: SpecChanges = {}): ConnectionSpec =>
    spec({
      address,
      port: undefined,
      user: undefined,
      privateKeyFile: undefined,
      sshArgs: [`-F ${file('ssh_config')}`],
      ...changes,
    });

  test('a host that is named in the file only', () =>
    withPool(async (pool) =>
      expect(await say(pool, byConfig('bastion'), 'echo "$SSH_CONNECTION"')).toContain(` ${server.sshd.port}`),
    ));

  test('a host behind a jump host, which all share', async () => {
    const logins = async (): Promise<number> => (await server.sshd.log()).split('Accepted publickey').length - 1;
    const before = await logins();
    await withPool(async (pool) => {
      const hosts = ['a', 'b', 'c'].map((host) => say(pool, byConfig('inner', { host }), 'echo "$SSH_CONNECTION"'));
      for (const said of await Promise.all(hosts)) expect(said).toMatch(new RegExp(` ${inner.port}$`));
    });
    expect((await logins()) - before).toBe(1);
  });

  test('a chain of jump hosts by arguments', () =>
    withPool(async (pool) => {
      const jumps = `-J bastion,${process.env.USER ?? 'root'}@127.0.0.1:${inner.port}`;
      const one = byConfig('bastion', { sshArgs: [`-F ${file('ssh_config')}`, jumps] });
      expect(await say(pool, one, 'echo "$SSH_CONNECTION"')).toContain(` ${server.sshd.port}`);
    }));

  test('a proxy command', async () => {
    const direct = `node -e "const s=require('net').connect(%p,'%h');process.stdin.pipe(s);s.pipe(process.stdout)"`;
    await withPool(async (pool) => {
      const one = byConfig('commanded', {
        sshArgs: [`-F ${file('ssh_config')}`, `-o ProxyCommand='${direct.replaceAll("'", `'\\''`)}'`],
      });
      expect(await say(pool, one)).toBe('hello');
    });
    const failing = byConfig('commanded', {
      sshArgs: [`-F ${file('ssh_config')}`, "-o ProxyCommand='echo nowhere to go >&2'"],
    });
    expect((await refusal(failing)).message).toContain('nowhere to go');
  });

  test('a jump host that cannot reach the host', async () => {
    const failure = await refusal(byConfig('inner', { port: 1 }));
    expect(failure.message).toBe('cannot reach 127.0.0.1 port 1 from the jump host: Connection refused');
    expect((await refusal(byConfig('circle'))).message).toContain('lead in a circle');
  });

  test('Match asks commands of this machine; a criterion that is not known is refused by name', async () => {
    const way = (criterion: string): string =>
      `Match originalhost asked ${criterion}\n  HostName 127.0.0.1\nInclude ${file('ssh_config')}\nPort ${server.sshd.port}\n`;
    const one = (name: string): ConnectionSpec => byConfig('asked', { sshArgs: [`-F ${file(name)}`] });
    await writeFile(file('asking_config'), way('exec "test %n-%h = asked-asked"'));
    await withPool(async (pool) =>
      expect(await say(pool, one('asking_config'), 'echo "$SSH_CONNECTION"')).toContain(` ${server.sshd.port}`),
    );
    await writeFile(file('match_config'), way('localnetwork 10.0.0.0/8'));
    const failure = await refusal(one('match_config'));
    expect(failure.message).toBe(`'Match localnetwork' in ${file('match_config')} is not supported`);
  });

  test('what has no effect is told once, by name', async () => {
    const warnings: string[] = [];
    const one = spec({ args: ['-o Tunnel=yes -C -L 8080:localhost:80 -o ControlMaster=auto -o ControlPersist=60s'] });
    await withPool(
      async (pool) => {
        await say(pool, one);
        await say(pool, { ...one, host: 'web2' });
      },
      { warn: (message: string) => void warnings.push(message) },
    );
    expect(warnings).toEqual([
      "ssh argument '-L 8080:localhost:80' is not supported and has no effect",
      "ssh option 'tunnel' is not supported and has no effect",
    ]);
  });
});
