import { accessSync, constants, statSync } from 'node:fs';

/** Whether there is something at the path that can be read. */
export const isReadableFile = (path: string): boolean => canAccess(path, constants.R_OK);

export const isExecutable = (path: string): boolean => canAccess(path, constants.X_OK);

export const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const canAccess = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};
