import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder for files that are thrown away. */
export interface ScratchFolder {
  /** Where it is, with no symbolic link in it. */
  readonly path: string;
  /** The path of something in it, whether it is there or not. */
  at(...names: string[]): string;
  /** Writes a file into it, with the folders that lead to it; gives back the file's path. */
  write(name: string, content: string | Uint8Array, mode?: number): string;
  /** The text of a file in it; none where there is no file, as before a program has written its first line. */
  read(name: string): string;
  /** The same, and the file is removed. */
  take(name: string): string;
  /** Removes it with all that is in it, also what cannot be read, and while a process still writes there. */
  remove(): void;
}

/** Makes one below `parent`, the system's folder for temporary files where none is given; `prefix` begins its name. */
export const openFolder = (prefix: string, parent = tmpdir()): ScratchFolder => {
  const path = realpathSync(mkdtempSync(join(parent, prefix)));
  const at = (...names: string[]): string => join(path, ...names);
  const read = (name: string): string => {
    try {
      return readFileSync(at(name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  };
  return {
    path,
    at,
    write: (name, content, mode) => {
      const file = at(name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      if (mode !== undefined) chmodSync(file, mode);
      return file;
    },
    read,
    take: (name) => {
      const text = read(name);
      rmSync(at(name), { force: true });
      return text;
    },
    remove: () => {
      try {
        remove(path);
      } catch {
        openFolders(path);
        remove(path);
      }
    },
  };
};

const remove = (path: string): void => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

// A folder that cannot be read, entered or written to keeps what is in it from being removed.
const openFolders = (path: string): void => {
  chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(path, entry.name));
  }
};
