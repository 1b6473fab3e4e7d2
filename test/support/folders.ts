import { afterAll, afterEach } from 'vitest';
import { openFolder, type ScratchFolder } from './scratch-folder.ts';

/** A scratch folder that is made when something first asks for it, and removed at its time. */
export type TestFolder = Omit<ScratchFolder, 'remove'>;

/**
 * A folder for each test, removed after it; its path is to be read while tests run, since each has another one. To be
 * called at the top of a file of tests or of a `describe`, before hooks that use it. `prefix` begins its name and says
 * whose it is; `parent` is where it is made.
 */
export const folderForEachTest = (prefix: string, parent?: string): TestFolder =>
  folderUntil(afterEach, prefix, parent);

/** The same, but one folder for all tests of the file or the `describe`; its path may also be read outside of tests. */
export const folderForAllTests = (prefix: string, parent?: string): TestFolder => folderUntil(afterAll, prefix, parent);

const folderUntil = (atEnd: (work: () => void) => void, prefix: string, parent?: string): TestFolder => {
  let open: ScratchFolder | undefined;
  atEnd(() => {
    open?.remove();
    open = undefined;
  });
  const folder = (): ScratchFolder => {
    open ??= openFolder(prefix, parent);
    return open;
  };
  return {
    get path() {
      return folder().path;
    },
    at: (...names) => folder().at(...names),
    write: (...file) => folder().write(...file),
    read: (name) => folder().read(name),
    take: (name) => folder().take(name),
  };
};
