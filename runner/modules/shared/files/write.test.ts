import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ModuleHost, openModuleHost } from '../../../../test/support/module-host.ts';
import { type Channel, LocalTransport, quote } from '../../../connection/index.ts';
import copy from '../../copy.ts';
import file from '../../file.ts';
import lineinfile from '../../lineinfile.ts';

/** This machine, with every command run through another one: as another user, or among other mounts. */
class WrappedTransport extends LocalTransport {
  readonly #wrap: (command: string) => string;
  constructor(wrap: (command: string) => string) {
    super();
    this.#wrap = wrap;
  }
  override exec(command: string): Promise<Channel> {
    return super.exec(this.#wrap(command));
  }
}

const asNobody = (command: string): string =>
  `cd /; exec setpriv --reuid=65534 --regid=65534 --clear-groups /bin/sh -c ${quote(command)}`;

let host: ModuleHost;
const at = (name: string): string => join(host.directory, name);
afterEach(() => host.close());

describe('as a user without privileges', () => {
  const open = async (): Promise<void> => {
    host = await openModuleHost(new WrappedTransport(asNobody));
    chmodSync(host.directory, 0o755);
    mkdirSync(at('own'));
    chownSync(at('own'), 65534, 65534);
  };

  it('writes where it may, and keeps the group that it may not set', async () => {
    await open();
    writeFileSync(at('own/f'), 'old', { mode: 0o640 });
    expect(await host.run(copy, { content: 'new', dest: at('own/f') })).toMatchObject({
      changed: true,
      owner: 'nobody',
      mode: '0640',
    });
    const large = 'x'.repeat(100_000);
    expect(await host.run(copy, { content: large, dest: at('own/large') })).toMatchObject({ size: 100_000 });
  });

  it('names what it may not do, and leaves nothing behind', async () => {
    await open();
    writeFileSync(at('f'), 'old');
    expect((await host.run(copy, { content: 'x', dest: at('new') })).msg).toBe(
      `Destination ${host.directory} not writable`,
    );
    expect((await host.run(copy, { content: 'x', dest: at('own/f'), owner: 'root' })).msg).toBe(
      'chown failed: Operation not permitted',
    );
    expect((await host.run(file, { path: at('f'), mode: '0600' })).msg).toBe('chmod failed');
    expect((await host.run(file, { path: at('d'), state: 'directory' })).msg).toContain('[Errno 13] Permission denied');
    expect((await host.run(lineinfile, { path: at('f'), line: 'x' })).msg).toContain(
      `The destination directory (${host.directory}) is not writable by the current user.`,
    );
    expect(readdirSync(host.directory).sort()).toEqual(['f', 'own']);
    expect(readdirSync(at('own'))).toEqual([]);
    expect(readFileSync(at('f'), 'utf8')).toBe('old');
  });

  it('writes over a file in place with unsafe_writes', async () => {
    await open();
    writeFileSync(at('f'), 'old');
    chmodSync(at('f'), 0o666);
    const inode = statSync(at('f')).ino;
    expect(await host.run(copy, { content: 'new', dest: at('f'), unsafe_writes: true })).toMatchObject({
      changed: true,
    });
    expect([readFileSync(at('f'), 'utf8'), statSync(at('f')).ino]).toEqual(['new', inode]);
    await host.run(lineinfile, { path: at('f'), line: 'x', unsafe_writes: true });
    expect(readFileSync(at('f'), 'utf8')).toBe('new\nx\n');
  });
});

describe('a file that is a mount point', () => {
  const open = async (): Promise<void> => {
    host = await openModuleHost(
      new WrappedTransport(
        (command) => `exec unshare -m /bin/sh -c ${quote(`mount --bind ${at('f')} ${at('f')} || exit; ${command}`)}`,
      ),
    );
    writeFileSync(at('f'), 'old');
  };

  it('is written in place with unsafe_writes only', async () => {
    await open();
    expect((await host.run(copy, { content: 'new', dest: at('f') })).msg).toContain('Device or resource busy');
    expect(readdirSync(host.directory)).toEqual(['f']);
    expect(await host.run(copy, { content: 'new', dest: at('f'), unsafe_writes: true })).toMatchObject({
      changed: true,
    });
    expect(readFileSync(at('f'), 'utf8')).toBe('new');
    expect(readdirSync(host.directory)).toEqual(['f']);
  });
});
