import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SpecChanges, say, sshSpec, withPool } from '../../../test/support/connections.ts';
import { addTestUser, freePort, isRoot, openSshd, type Sshd, type TestUser } from '../../../test/support/sshd.ts';
import { MusterError } from '../../errors/index.ts';
import type { ConnectionSpec } from '../connection-spec.ts';

const execute = promisify(execFile);

let sshd: Sshd;
beforeAll(async () => {
  sshd = await openSshd(['UsePAM yes', 'PasswordAuthentication yes', 'KbdInteractiveAuthentication no']);
});
afterAll(() => sshd.close());

const spec = (changes: SpecChanges = {}): ConnectionSpec => sshSpec(sshd, changes);
const file = (name: string): string => join(sshd.directory, name);
const makeKey = async (name: string, ...args: string[]): Promise<string> => {
  await execute('ssh-keygen', ['-q', '-N', '', '-f', file(name), ...args]);
  await appendFile(file('authorized_keys'), await readFile(file(`${name}.pub`)));
  return file(name);
};
const failureOf = (work: Promise<unknown>): Promise<MusterError> =>
  work.then(
    () => {
      throw new Error('this should have failed');
    },
    (error) => {
      if (!(error instanceof MusterError)) throw error;
      return error;
    },
  );
const refusal = (one: ConnectionSpec, options = {}): Promise<MusterError> =>
  withPool((pool) => failureOf(say(pool, one)), options);

describe('keys', () => {
  test.each([
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['ecdsa', ['-t', 'ecdsa']],
    ['rsa as PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ])('log in: %s', async (name, args) => {
    const key = await makeKey(name.replaceAll(' ', '-'), ...args);
    await withPool(async (pool) => expect(await say(pool, spec({ privateKeyFile: key }))).toBe('hello'));
  });

  test.each([
    ['OpenSSH', []],
    ['PEM', ['-m', 'PEM']],
  ])('with a passphrase: %s', async (name, args) => {
    const key = file(`secret-${name}`);
    await execute('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', 'open sesame', '-f', key, ...args]);
    await appendFile(file('authorized_keys'), await readFile(`${key}.pub`));
    const locked = spec({ privateKeyFile: key });
    await withPool(async (pool) => {
      expect(await say(pool, { ...locked, passphrase: 'open sesame' })).toBe('hello');
    });
    const asked: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return 'open sesame';
    };
    await withPool(
      async (pool) => {
        const hosts = ['a', 'b', 'c'].map((host) => say(pool, { ...locked, host }));
        expect(await Promise.all(hosts)).toEqual(['hello', 'hello', 'hello']);
      },
      { ask },
    );
    expect(asked).toEqual([`Passphrase of ${key}: `]);
    const failure = await refusal(locked);
    expect(failure.message).toMatch(/Permission denied \(publickey,password\)/);
    expect(failure.problems[0]?.hint).toContain(`key ${key} (it needs a passphrase)`);
    expect((await refusal({ ...locked, passphrase: 'wrong' })).problems[0]?.hint).toContain('the passphrase is wrong');
  });

  test('that are no keys, or not there, are named', async () => {
    await writeFile(file('nonsense'), 'this is no key\n');
    expect((await refusal(spec({ privateKeyFile: file('nonsense') }))).problems[0]?.hint).toContain(
      `key ${file('nonsense')} (it is no private key)`,
    );
    expect((await refusal(spec({ privateKeyFile: file('absent') }))).problems[0]?.hint).toContain(
      'there is no such file',
    );
    expect((await refusal(spec({ privateKeyFile: `${sshd.privateKey}.pub` }))).problems[0]?.hint).toContain(
      'it is a public key; name the private one',
    );
  });

  test('of an agent log in, also for files that need a passphrase, and only named ones where that is wished', async () => {
    const socket = file('agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      const key = await makeKey('held', '-t', 'ed25519');
      await expect.poll(() => readFile(socket).catch((error) => error.code)).toBe('ENXIO');
      await execute('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      await rm(key);
      const held = spec({ privateKeyFile: undefined, args: [`-o IdentityAgent=${socket} -o IdentityFile=none`] });
      await withPool(async (pool) => expect(await say(pool, held)).toBe('hello'));
      const only = { ...held, sshArgs: ['-o IdentitiesOnly=yes', `-o IdentityFile=${key}`, ...held.sshArgs] };
      await withPool(async (pool) => expect(await say(pool, only)).toBe('hello'));
      const other = {
        ...held,
        sshArgs: ['-o IdentitiesOnly=yes', `-o IdentityFile=${file('absent')}`, ...held.sshArgs],
      };
      expect((await refusal(other)).message).toContain('Permission denied');
    } finally {
      agent.kill();
    }
  });

  test('are forwarded where ForwardAgent says so', async () => {
    const socket = file('agent2');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await expect.poll(() => readFile(socket).catch((error) => error.code)).toBe('ENXIO');
      await execute('ssh-add', ['-q', sshd.privateKey], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      const one = spec({ args: [`-o IdentityAgent=${socket}`, '-o ForwardAgent=yes'] });
      await withPool(async (pool) => expect(await say(pool, one, 'ssh-add -l')).toContain('ED25519'));
    } finally {
      agent.kill();
    }
  });
});

describe.runIf(isRoot)('passwords (needs root, to make a user)', () => {
  let user: TestUser;
  let keyboard: Sshd;
  beforeAll(async () => {
    user = await addTestUser();
    keyboard = await openSshd(['UsePAM yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication yes']);
  });
  afterAll(async () => {
    await user.close();
    await keyboard.close();
  });
  const byPassword = (changes: SpecChanges = {}): ConnectionSpec =>
    spec({
      user: user.name,
      password: user.password,
      privateKeyFile: undefined,
      args: ['-o IdentityFile=none'],
      ...changes,
    });

  test('log in', () => withPool(async (pool) => expect(await say(pool, byPassword(), 'id -un')).toBe(user.name)));

  test('log in by keyboard-interactive', () =>
    withPool(async (pool) => {
      const one = sshSpec(keyboard, {
        user: user.name,
        password: user.password,
        privateKeyFile: undefined,
        args: ['-o IdentityFile=none'],
      });
      expect(await say(pool, one, 'id -un')).toBe(user.name);
    }));

  test('that are wrong are tried once, and the message shows none', async () => {
    const failure = await refusal(byPassword({ password: 'not-this-one' }));
    expect(failure.message).toBe(`${user.name}@127.0.0.1: Permission denied (publickey,password)`);
    expect(failure.problems[0]?.hint).toContain('tried: password;');
    expect(JSON.stringify(failure.problems)).not.toContain('not-this-one');
    const log = await sshd.log();
    expect(log.split('\n').filter((line) => line.startsWith(`Failed password for ${user.name}`))).toHaveLength(1);
  });

  test('are not asked for where a key is wrong, as ssh is told by Ansible', async () => {
    const ask = (): Promise<string> => Promise.reject(new Error('nobody is to be asked'));
    expect((await refusal(byPassword({ password: undefined }), { ask })).message).toContain('Permission denied');
  });

  test('and a key, where the server wants both; the password is asked for', async () => {
    const both = await openSshd(['UsePAM yes', 'AuthenticationMethods publickey,password']);
    try {
      const one = sshSpec(both, { user: user.name, password: user.password });
      await withPool(async (pool) => expect(await say(pool, one, 'id -un')).toBe(user.name));
      const questions: string[] = [];
      const ask = async (question: string): Promise<string> => {
        questions.push(question);
        return user.password;
      };
      await withPool(
        async (pool) => expect(await say(pool, { ...one, password: undefined }, 'id -un')).toBe(user.name),
        { ask },
      );
      expect(questions).toEqual([`Password of ${user.name}@127.0.0.1: `]);
    } finally {
      await both.close();
    }
  });
});

describe('host keys', () => {
  const withKnownHosts = async (text: string, changes: SpecChanges = {}): Promise<ConnectionSpec> => {
    const path = file(`known-${Math.random()}`);
    await writeFile(path, text);
    return spec({ ...changes, args: [`-o UserKnownHostsFile=${path}`, ...(changes.args ?? [])] });
  };
  const ed25519 = async (): Promise<string> => (await readFile(sshd.hostKeys.ed25519, 'utf8')).trim();
  const rsa = async (): Promise<string> => (await readFile(sshd.hostKeys.rsa, 'utf8')).trim();
  const accepted = async (one: ConnectionSpec): Promise<void> =>
    withPool(async (pool) => expect(await say(pool, one)).toBe('hello'));

  test('that are unknown are refused with their fingerprint', async () => {
    const failure = await refusal(await withKnownHosts('# nothing\n'));
    const { stdout } = await execute('ssh-keygen', ['-lf', sshd.hostKeys.ed25519]);
    expect(failure.constructor.name).toBe('UnreachableError');
    expect(failure.message).toBe(
      `the host key of [127.0.0.1]:${sshd.port} is not known: ED25519 ${stdout.split(' ')[1]}`,
    );
    expect(failure.problems[0]?.hint).toContain(`ssh-keyscan -p ${sshd.port} 127.0.0.1 >> `);
  });

  test('that are known are accepted: hashed, by pattern, of another kind, in a second file', async () => {
    const plain = `[127.0.0.1]:${sshd.port} ${await ed25519()}\n`;
    const hashed = file('hashed');
    await writeFile(hashed, plain);
    await execute('ssh-keygen', ['-q', '-H', '-f', hashed]);
    expect(await readFile(hashed, 'utf8')).toMatch(/^\|1\|/);
    await accepted(spec({ args: [`-o UserKnownHostsFile=${hashed}`] }));
    await accepted(await withKnownHosts(`[127.0.*]:${sshd.port},!other ${await ed25519()}\n`));
    await accepted(await withKnownHosts(`[127.0.0.1]:${sshd.port} ${await rsa()}\n`));
    await accepted(spec({ args: [`-o UserKnownHostsFile="/nonexistent ${hashed}"`] }));
    await accepted(await withKnownHosts(`my-alias ${await ed25519()}\n`, { args: ['-o HostKeyAlias=my-alias'] }));
  });

  test('that have changed are refused, with the place of the old one', async () => {
    const other = (await readFile(`${sshd.privateKey}.pub`, 'utf8')).trim();
    const one = await withKnownHosts(`# first line\n[127.0.0.1]:${sshd.port} ${other}\n`);
    const failure = await refusal(one);
    expect(failure.message).toMatch(/^the host key of \[127\.0\.0\.1\]:\d+ has changed: it is now ED25519 SHA256:/);
    expect(failure.message).toMatch(/not the key in .*known-0\.\d+:2:1 \(SHA256:/);
    expect(failure.problems[0]?.hint).toContain('ssh-keygen -f ');
    const accepting = { ...one, sshArgs: ['-o StrictHostKeyChecking=accept-new', ...one.sshArgs] };
    expect((await refusal(accepting)).message).toContain('has changed');
    await accepted({ ...one, hostKeyChecking: false });
  });

  test('that are revoked are refused, and authorities named', async () => {
    const revoked = await refusal(
      await withKnownHosts(`@revoked * ${await ed25519()}\n[127.0.0.1]:${sshd.port} ${await ed25519()}\n`),
    );
    expect(revoked.message).toMatch(/is revoked$/);
    const authority = await refusal(await withKnownHosts(`@cert-authority * ${await ed25519()}\n`));
    expect(authority.message).toContain('known by a certificate authority only');
  });

  test('that are new are noted with accept-new, once', async () => {
    const path = file('fresh/known_hosts');
    const one = spec({ args: [`-o UserKnownHostsFile=${path}`, '-o StrictHostKeyChecking=accept-new'] });
    await withPool(async (pool) => {
      await Promise.all(['a', 'b'].map((host) => say(pool, { ...one, host })));
      await say(pool, { ...one, host: 'c' });
    });
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    expect(new Set(lines)).toEqual(
      new Set([`[127.0.0.1]:${sshd.port} ${(await ed25519()).split(' ').slice(0, 2).join(' ')}`]),
    );
    await accepted(spec({ args: [`-o UserKnownHostsFile=${path}`] }));
    const hashed = file('fresh/hashed');
    const options = ['-o HashKnownHosts=yes', `-o UserKnownHostsFile=${hashed}`];
    await accepted(spec({ args: [...options, '-o StrictHostKeyChecking=accept-new'] }));
    expect(await readFile(hashed, 'utf8')).toMatch(/^\|1\|/);
    await accepted(spec({ args: options }));
  });
});

describe('jump hosts and configuration files', () => {
  let inner: Sshd;
  beforeAll(async () => {
    inner = await openSshd();
    await appendFile(join(inner.directory, 'authorized_keys'), await readFile(`${sshd.privateKey}.pub`));
    await writeFile(
      file('both_known'),
      (await readFile(sshd.knownHosts, 'utf8')) + (await readFile(inner.knownHosts, 'utf8')),
    );
    await writeFile(
      file('ssh_config'),
      `Include ${file('included-*')}
Host bastion
  HostName 127.0.0.1
  Port ${sshd.port}
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
  IdentityFile ${sshd.privateKey}
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
      expect(await say(pool, byConfig('bastion'), 'echo "$SSH_CONNECTION"')).toContain(` ${sshd.port}`),
    ));

  test('a host behind a jump host, which all share', async () => {
    const logins = async (): Promise<number> => (await sshd.log()).split('Accepted publickey').length - 1;
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
      expect(await say(pool, one, 'echo "$SSH_CONNECTION"')).toContain(` ${sshd.port}`);
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

  test('Match exec is refused by name', async () => {
    await writeFile(file('match_config'), 'Match host 127.0.0.1 exec "touch /tmp/never"\n  User nobody\n');
    const failure = await refusal(spec({ sshArgs: [`-F ${file('match_config')}`] }));
    expect(failure.message).toBe(`'Match exec' in ${file('match_config')} is not supported`);
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

describe('hosts that cannot be reached', () => {
  test('refuse, at once', async () => {
    const port = await freePort();
    expect((await refusal(spec({ port }))).message).toBe(
      `cannot connect to 127.0.0.1 port ${port}: connection refused`,
    );
  });

  test('have no address', async () => {
    const failure = await refusal(spec({ address: 'no-such-host.invalid' }));
    expect(failure.message).toContain('cannot resolve the name no-such-host.invalid');
    expect(failure.problems[0]?.hint).toContain('ansible_host');
  });

  test('say nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const started = Date.now();
    const failure = await refusal(spec({ port, timeout: 1 }));
    expect(failure.message).toBe(`the ssh handshake on 127.0.0.1 port ${port} timed out after 1 s`);
    expect(Date.now() - started).toBeLessThan(2500);
    silent.close();
  });

  test('are tried again when they drop the connection or come up late', async () => {
    let count = 0;
    const dropping = createServer((socket) => {
      count++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(dropping, 'listening');
    const { port } = dropping.address() as { port: number };
    expect((await refusal(spec({ port }))).message).toContain('closed the connection before the login');
    expect(count).toBe(4);
    dropping.close();
    await once(dropping, 'close');
    const { port: late } = sshd;
    expect(late).toBeGreaterThan(0);
    expect((await refusal(spec({ port }), { retries: 2 })).message).toContain('connection refused');
  });

  test('speak something else', async () => {
    const other = createServer((socket) => socket.end('220 mail ready\r\n')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    expect((await refusal(spec({ port }))).constructor.name).toMatch(/UnreachableError|HandshakeError/);
    other.close();
  });
});

test('other connections are refused by name', async () => {
  expect((await refusal(spec({ connection: 'community.docker.docker' }))).message).toBe(
    "connection 'community.docker.docker' is not supported",
  );
  expect((await refusal(spec({ connection: 'winrm' }))).problems[0]?.hint).toBe('Windows hosts are not supported');
  await withPool(async (pool) =>
    expect(await say(pool, spec({ connection: 'ansible.builtin.paramiko_ssh' }))).toBe('hello'),
  );
});

describe.runIf(isRoot)('login shells (needs root, to make users)', () => {
  test.each(['/bin/bash', '/usr/bin/fish', '/bin/csh'])('%s, with a start file that prints', async (shell) => {
    await execute(shell, ['-c', 'true']).catch(() => {
      throw new Error(`this test needs ${shell} (Debian packages fish and tcsh)`);
    });
    const user = await addTestUser({ shell });
    try {
      const noise = 'echo "Welcome to this host"\n';
      await Promise.all([
        writeFile(join(user.home, '.bashrc'), `${noise}echo 'and "hello" again' >&2\n`),
        writeFile(join(user.home, '.cshrc'), noise),
        mkdir(join(user.home, '.config/fish'), { recursive: true }).then(() =>
          writeFile(join(user.home, '.config/fish/config.fish'), noise),
        ),
      ]);
      await withPool(async (pool) => {
        const one = spec({ user: user.name });
        expect(await say(pool, one, "echo 'it'\\''s me'; id -un")).toBe(`it's me\n${user.name}`);
        const target = await pool.target(one);
        const path = `${await target.temporaryDirectory()}/it's $HOME.txt`;
        await target.put(Buffer.from('content'), path);
        const copy = file('copy');
        const { createWriteStream } = await import('node:fs');
        await target.get(path, createWriteStream(copy));
        expect(await readFile(copy, 'utf8')).toBe('content');
      });
    } finally {
      await user.close();
    }
  });

  test('that admit nobody are named', async () => {
    const user = await addTestUser({ shell: '/usr/sbin/nologin' });
    try {
      const failure = await refusal(spec({ user: user.name }));
      expect(failure.constructor.name).toBe('UnreachableError');
      expect(failure.message).toContain('This account is currently not available');
    } finally {
      await user.close();
    }
  });
});
