import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type LibsqlDatabase from 'libsql';
import { MusterError } from '../../errors/index.ts';

export type Database = LibsqlDatabase.Database;
export type Statement = LibsqlDatabase.Statement;

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

/** Opens the file of states, and makes it when it is not there. */
export const openDatabase = async (path: string): Promise<Database> => {
  const { default: Libsql } = await import('libsql');
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const database = new Libsql(path, { timeout: patience });
    chmodSync(path, 0o600);
    prepare(database);
    return database;
  } catch (error) {
    throw new MusterError({
      message: `the state of schedules in ${path} cannot be opened: ${error instanceof Error ? error.message : error}`,
      hint: 'schedule_state in muster.cfg, or MUSTER_SCHEDULE_STATE, names another file',
    });
  }
};

const prepare = (database: Database): void => {
  transaction(database, () => {
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version === 0) database.exec(tables);
    else if (version > 1) throw new Error('a newer version of muster wrote it');
  });
};

/** Does something as a whole, while no other process writes. */
export const transaction = <T>(database: Database, work: () => T): T => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
};
