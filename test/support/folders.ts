import {
  chmodSync,
  existsSync,
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
import { afterAll, afterEach } from 'vitest';

/** A scratch folder of tests; it is made when it is first asked for. */
export interface TestFolder {
  /** Where it is, with no symbolic link in it. To be read while tests run, since each test may have another one. */
  readonly path: string;
  /** The path of something in it, whether it is there or not. */
  at(...names: string[]): string;
  /** Writes a file into it, with the folders that lead to it; gives back the file's path. */
  write(name: string, content: string | Uint8Array, mode?: number): string;
  /** The text of a file in it, which is removed by that; none where there is no file, as before a fake command's first line. */
  take(name: string): string;
}

/**
 * A folder for each test, removed after it. To be called at the top of a file of tests or of a `describe`, before hooks
 * that use it. `prefix` begins its name and says whose it is; `parent` is where it is made.
 */
export const folderForEachTest = (prefix: string, parent?: string): TestFolder =>
  folderUntil(afterEach, prefix, parent);

/** The same, but one folder for all tests of the file or the `describe`; its path may also be read outside of tests. */
export const folderForAllTests = (prefix: string, parent?: string): TestFolder => folderUntil(afterAll, prefix, parent);

const folderUntil = (atEnd: (work: () => void) => void, prefix: string, parent = tmpdir()): TestFolder => {
  let made: string | undefined;
  atEnd(() => {
    if (made !== undefined) removeFolder(made);
    made = undefined;
  });
  const at = (...names: string[]): string => {
    made ??= realpathSync(mkdtempSync(join(parent, prefix)));
    return join(made, ...names);
  };
  return {
    get path() {
      return at();
    },
    at,
    write: (name, content, mode) => {
      const path = at(name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      if (mode !== undefined) chmodSync(path, mode);
      return path;
    },
    take: (name) => {
      const path = at(name);
      if (!existsSync(path)) return '';
      const text = readFileSync(path, 'utf8');
      rmSync(path);
      return text;
    },
  };
};

/** Removes a folder with all that is in it, also what a test made unreadable, and while a process still writes there. */
export const removeFolder = (path: string): void => {
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  try {
    remove();
  } catch {
    openFolders(path);
    remove();
  }
};

// A folder that cannot be read, entered or written to keeps what is in it from being removed.
const openFolders = (path: string): void => {
  chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(path, entry.name));
  }
};
