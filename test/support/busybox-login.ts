import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Settings of an ssh server whose logins find busybox only: its ash as the shell, and its applets as all commands, with
 * further programs by their paths. The folder is where links to them are put.
 */
export const busyboxLogin = async (folder: string, programs: readonly string[] = []): Promise<string[]> => {
  const applets = join(folder, 'applets');
  const login = join(folder, 'login');
  await mkdir(applets);
  await promisify(execFile)('busybox', ['--install', '-s', applets]);
  for (const program of programs) await symlink(program, join(applets, basename(program)));
  await writeFile(
    login,
    `#!${applets}/sh
PATH=${applets}
command=$(echo "$SSH_ORIGINAL_COMMAND" | sed 's#/bin/sh#${applets}/sh#g')
exec env -i HOME="$HOME" PATH="$PATH" ${applets}/sh -c "$command"
`,
    { mode: 0o755 },
  );
  return [`ForceCommand ${login}`];
};
