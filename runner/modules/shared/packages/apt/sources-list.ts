/** A line of a sources.list file, taken apart. */
export interface SourceLine {
  /** Whether it names a repository, rather than being a comment or nothing. */
  readonly isSource: boolean;
  readonly isEnabled: boolean;
  readonly source: string;
  readonly comment: string;
}

/** All source lists of a host by their paths. */
export type SourceLists = ReadonlyMap<string, readonly SourceLine[]>;

/** Takes a line of a sources.list file apart. */
export const parseSourceLine = (text: string): SourceLine => {
  const trimmed = text.trim();
  const isEnabled = !trimmed.startsWith('#');
  const rest = isEnabled ? trimmed : trimmed.slice(1);
  const hash = rest.indexOf('#');
  const comment = hash > 0 ? rest.slice(hash + 1).trim() : '';
  const source = (hash > 0 ? rest.slice(0, hash) : rest).trim();
  const words = source.split(/\s+/);
  const isSource = words[0] === 'deb' || words[0] === 'deb-src';
  return { isSource, isEnabled, source: isSource ? words.join(' ') : source, comment };
};

/** The lines of a sources.list file; none of an empty one. */
export const parseSourceList = (text: string): SourceLine[] =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line, index, all) => (all.length === 1 && line === '' && index === 0 ? [] : [parseSourceLine(line)]));

/** The file of these lines, as Ansible writes it. */
export const formatSourceList = (all: readonly SourceLine[]): string =>
  all
    .map(({ isEnabled, source, comment }) => `${isEnabled ? '' : '# '}${source}${comment ? ` # ${comment}` : ''}\n`)
    .join('');

/** The lists with a source in them and enabled: where it is known already, else at the end of `file`. */
export const addSource = (lists: SourceLists, source: string, file: string): SourceLists => {
  const isKnown = [...lists.values()].flat().some((line) => line.isSource && line.source === source);
  if (isKnown) {
    return mapLists(lists, (line) => (line.isSource && line.source === source ? { ...line, isEnabled: true } : line));
  }
  const added = [...(lists.get(file) ?? []), { isSource: true, isEnabled: true, source, comment: '' }];
  return new Map(lists).set(file, added);
};

/** The lists without a source. */
export const removeSource = (lists: SourceLists, source: string): SourceLists =>
  mapLists(lists, (line) => (line.isSource && line.isEnabled && line.source === source ? undefined : line));

const mapLists = (lists: SourceLists, change: (line: SourceLine) => SourceLine | undefined): SourceLists =>
  new Map([...lists].map(([file, all]) => [file, all.flatMap((line) => change(line) ?? [])]));

/** The name that a source's file gets where the task gives none. */
export const sourceFileName = (source: string): string => {
  const first = source
    .replace(/\[[^\]]+\]/g, '')
    .replace(/\w+:\/\//g, '')
    .split(/\s+/)
    .find((word) => word !== '' && word !== 'deb' && word !== 'deb-src');
  const place = (first ?? '').replace(/^[^@]*@/, '');
  return place
    .replace(/[^a-zA-Z0-9]/g, ' ')
    .trim()
    .split(/\s+/)
    .join('_');
};
