import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SigningKey } from './signing-key.ts';

const run = promisify(execFile);

export interface DebPackage {
  readonly name: string;
  readonly version: string;
  /** Further lines of its control file, e.g. `Depends: foo`. */
  readonly fields?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

/** A folder that apt can read as a `file:` repository, with small packages made on the spot. */
export interface DebRepository {
  readonly directory: string;
  /** The line for sources.list. */
  readonly source: string;
  path(name: string, version: string): string;
  close(): Promise<void>;
}

export const makeDebRepository = async (packages: readonly DebPackage[]): Promise<DebRepository> => {
  const directory = await mkdtemp(join(tmpdir(), 'muster-debs-'));
  // apt reads it as a user of its own.
  await chmod(directory, 0o755);
  const entries = await Promise.all(packages.map((made) => buildPackage(directory, made)));
  await writeFile(join(directory, 'Packages'), entries.join('\n'));
  return {
    directory,
    source: `deb [trusted=yes] file:${directory} ./`,
    path: (name, version) => join(directory, fileName(name, version)),
    close: () => rm(directory, { recursive: true, force: true }),
  };
};

/** What a web server has of such a repository, by name, with a signature; its line is `deb URL ./`. */
export const signedFiles = async ({ directory }: DebRepository, key: SigningKey): Promise<Map<string, string>> => {
  const names = await readdir(directory);
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(join(directory, name), 'latin1')] as const),
  );
  const packages = new Map(files).get('Packages')!;
  const hash = createHash('sha256').update(packages, 'latin1').digest('hex');
  const date = new Date().toUTCString().replace('GMT', '+0000');
  const release = `Date: ${date}\nSHA256:\n ${hash} ${packages.length} Packages\n`;
  return new Map([...files, ['InRelease', key.sign(release)]]);
};

const fileName = (name: string, version: string): string => `${name}_${version.replace(':', '%3a')}_all.deb`;

const buildPackage = async (directory: string, { name, version, fields, files }: DebPackage): Promise<string> => {
  const tree = await mkdtemp(join(tmpdir(), 'muster-deb-'));
  const control = [
    `Package: ${name}`,
    `Version: ${version}`,
    'Architecture: all',
    'Maintainer: Nobody <nobody@example.org>',
    ...(fields ?? []),
    `Description: made for tests`,
  ].join('\n');
  await mkdir(join(tree, 'DEBIAN'), { mode: 0o755 });
  await writeFile(join(tree, 'DEBIAN/control'), `${control}\n`);
  for (const [path, content] of Object.entries(files ?? {})) {
    const executable = path.startsWith('DEBIAN/') && path !== 'DEBIAN/conffiles';
    await mkdir(join(tree, path, '..'), { recursive: true });
    await writeFile(join(tree, path), content, { mode: executable ? 0o755 : 0o644 });
  }
  const file = join(directory, fileName(name, version));
  await run('dpkg-deb', ['--root-owner-group', '-Znone', '-b', tree, file]);
  await rm(tree, { recursive: true });
  const bytes = await readFile(file);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return `${control}\nFilename: ./${fileName(name, version)}\nSize: ${bytes.length}\nSHA256: ${hash}\n`;
};
