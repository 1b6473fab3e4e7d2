import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type LibsqlDatabase from 'libsql';
import { MusterError } from '../../errors/index.ts';
import type { Row } from './rows.ts';

// How long a process waits for another one's transaction, each of which takes milliseconds.
const patience = 20_000;

const tables = `
CREATE TABLE schedule (
  file TEXT NOT NULL,
  name TEXT NOT NULL,
  defined TEXT NOT NULL DEFAULT '',
  next_at INTEGER,
  last_at INTEGER,
  paused INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER,
  retry_at INTEGER,
  retry_attempt INTEGER NOT NULL DEFAULT 0,
  note TEXT,
  noted_at INTEGER,
  PRIMARY KEY (file, name)
);
CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  machine TEXT NOT NULL,
  boot TEXT NOT NULL,
  owner_pid INTEGER NOT NULL,
  owner_start TEXT NOT NULL,
  lease_until INTEGER NOT NULL,
  child_pid INTEGER,
  child_start TEXT,
  record TEXT,
  outcome TEXT,
  exit_code INTEGER,
  hosts INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  unreachable INTEGER NOT NULL DEFAULT 0,
  message TEXT,
  stop_reason TEXT,
  hooks_due INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX run_active ON run (file, name) WHERE ended_at IS NULL;
CREATE INDEX run_latest ON run (file, name, ended_at);
CREATE TABLE total (
  file TEXT NOT NULL,
  name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  runs INTEGER NOT NULL,
  milliseconds INTEGER NOT NULL,
  PRIMARY KEY (file, name, outcome)
);
PRAGMA user_version = 1;
`;

/** The file of states: runs statements, which are prepared once. */
export class Sql {
  readonly #database: LibsqlDatabase.Database;
  readonly #statements = new Map<string, LibsqlDatabase.Statement>();

  constructor(database: LibsqlDatabase.Database) {
    this.#database = database;
  }

  close(): void {
    this.#database.close();
  }

  /** Does something as a whole, while no other process writes. */
  atomically<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Several statements without values. */
  script(text: string): void {
    this.#database.exec(text);
  }

  // Values go in one list: a null alone would be taken for named ones.
  run(text: string, values: readonly unknown[]): { changes: number } {
    return this.#prepare(text).run([...values]);
  }

  get(text: string, values: readonly unknown[]): Row | undefined {
    return this.#prepare(text).get([...values]) as Row | undefined;
  }

  all(text: string, values: readonly unknown[]): Row[] {
    return this.#prepare(text).all([...values]) as Row[];
  }

  #prepare(text: string): LibsqlDatabase.Statement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

/** Opens the file of states, and makes it when it is not there. */
export const openSql = async (path: string): Promise<Sql> => {
  const { default: Libsql } = await import('libsql');
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const sql = new Sql(new Libsql(path, { timeout: patience }));
    chmodSync(path, 0o600);
    sql.atomically(() => {
      const version = sql.get('PRAGMA user_version', [])?.user_version;
      if (version === 0) sql.script(tables);
      else if (version !== 1) throw new Error('a newer version of muster wrote it');
    });
    return sql;
  } catch (error) {
    throw new MusterError({
      message: `the state of schedules in ${path} cannot be opened: ${error instanceof Error ? error.message : error}`,
      hint: 'schedule_state in muster.cfg, or MUSTER_SCHEDULE_STATE, names another file',
    });
  }
};
