/** A file of repositories: the options of each, by the names of sections and options, in their order. */
export type RepoFile = Map<string, Map<string, string>>;

/** Reads a file as Python's configparser does: comments go, names of options are lower case, lines may go on. */
export const parseRepoFile = (text: string): RepoFile => {
  const file: RepoFile = new Map();
  let section: Map<string, string> | undefined;
  let option: string | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const plain = line.trim();
    if (/^[#;]/.test(plain)) continue;
    const isIndented = /^\s/.test(line) && plain !== '';
    if (isIndented && section && option !== undefined) {
      section.set(option, `${section.get(option)}\n${plain}`);
      continue;
    }
    if (plain === '') continue;
    const name = /^\[([^\]]+)\]/.exec(plain)?.[1];
    if (name !== undefined) {
      section = file.get(name) ?? new Map();
      file.set(name, section);
      option = undefined;
      continue;
    }
    const [, key, value] = /^(.*?)\s*[=:]\s*(.*)$/.exec(plain) ?? [];
    if (!section || key === undefined || value === undefined) {
      throw new Error(`the line '${plain}' is neither a section nor an option`);
    }
    option = key.toLowerCase();
    section.set(option, value);
  }
  return file;
};

/** The text of a file. */
export const formatRepoFile = (file: RepoFile): string =>
  [...file]
    .map(([name, options]) => {
      const list = [...options].map(([option, value]) => `${option} = ${value.replaceAll('\n', '\n\t')}\n`);
      return `[${name}]\n${list.join('')}\n`;
    })
    .join('');

/** All that a file says, in an order of its own: what is compared and shown. */
export const dumpRepoFile = (file: RepoFile): string => {
  const sorted = <V>(entries: Iterable<[string, V]>): [string, V][] =>
    [...entries].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted(file)
    .map(([name, options]) => {
      const list = sorted(options).map(([option, value]) => `${option} = ${value}\n`);
      return `[${name}]\n${list.join('')}\n`;
    })
    .join('');
};
