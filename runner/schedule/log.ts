export type LogLevel = 'info' | 'warning' | 'error';

/** What happened, in a word that programs can look for, and what else is to be known. */
export interface LogEntry {
  readonly time: string;
  readonly level: LogLevel;
  readonly event: string;
  readonly schedule?: string | undefined;
  readonly [field: string]: string | number | boolean | undefined;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Tells what happens to whoever listens. */
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** Writes entries as lines of JSON. */
export const jsonLog =
  (write: (line: string) => void, now: () => number = Date.now): Log =>
  (level, event, fields = {}) => {
    const entry: LogEntry = { time: new Date(now()).toISOString(), level, event, ...fields };
    write(`${JSON.stringify(entry)}\n`);
  };
