/** An entry of /etc/fstab; the last two fields may be left out there. */
export interface FstabEntry {
  readonly src: string;
  readonly name: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: string;
  readonly passno: string;
}

/** Spaces and a few more characters are written as octal numbers. */
const escapeField = (text: string): string =>
  text.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('&', '\\046');

const splitLines = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

const readFields = (line: string): string[] | undefined => {
  if (line.trim() === '' || line.trim().startsWith('#')) return undefined;
  const fields = line.split('#')[0]!.trim().split(/\s+/);
  return fields.length >= 4 && fields.length <= 6 ? fields : undefined;
};

// Swap has no mount point: there the device tells entries apart.
const isEntry = (fields: readonly string[], name: string, src: string | undefined): boolean =>
  fields[1] === name && !(src !== undefined && name === 'none' && fields[2] === 'swap' && fields[0] !== src);

/** The file with this entry in it: in place of the one that is there, otherwise at the end. */
export const withEntry = (text: string, entry: FstabEntry): { text: string; changed: boolean } => {
  const wanted = [entry.src, entry.name, entry.fstype, entry.opts, entry.dump, entry.passno].map(escapeField);
  const line = wanted.join(' ');
  let changed = false;
  let exists = false;
  const kept = splitLines(text).map((each) => {
    const fields = readFields(each);
    if (!fields || !isEntry(fields, wanted[1]!, entry.src)) return each;
    exists = true;
    // What is left out does not equal a zero that is asked for: such lines are written out in full.
    if (fields.length === 6 && fields.every((field, index) => field === wanted[index])) return each;
    changed = true;
    return line;
  });
  if (!exists) kept.push(line);
  return { text: kept.map((each) => `${each}\n`).join(''), changed: changed || !exists };
};

/** The file without the entry of this mount point. */
export const withoutEntry = (
  text: string,
  name: string,
  src: string | undefined,
): { text: string; changed: boolean } => {
  const lines = splitLines(text);
  const kept = lines.filter((line) => {
    const fields = line.trim().startsWith('#') ? [] : line.trim().split(/\s+/);
    return fields.length !== 6 || !isEntry(fields, escapeField(name), src);
  });
  return { text: kept.map((line) => `${line}\n`).join(''), changed: kept.length < lines.length };
};

export interface MountedOn {
  /** The device, or for a part of a file system that is shown elsewhere the path of that part. */
  readonly src: string;
  readonly fstype: string;
  readonly opts: string;
}

const unescapeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** What is mounted where, from /proc/self/mountinfo; the last one on a mount point counts. */
export const readMountinfo = (text: string): Map<string, MountedOn> => {
  const records = new Map<
    string,
    { parent: string; root: string; on: string; opts: string; fs: string; src: string }
  >();
  for (const line of splitLines(text)) {
    const fields = line.trim().split(' ').map(unescapeOctal);
    if (fields.length < 9) continue;
    const [id, parent, , root, on, opts] = fields as [string, string, string, string, string, string];
    records.set(id, { parent, root, on, opts, fs: fields.at(-3)!, src: fields.at(-2)! });
  }
  const found = new Map<string, MountedOn>();
  for (const record of records.values()) {
    const parent = record.parent === '1' ? undefined : records.get(record.parent);
    let src = record.src;
    if (parent) {
      const isInside = parent.root.length > 1 && record.root.startsWith(`${parent.root}/`);
      const root = isInside ? record.root.slice(parent.root.length) : record.root;
      src = parent.on === '/' ? root : `${parent.on}${root}`;
    }
    found.set(record.on, { src, fstype: record.fs, opts: record.opts });
  }
  return found;
};
