export interface CpioEntry {
  readonly path: string;
  /** Type and permissions, as `stat` has them. */
  readonly mode: number;
  readonly content?: Uint8Array;
  /** Of a character device: major and minor. */
  readonly device?: readonly [number, number];
}

const pad = (length: number): Buffer => Buffer.alloc((4 - (length % 4)) % 4);

const entryBytes = ({ path, mode, content = new Uint8Array(), device = [0, 0] }: CpioEntry, inode: number): Buffer => {
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, ...device, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([header, name, pad(header.length + name.length), content, pad(content.length)]);
};

/** An archive in the form that the kernel unpacks as its first root. Archives may be put behind each other. */
export const cpio = (entries: readonly CpioEntry[]): Buffer => {
  const end = { path: 'TRAILER!!!', mode: 0 };
  return Buffer.concat([...entries, end].map((entry, index) => entryBytes(entry, index + 1)));
};

export const directory = (path: string): CpioEntry => ({ path, mode: 0o40755 });
export const file = (path: string, content: Uint8Array | string, mode = 0o644): CpioEntry => ({
  path,
  mode: 0o100000 | mode,
  content: typeof content === 'string' ? Buffer.from(content) : content,
});
