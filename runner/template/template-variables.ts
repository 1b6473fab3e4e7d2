import { readFileSync, statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { type Dict, localFields, naiveFields, PyDateTime, strftime, type Value } from '../values/index.ts';

/** The variables that only templates see: where they come from, when, and the `ansible_managed` line. */
export const templateVariables = (
  source: string,
  path: string,
  dest: string | null,
  managed = 'Ansible managed',
): Dict => {
  const info = statSync(path);
  const owner = userName(info.uid);
  const modified = info.mtimeMs / 1000;
  const line = managed.replaceAll('{host}', hostname()).replaceAll('{uid}', owner).replaceAll('{file}', source);
  return new Map<Value, Value>([
    ['template_host', hostname()],
    ['template_path', source],
    ['template_mtime', dateOf(modified)],
    ['template_uid', owner],
    ['template_run_date', dateOf(Date.now() / 1000)],
    ['template_destpath', dest],
    ['template_fullpath', resolve(path)],
    ['ansible_managed', line.includes('%') ? strftime(line, localFields(Math.floor(modified))) : line],
  ]);
};

/** A naive date of the controller's clock, as Python's fromtimestamp makes it. */
const dateOf = (seconds: number): PyDateTime => {
  const whole = Math.floor(seconds);
  return new PyDateTime(naiveFields(whole, Math.floor((seconds - whole) * 1e6)));
};

/** The name of a user of the controller, or its number. */
const userName = (uid: number): string => {
  const own = userInfo();
  if (own.uid === uid) return own.username;
  try {
    const users = readFileSync('/etc/passwd', 'utf8');
    return new RegExp(`^([^:]+):[^:]*:${uid}:`, 'm').exec(users)?.[1] ?? String(uid);
  } catch {
    return String(uid);
  }
};
