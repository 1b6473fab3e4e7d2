import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MusterError, UsageError } from '../../errors/index.ts';
import { parseAddress, unitText } from '../../schedule/daemon/index.ts';
import { musterProgram } from '../../schedule/program.ts';
import { loadSchedules } from '../../schedule/source/index.ts';
import type { FileOption } from './open.ts';

interface InstallOptions extends FileOption {
  readonly print?: boolean;
  readonly user?: boolean;
  readonly name: string;
  readonly listen?: string;
}

/** Writes the unit that runs the daemon, or shows it. */
export const scheduleInstall = async (options: InstallOptions): Promise<void> => {
  const isUser = options.user ?? false;
  if (!/^[\w.@-]+$/.test(options.name)) {
    throw new UsageError({
      message: `--name cannot be '${options.name}'`,
      expected: 'letters, digits, dots and dashes',
    });
  }
  if (options.listen !== undefined) parseAddress(options.listen);
  const { file, folder } = loadSchedules(options.file);
  const text = unitText({ program: musterProgram(), file, folder, listen: options.listen, isUser });
  if (options.print) {
    process.stdout.write(text);
    return;
  }
  const name = `${options.name.replace(/\.service$/, '')}.service`;
  const directory = isUser
    ? join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'systemd/user')
    : '/etc/systemd/system';
  const path = join(directory, name);
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(path, text, { mode: 0o644 });
  } catch (error) {
    throw new MusterError({
      message: `the unit cannot be written: ${error instanceof Error ? error.message : error}`,
      hint: isUser ? undefined : 'it takes root; --user installs it for yourself, --print only shows it',
    });
  }
  const systemctl = isUser ? ['systemctl', '--user'] : ['systemctl'];
  if (existsSync('/run/systemd/system')) {
    const [command, ...words] = systemctl;
    await promisify(execFile)(command!, [...words, 'daemon-reload']).catch(() => {});
  }
  process.stdout.write(`${path} is written; '${systemctl.join(' ')} enable --now ${name}' starts it\n`);
};
