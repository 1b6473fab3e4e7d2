import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Channel, LocalTransport, quote } from '../../runner/connection/index.ts';
import { type ModuleHost, openModuleHost } from './module-host.ts';

/** This machine as a host, with shell scripts in place of some of its commands; `$FAKE` is a folder for their state. */
class FakeCommandsTransport extends LocalTransport {
  readonly #folder: string;

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  override exec(command: string): Promise<Channel> {
    const bin = quote(join(this.#folder, 'bin'));
    return super.exec(`FAKE=${quote(this.#folder)} PATH=${bin}:$PATH; export FAKE PATH; ${command}`);
  }
}

/** Opens the host; `commands` are the bodies of the scripts by the name of the command. */
export const openFakeHost = async (folder: string, commands: Readonly<Record<string, string>>): Promise<ModuleHost> => {
  await mkdir(join(folder, 'bin'), { recursive: true });
  for (const [name, body] of Object.entries(commands)) {
    const path = join(folder, 'bin', name);
    await writeFile(path, `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
  }
  return openModuleHost(new FakeCommandsTransport(folder));
};
