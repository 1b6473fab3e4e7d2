import { type Script, sh } from '../../../connection/index.ts';

export interface PasswdEntry {
  readonly name: string;
  readonly password: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export interface ShadowEntry {
  readonly password: string;
  /** Days, -1 where none is set. */
  readonly minimum: number;
  readonly maximum: number;
  readonly expires: number;
}

/**
 * Prints a name's line of a database: of the file alone when `local`, otherwise as the system's name service knows it.
 * Fails when there is none.
 */
export const findEntry = (database: 'passwd' | 'group' | 'shadow', name: string, local: boolean): Script => {
  const file = `/etc/${database}`;
  const inFile = sh`while IFS= read -r m_line || [ -n "$m_line" ]; do case $m_line in ${name}:*) printf '%s\n' "$m_line"; exit 0;; esac; done 2>/dev/null <${file}; exit 1`;
  return local ? inFile : sh`if command -v getent >/dev/null; then getent ${database} ${name} && exit 0; fi\n${inFile}`;
};

/** Prints all groups, and those of `names` that the system knows but does not list. */
export const listGroups = (names: readonly string[]): Script => {
  const asked = names.length === 0 ? sh`` : sh`; getent group -- ${[...names]}`;
  return sh`if command -v getent >/dev/null; then getent group${asked}; else cat /etc/group; fi; exit 0`;
};

/** A line of passwd; undefined for anything else. */
export const readPasswd = (line: string): PasswdEntry | undefined => {
  const [name, password, uid, gid, comment, home, shell] = line.split('\n')[0]!.split(':');
  if (!name || gid === undefined) return undefined;
  return {
    name,
    password: password ?? '',
    uid: Number(uid),
    gid: Number(gid),
    comment: comment ?? '',
    home: home ?? '',
    shell: shell ?? '',
  };
};

/** The lines of a group file, the last where a name stands twice. */
export const readGroups = (text: string): GroupEntry[] => {
  const found = new Map<string, GroupEntry>();
  for (const line of text.split('\n')) {
    const [name, , gid, members = ''] = line.split(':');
    if (!name || gid === undefined) continue;
    found.set(name, { name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') });
  }
  return [...found.values()];
};

/** A line of shadow, its days -1 where they are empty; undefined for anything else. */
export const readShadow = (line: string): ShadowEntry | undefined => {
  const fields = line.split('\n')[0]!.split(':');
  if (fields.length < 8) return undefined;
  const days = (index: number): number => (fields[index] === '' ? -1 : Number(fields[index]));
  return { password: fields[1]!, minimum: days(3), maximum: days(4), expires: days(7) };
};

/** A group by its number or name, as modules take either. */
export const findGroup = (groups: readonly GroupEntry[], wanted: string): GroupEntry | undefined =>
  (/^\d+$/.test(wanted) ? groups.find(({ gid }) => gid === Number(wanted)) : undefined) ??
  groups.find(({ name }) => name === wanted);
