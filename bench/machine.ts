import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** What the bench ran on, in a line: processor, memory, system, and the versions of everything that took part. */
export const describeMachine = (): string =>
  [
    `${cpus().length} x ${cpus()[0]?.model.trim() || 'unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    systemName(),
    `Linux ${release()}`,
    `Node.js ${process.version}`,
    said('ssh', ['-V'])?.split(',')[0],
    said('ansible-playbook', ['--version'])?.split('\n')[0]?.replace(/[[\]]/g, ''),
    packageVersion('ansible-mitogen'),
  ]
    .filter(Boolean)
    .join(', ');

const systemName = (): string | undefined => {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
};

const said = (program: string, args: string[]): string | undefined => {
  try {
    // OpenSSH tells its version on standard error.
    return execFileSync('sh', ['-c', '"$0" "$@" 2>&1', program, ...args], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
};

const packageVersion = (name: string): string | undefined => {
  const version = said('dpkg-query', ['-W', '-f', '${Version}', name]);
  return version && `${name} ${version}`;
};
