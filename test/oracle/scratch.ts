import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A directory's tree as lines: mode, path, and what is in it. */
export const describeTree = async (directory: string, path = ''): Promise<string[]> => {
  const lines: string[] = [];
  for (const name of (await readdir(join(directory, path))).sort()) {
    const inner = join(path, name);
    const full = join(directory, inner);
    const stats = await lstat(full);
    const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
    if (stats.isDirectory()) lines.push(`${mode} ${inner}/`, ...(await describeTree(directory, inner)));
    else if (stats.isSymbolicLink()) lines.push(`link ${inner} -> ${await readlink(full)}`);
    else lines.push(`${mode} ${inner} ${JSON.stringify(await readFile(full, 'utf8'))}`);
  }
  return lines;
};
