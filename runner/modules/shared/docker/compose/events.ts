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
  ...['Pulled', 'Waiting', 'Error'],
]);
const pulls = new Set(['Pulling', 'Pulled']);
const layerWorking = new Set(['Pulling fs layer', 'Waiting', 'Downloading', 'Verifying Checksum', 'Extracting']);
const layerDone = new Set(['Already exists', 'Download complete', 'Pull complete']);

const isStatus = (text: string | undefined): text is string =>
  text !== undefined && (working.has(text) || done.has(text));

const resources = { Network: 'network', Image: 'image', Volume: 'volume', Container: 'container' } as const;

const resourceOf = (word: string): ComposeEvent['what'] =>
  word in resources ? resources[word as keyof typeof resources] : 'unknown';

interface JsonLine {
  readonly id?: string;
  readonly status?: string;
  readonly text?: string;
  readonly error?: boolean;
  readonly message?: string;
  readonly details?: string;
}

/** Reads progress as `--progress json` writes it, one object a line. */
export const readJsonEvents = (output: string): ComposeEvent[] =>
  output.split('\n').flatMap((text): ComposeEvent[] => {
    const line = text.trim();
    if (!line.startsWith('{') || !line.endsWith('}')) return [];
    let data: JsonLine;
    try {
      data = JSON.parse(line) as JsonLine;
    } catch {
      return [];
    }
    if (data.error) {
      return [{ what: 'unknown', id: data.id ?? '', status: 'Error', message: data.message ?? data.text }];
    }
    const [word = '', ...rest] = (data.id ?? '').split(' ');
    const status = isStatus(data.status) ? data.status : isStatus(data.text) ? data.text : undefined;
    const message = status === undefined ? data.text : undefined;
    if (rest.length > 0) return [{ what: resourceOf(word), id: rest.join(' '), status, message }];
    if (data.text !== undefined && pulls.has(data.text)) {
      return [{ what: 'image', id: word, status: data.text, message: undefined }];
    }
    if (data.text !== undefined && (layerWorking.has(data.text) || layerDone.has(data.text))) {
      return [{ what: 'image-layer', id: word, status: data.text, message: undefined }];
    }
    return [{ what: 'unknown', id: word, status, message }];
  });

/** Reads progress as older versions write it, as text. */
export const readPlainEvents = (output: string): ComposeEvent[] => {
  const events: ComposeEvent[] = [];
  for (const text of output.split('\n')) {
    const line = text.replace(/^\s*DRY-RUN MODE -\s*/, '').trim();
    if (line === '' || line.startsWith('==>')) continue;
    const event = readPlainLine(line);
    const last = events.at(-1);
    if (event) events.push(event);
    else if (last?.status === 'Error') {
      events[events.length - 1] = { ...last, message: [last.message, line].filter(Boolean).join('\n') };
    } else if (/^error\b/i.test(line)) events.push({ what: 'unknown', id: '', status: 'Error', message: line });
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
  const [, name = '', status, message] = /^(\S+)\s+(Pulling|Pulled|Error|Skipped)\b\s*(?:-\s*)?(.*)$/.exec(line) ?? [];
  if (status !== undefined) {
    const what = status === 'Error' || status === 'Skipped' ? 'unknown' : 'service';
    return { what, id: name, status, message: message || undefined };
  }
  const [, layer = '', progress = ''] = /^([0-9a-f]{12})\s+(.*?)\s*(?:\[.*|[\d.]+[kKMGB]*\/.*)?$/.exec(line) ?? [];
  return layerWorking.has(progress) || layerDone.has(progress)
    ? { what: 'image-layer', id: layer, status: progress, message: undefined }
    : undefined;
};

/** Whether an event tells of a change. That a service looks for its images is none. */
export const isChange = ({ what, status = '' }: ComposeEvent, ignoresPulls: boolean): boolean =>
  what === 'image-layer' ? layerWorking.has(status) : working.has(status) && !(ignoresPulls && pulls.has(status));

export interface ComposeAction {
  readonly what: string;
  readonly id: string;
  readonly status: string;
}

/** The changes that events tell of, for the result. */
export const actionsOf = (events: readonly ComposeEvent[]): ComposeAction[] => {
  const seen = new Set<string>();
  return events.flatMap((event) => {
    if (!isChange(event, false)) return [];
    const action = { what: event.what, id: event.id, status: event.status! };
    const key = JSON.stringify(action);
    if (event.what === 'image-layer' && seen.has(key)) return [];
    seen.add(key);
    return [action];
  });
};

/** What went wrong, by the events. */
export const errorsOf = (events: readonly ComposeEvent[]): string[] =>
  events
    .filter(({ status }) => status === 'Error')
    .map(({ what, id, message }) => {
      const about = id === '' ? 'General error' : `Error when processing ${what === 'unknown' ? '' : `${what} `}${id}`;
      return `${about}: ${message ?? 'Error'}`;
    });
