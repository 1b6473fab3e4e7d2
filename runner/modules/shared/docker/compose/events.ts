/** What docker compose told about one thing. */
export interface ComposeEvent {
  readonly what: 'container' | 'image' | 'image-layer' | 'network' | 'service' | 'unknown' | 'volume';
  readonly id: string;
  readonly status: string | undefined;
  readonly message: string | undefined;
}

const working = new Set([
  ...['Creating', 'Starting', 'Restarting', 'Stopping', 'Killing', 'Removing', 'Recreate', 'Pulling', 'Building'],
]);
const done = new Set([
  ...['Started', 'Healthy', 'Exited', 'Restarted', 'Running', 'Created', 'Stopped', 'Killed', 'Removed', 'Recreated'],
  ...['Pulled', 'Built', 'Waiting', 'Error', 'Warning'],
]);
const pulls = new Set(['Pulling', 'Pulled']);
const builds = new Set(['Building', 'Built']);
const layerWorking = new Set(['Pulling fs layer', 'Waiting', 'Downloading', 'Verifying Checksum', 'Extracting']);
const layerDone = new Set(['Already exists', 'Download complete', 'Pull complete']);

const isStatus = (text: string | undefined): text is string =>
  text !== undefined && (working.has(text) || done.has(text));

const resources = {
  Network: 'network',
  Image: 'image',
  Volume: 'volume',
  Container: 'container',
  Service: 'service',
} as const;

const resourceOf = (word: string): ComposeEvent['what'] =>
  word in resources ? resources[word as keyof typeof resources] : 'unknown';

interface JsonLine {
  readonly id?: string;
  readonly parent_id?: string;
  readonly status?: string;
  readonly text?: string;
  readonly error?: boolean;
  readonly message?: string;
  /** A word at the end, about no part in particular. */
  readonly tail?: boolean;
  readonly level?: string;
  readonly msg?: string;
}

const general = (status: 'Error' | 'Warning', message: string | undefined): ComposeEvent => ({
  what: 'unknown',
  id: '',
  status,
  message,
});

/** Reads progress as `--progress json` writes it, one object a line. */
export const readJsonEvents = (output: string): ComposeEvent[] =>
  output.split('\n').flatMap((text): ComposeEvent[] => {
    const line = text.trim();
    if (line.startsWith('Warning: ')) return [general('Warning', line.slice('Warning: '.length))];
    if (!line.startsWith('{') || !line.endsWith('}')) return [];
    try {
      const event = readJsonLine(JSON.parse(line) as JsonLine);
      return event ? [event] : [];
    } catch {
      return [];
    }
  });

const readJsonLine = (data: JsonLine): ComposeEvent | undefined => {
  const { id = '', parent_id: parent = '', text } = data;
  if (data.tail) {
    const [, warning] = /^warning:\s*(.*)$/is.exec(text ?? '') ?? [];
    return warning === undefined ? general('Error', text) : general('Warning', warning);
  }
  if (data.error) return { what: 'unknown', id, status: 'Error', message: data.message ?? text };
  if ((data.level === 'warning' || data.level === 'error') && data.msg !== undefined) {
    return general(data.level === 'error' ? 'Error' : 'Warning', data.msg);
  }
  // What a build says on its way is no event.
  if (id.endsWith('==>')) return undefined;
  const [, built] = /^build service (.+)$/.exec(text ?? '') ?? [];
  if (id.trim() === '' && built !== undefined) {
    return { what: 'service', id: built, status: 'Building', message: undefined };
  }
  if (parent.startsWith('Image ') && (data.status === 'Working' || data.status === 'Done')) {
    return { what: 'image-layer', id: parent.slice('Image '.length), status: data.status, message: undefined };
  }
  const [word = '', ...rest] = id.split(' ');
  const status = isStatus(data.status) ? data.status : isStatus(text) ? text : undefined;
  const message = status === undefined ? text : undefined;
  if (rest.length > 0) return { what: resourceOf(word), id: rest.join(' '), status, message };
  if (text !== undefined && pulls.has(text)) return { what: 'image', id: word, status: text, message: undefined };
  if (text !== undefined && (layerWorking.has(text) || layerDone.has(text))) {
    return { what: 'image-layer', id: word, status: text, message: undefined };
  }
  const [, why] = /^Skipped - (.*)$/.exec(text ?? '') ?? [];
  if (why !== undefined) return { what: 'unknown', id: word, status: 'Skipped', message: why };
  return { what: 'unknown', id: word, status, message };
};

/** Reads progress as older versions write it, as text; what a command that failed said last is why. */
export const readPlainEvents = (output: string, hasFailed: boolean): ComposeEvent[] => {
  const events: ComposeEvent[] = [];
  const told = output
    .split('\n')
    .map((text) => text.replace(/^\s*DRY-RUN MODE -\s*/, '').trim())
    .filter((line) => line !== '');
  for (const [index, line] of told.entries()) {
    if (line.startsWith('==>')) continue;
    const event = readPlainLine(line);
    const last = events.at(-1);
    if (event) events.push(event);
    else if (last?.status === 'Error') {
      events[events.length - 1] = { ...last, message: [last.message, line].filter(Boolean).join('\n') };
    } else if (line.startsWith('Error ') || (hasFailed && index === told.length - 1)) {
      events.push(general('Error', line));
    }
  }
  return events;
};

const readPlainLine = (line: string): ComposeEvent | undefined => {
  const [, word, id = '', rest = ''] = /^(Network|Image|Volume|Container)\s+(\S+)\s+(\S.*)$/.exec(line) ?? [];
  if (word !== undefined) {
    return isStatus(rest)
      ? { what: resourceOf(word), id, status: rest, message: undefined }
      : { what: resourceOf(word), id, status: undefined, message: rest };
  }
  const [, built] = /^build service\s+(\S+)$/.exec(line) ?? [];
  if (built !== undefined) return { what: 'service', id: built, status: 'Building', message: undefined };
  const [, warning] = /^time=\S+ level=warning msg=("(?:[^"\\]|\\.)*"|\S+)$/.exec(line) ?? [];
  if (warning !== undefined) return general('Warning', unquoted(warning));
  const [, name = '', status, message] =
    /^(\S+)\s+(Pulling|Pulled|Error|Warning|Skipped)\b\s*(?:-\s*)?(.*)$/.exec(line) ?? [];
  if (status !== undefined) {
    return { what: pulls.has(status) ? 'service' : 'unknown', id: name, status, message: message || undefined };
  }
  const [, layer = '', progress = ''] = /^([0-9a-f]{12})\s+(.*?)\s*(?:\[.*|[\d.]+[kKMGB]*\/.*)?$/.exec(line) ?? [];
  return layerWorking.has(progress) || layerDone.has(progress)
    ? { what: 'image-layer', id: layer, status: progress, message: undefined }
    : undefined;
};

const unquoted = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one)) : text;

/** What does not count as a change, although it is told as one. */
export interface Ignored {
  readonly pulls: boolean;
  readonly builds: boolean;
}

/** Whether an event tells of a change. */
export const isChange = ({ what, status = '' }: ComposeEvent, ignored: Ignored): boolean => {
  if (what === 'image-layer') return layerWorking.has(status) || status === 'Working';
  return working.has(status) && !(ignored.pulls && pulls.has(status)) && !(ignored.builds && builds.has(status));
};

export interface ComposeAction {
  readonly what: string;
  readonly id: string;
  readonly status: string;
}

/** The changes that events tell of, for the result. */
export const actionsOf = (events: readonly ComposeEvent[]): ComposeAction[] => {
  const seen = new Set<string>();
  return events.flatMap((event) => {
    if (!isChange(event, { pulls: false, builds: false })) return [];
    const action = { what: event.what, id: event.id, status: event.status! };
    const key = JSON.stringify(action);
    if (event.what === 'image-layer' && seen.has(key)) return [];
    seen.add(key);
    return [action];
  });
};

/** What whoever runs the playbook should know, by the events. */
export const warningsOf = (events: readonly ComposeEvent[]): string[] =>
  events
    .filter(({ status, message }) => message !== undefined && (status === undefined || status === 'Warning'))
    .map(({ what, id, message }) => `Docker compose: ${id === '' ? '' : `${what} ${id}: `}${message}`);

/** What went wrong, by the events. */
export const errorsOf = (events: readonly ComposeEvent[]): string[] =>
  events
    .filter(({ status }) => status === 'Error')
    .map(({ what, id, message }) => {
      const about = id === '' ? 'General error' : `Error when processing ${what === 'unknown' ? '' : `${what} `}${id}`;
      return `${about}: ${message ?? 'Error'}`;
    });
