/**
 * What one run of the facts script brought from a host: the text of files, what paths exist, where links lead, and the
 * output of commands by name. Everything is raw; the collectors give it meaning.
 */
export interface Dump {
  /** A file's text without surrounding white space; undefined when it is missing, unreadable or empty. */
  file(path: string): string | undefined;
  /** A file's lines; none when it is missing. */
  lines(path: string): string[];
  /** Files that were read whose path matches, in the host's order. */
  paths(pattern: RegExp): string[];
  exists(path: string): boolean;
  /** Where a symbolic link leads, as it is written there. */
  link(path: string): string | undefined;
  links(): ReadonlyMap<string, string>;
  /** A section's text; undefined when the script did not make it. */
  section(name: string): string | undefined;
  /** Sections whose name starts with `prefix`, by the rest of the name. */
  sections(prefix: string): [string, string][];
}

/** Splits the script's output at its marks, which hold the word that was made up for this request. */
export const readDump = (output: Buffer, word: string): Dump => {
  const sections = splitSections(output.toString('utf8'), word);
  const files = readFiles(sections.get('files') ?? '');
  const existing = new Set((sections.get('exists') ?? '').split('\n'));
  const links = readLinks(sections.get('links') ?? '');
  return {
    file: (path) => {
      const text = files.get(path)?.join('\n').trim();
      return text === '' ? undefined : text;
    },
    lines: (path) => files.get(path) ?? [],
    paths: (pattern) => [...files.keys()].filter((path) => pattern.test(path)),
    exists: (path) => existing.has(path),
    link: (path) => links.get(path),
    links: () => links,
    section: (name) => sections.get(name),
    sections: (prefix) =>
      [...sections]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, text]) => [name.slice(prefix.length), text]),
  };
};

const splitSections = (text: string, word: string): Map<string, string> => {
  const sections = new Map<string, string>();
  for (const part of text.split(`\x1e${word} `).slice(1)) {
    const end = part.indexOf('\n');
    const name = part.slice(0, end);
    sections.set(name, (sections.get(name) ?? '') + part.slice(end + 1));
  }
  return sections;
};

// `grep -H` output: the path never holds a colon, since the globs that are asked for cannot match one.
const readFiles = (text: string): Map<string, string[]> => {
  const files = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const path = line.slice(0, colon);
    const lines = files.get(path);
    if (lines) lines.push(line.slice(colon + 1));
    else files.set(path, [line.slice(colon + 1)]);
  }
  return files;
};

const readLinks = (text: string): Map<string, string> => {
  const links = new Map<string, string>();
  for (const line of text.split('\n')) {
    const found = /^l.*? (\/.*) -> (.*)$/.exec(line);
    if (found) links.set(found[1]!, found[2]!);
  }
  return links;
};
