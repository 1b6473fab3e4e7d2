import type { Json, JsonObject } from '../../runner/values/index.ts';
import type { Entry } from './entries.ts';
import { steadyResult } from './steady.ts';

export interface TranscriptOptions {
  /** Texts that differ between the two runs, and what stands for them. */
  readonly places: Readonly<Record<string, string>>;
  /** Hosts go through the play independently of each other: what happens is told host by host. */
  readonly perHost: boolean;
  readonly exitCode: number | null;
}

/** A run as lines of text that are the same for any two runs of one playbook. */
export const transcript = (entries: readonly Entry[], options: TranscriptOptions): string => {
  // An error that ends the run at once is told in other words, and at another time: before the run, where that is possible.
  if (!entries.some(({ kind }) => kind === 'recap') || options.exitCode === 1) {
    return options.exitCode === 1 || options.exitCode === 4 ? 'error\n' : `exit code ${options.exitCode}\n`;
  }
  const sections = options.perHost ? byHost(entries) : byTask(entries);
  const lines = [...sections.flatMap(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)])];
  return withPlaces([...lines, `exit code ${options.exitCode}`, ''].join('\n'), options.places);
};

interface Section {
  readonly title: string;
  lines: string[];
}

/** What belongs to a task stands below it, its hosts in order; the items and retries of a host stay in theirs. */
const byTask = (entries: readonly Entry[]): Section[] => {
  const sections: (Section & { told: { host: string; text: string }[] })[] = [];
  const ofTask = new Map<string, (typeof sections)[number]>();
  const open = (title: string): (typeof sections)[number] => {
    const section = { title, lines: [], told: [] };
    sections.push(section);
    return section;
  };
  for (const entry of entries) {
    if (entry.kind === 'task') {
      // A meta task is announced for each host.
      const goesOn =
        sections.at(-1)?.title === titleOf(entry) &&
        sections.at(-1)?.told.every(({ text }) => text.endsWith(' skipped {}'));
      ofTask.set(entry.task, goesOn ? sections.at(-1)! : open(titleOf(entry)));
    } else if (entry.kind === 'included' || entry.kind === 'notified') {
      (sections.at(-1) ?? open('')).told.push({ host: '~', text: describe(entry) });
    } else if ('task' in entry) {
      const section = ofTask.get(entry.task) ?? open(`result of ${entry.task}, which was not announced`);
      section.told.push({ host: entry.host, text: describe(entry) });
    } else {
      const { title, lines } = closing(entry);
      open(title).lines.push(...lines);
    }
  }
  for (const section of sections) {
    const told = section.told.map(({ host, text }, index) => ({ host, text, index: host === '~' ? text : index }));
    told.sort((left, right) => order(left.host, right.host) || order(left.index, right.index));
    section.lines.push(...told.map(({ text }) => text));
  }
  return sections;
};

/** Every host's own way through each play. */
const byHost = (entries: readonly Entry[]): Section[] => {
  const names = new Map<string, string>();
  const plays: Section[][] = [[]];
  for (const entry of entries) {
    if (entry.kind === 'task') names.set(entry.task, titleOf(entry));
    else if (entry.kind === 'included' || entry.kind === 'notified') continue;
    else if ('task' in entry) {
      const play = plays.at(-1)!;
      const section = play.find(({ title }) => title === entry.host) ?? { title: entry.host, lines: [] };
      if (!play.includes(section)) play.push(section);
      section.lines.push(`${names.get(entry.task)}: ${describe(entry)}`);
    } else plays.push([closing(entry)], []);
  }
  return plays.flatMap((play) => play.sort((left, right) => order(left.title, right.title)));
};

const titleOf = (entry: Entry & { kind: 'task' }): string => `${entry.handler ? 'HANDLER' : 'TASK'} ${entry.name}`;

const closing = (entry: Entry): Section => {
  if (entry.kind === 'play') return { title: `PLAY ${entry.name}`, lines: [] };
  if (entry.kind !== 'recap') return { title: entry.kind.toUpperCase(), lines: [] };
  const hosts = Object.entries(entry.hosts).map(([host, counters]) => {
    const shown = Object.entries(counters)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name}=${count}`)
      .sort();
    return `${host}: ${shown.join(' ')}`;
  });
  const custom = Object.keys(entry.custom).length > 0 ? [`stats ${ordered(entry.custom)}`] : [];
  return { title: 'RECAP', lines: [...hosts.sort(), ...custom] };
};

const describe = (entry: Entry): string => {
  switch (entry.kind) {
    case 'result':
      return `${entry.host} ${statusText(entry)} ${ordered(steadyResult(entry.result, entry.status))}`;
    case 'item':
      return `${entry.host} item ${entry.label} ${statusText(entry)} ${ordered(steadyResult(entry.result, entry.status))}`;
    case 'retry':
      return `${entry.host} retry, ${entry.left} left`;
    case 'included':
      return `included ${entry.file} for ${entry.hosts.join(', ')}`;
    case 'notified':
      return `${entry.host} notifies ${entry.handler}`;
    default:
      return entry.kind;
  }
};

const statusText = ({ status, ignored }: { status: string; ignored: boolean }): string =>
  ignored ? `${status} (ignored)` : status;

/** JSON with its keys in order. */
const ordered = (value: Json): string =>
  JSON.stringify(value, (_key, inner: Json) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner as JsonObject).sort(([left], [right]) => order(left, right)))
      : inner,
  );

const order = (left: string | number, right: string | number): number => (left < right ? -1 : left > right ? 1 : 0);

const withPlaces = (text: string, places: Readonly<Record<string, string>>): string => {
  let shown = text;
  for (const [place, name] of Object.entries(places)) shown = shown.replaceAll(place, name);
  return shown;
};
