import type { Connection, FieldPacket, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { ModuleFailure } from '../../../errors/index.ts';
import type { Value } from '../../../values/index.ts';
import { literal } from './sql.ts';

export type Row = Record<string, Value>;

/** What a statement gave. */
export interface Reply {
  readonly rows: readonly Row[];
  /** Rows that were found or changed. */
  readonly count: number;
  /** What the server says beside the result, such as that something exists already. */
  readonly warnings: number;
}

/** What the server refused, with its number. */
export class SqlError extends Error {
  readonly number: number;
  constructor(number: number, message: string) {
    super(`(${number}, "${message}")`);
    this.number = number;
  }
}

/** A login at a server. */
export class MysqlSession {
  readonly #connection: Connection;
  /** The version as the server tells it, such as 10.11.6-MariaDB-1. */
  readonly version: string;
  readonly isMariaDb: boolean;
  readonly hasAnsiQuotes: boolean;
  /** Backslashes in texts mean themselves. */
  readonly isPlain: boolean;

  private constructor(connection: Connection, version: string, globalMode: string, mode: string) {
    this.#connection = connection;
    this.version = version;
    this.isMariaDb = /mariadb/i.test(version);
    this.hasAnsiQuotes = globalMode.includes('ANSI');
    this.isPlain = mode.includes('NO_BACKSLASH_ESCAPES');
  }

  static async open(connection: Connection): Promise<MysqlSession> {
    const [[row]] = await connection.query<RowDataPacket[]>(
      'SELECT VERSION() AS version, @@GLOBAL.sql_mode AS global_mode, @@SESSION.sql_mode AS mode',
    );
    return new MysqlSession(connection, String(row!.version), String(row!.global_mode), String(row!.mode));
  }

  /** Whether the server is at least of this version; MariaDB and MySQL count their own ways. */
  isAtLeast(versions: { readonly mariadb: string; readonly mysql: string }): boolean {
    const wanted = (this.isMariaDb ? versions.mariadb : versions.mysql).split('.').map(Number);
    const actual = this.version.split(/[.-]/).map(Number);
    for (const [index, part] of wanted.entries()) {
      const own = actual[index] || 0;
      if (own !== part) return own > part;
    }
    return true;
  }

  /** A text with values in it as SQL: sql`… WHERE user = ${user}`, told by `run`. Text of the template stays as it is. */
  sql(strings: TemplateStringsArray, ...values: readonly (Value | undefined | Sql)[]): string {
    return strings.reduce((text, part, index) => {
      const value = values[index - 1];
      return `${text}${value instanceof Sql ? value.text : literal(value, this.isPlain)}${part}`;
    });
  }

  /** Runs a statement. Throws SqlError. */
  async run(statement: string): Promise<Reply> {
    try {
      const [result] = (await this.#connection.query(statement)) as [RowDataPacket[] | ResultSetHeader, FieldPacket[]];
      return Array.isArray(result)
        ? { rows: result as Row[], count: result.length, warnings: 0 }
        : { rows: [], count: result.affectedRows, warnings: result.warningStatus };
    } catch (error) {
      throw toSqlError(error);
    }
  }

  /** The first value of the first row. */
  async value(statement: string): Promise<Value | undefined> {
    const { rows } = await this.run(statement);
    return rows[0] && Object.values(rows[0])[0];
  }

  async close(): Promise<void> {
    // The server has nothing more to say; waiting for it would cost a round trip.
    this.#connection.destroy();
  }
}

/** Text that is SQL already. */
export class Sql {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Errors of the driver that come from the server, as SqlError; others as they are. */
export const toSqlError = (error: unknown): unknown => {
  const { errno, sqlMessage, message } = error as { errno?: number; sqlMessage?: string; message: string };
  if (sqlMessage !== undefined) return new SqlError(errno ?? 0, sqlMessage);
  return error instanceof ModuleFailure ? error : new ModuleFailure(message);
};
