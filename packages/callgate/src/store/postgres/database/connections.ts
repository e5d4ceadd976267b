import type { Pool, PoolClient, QueryResult } from "pg";
import { StoreError } from "../../store-error.ts";
import type { PostgresAddress } from "./address.ts";
import { CopyIn } from "./copy-in.ts";
import { connectFailure, endsConnection, PostgresFailure, statementFailure } from "./postgres-failure.ts";

/** One statement. One with a name is prepared once a connection. Its rows come as arrays in the order of its columns. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** A row of an answer; numbers of any size come as numbers. */
export type Row = readonly unknown[];

/** Runs statements one after the other, on one connection. */
export type RunStatement = (statement: Statement) => Promise<readonly Row[]>;

/** A statement as a query builder compiles it. */
export interface CompiledStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Runs what a query builder has compiled, on the same connection. */
export interface RunRecords {
  /** The rows by the names of their columns. */
  run(statement: CompiledStatement): Promise<readonly unknown[]>;
  /** How many rows were changed. */
  count(statement: CompiledStatement): Promise<number>;
  /** Copies rows in, by a statement that says where. */
  copy(text: string, rows: string): Promise<void>;
}

export interface ConnectionsOptions {
  readonly address: PostgresAddress;
  /** The schema in which the statements find their tables. */
  readonly schema: string;
  readonly max: number;
  /** Milliseconds after which the server ends a statement; 0: never. */
  readonly statementMs: number;
  /** Who is connected, as `pg_stat_activity` shows it. */
  readonly applicationName: string;
}

/** Milliseconds that a new connection may take. */
const CONNECT_MS = 5_000;
/** Milliseconds beyond the server's own limit after which a server that says nothing counts as gone. */
const SILENCE_MS = 2_000;
/**
 * What the statements rely on, whatever the role or the database is set to: a claim that has waited for a lock sees what
 * the lock's holder has written, and what is acknowledged is on the disk.
 */
const RELIED_ON: readonly string[] = [
  "SET default_transaction_isolation TO 'read committed'",
  "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
];
const INT8 = 20;
const BYTEA = 17;

/** Connections to one database: opened when needed, dropped when broken, opened anew by the next statement. */
export class Connections {
  readonly #pool: Pool;
  readonly #address: PostgresAddress;
  #ending: Promise<void> | undefined;

  private constructor(pool: Pool, address: PostgresAddress) {
    this.#pool = pool;
    this.#address = address;
    // A connection that breaks while nobody uses it is the pool's to forget; the next statement says what is wrong.
    pool.on("error", () => undefined);
  }

  static async open({ address, schema, max, statementMs, applicationName }: ConnectionsOptions): Promise<Connections> {
    const { default: pg } = await import("pg");
    const session = [
      `SET search_path TO ${quoted(schema)}`,
      "SET client_min_messages TO warning",
      `SET statement_timeout TO ${statementMs}`,
      ...RELIED_ON,
    ].join("; ");
    const pool = new pg.Pool({
      connectionString: address.connectionString,
      max,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: 60_000,
      allowExitOnIdle: true,
      keepAlive: true,
      application_name: applicationName,
      ...(statementMs > 0 && { query_timeout: statementMs + SILENCE_MS }),
      types: { getTypeParser: parserOf as never },
      onConnect: (client) => client.query(session) as unknown as undefined,
    });
    return new Connections(pool, address);
  }

  /** Runs one statement in a transaction of its own. */
  run(statement: Statement): Promise<readonly Row[]> {
    return this.#withClient((run) => run(statement));
  }

  /** Runs several statements in one transaction; undone as a whole where one of them fails. */
  transaction<Result>(work: (run: RunStatement, records: RunRecords) => Promise<Result>): Promise<Result> {
    return this.#withClient(async (run, records) => {
      await run({ text: "BEGIN" });
      try {
        const result = await work(run, records);
        await run({ text: "COMMIT" });
        return result;
      } catch (error) {
        if (!(error instanceof PostgresFailure) || error.aftermath !== "in-doubt") await run({ text: "ROLLBACK" });
        throw error;
      }
    });
  }

  /** Runs statements without parameters, the last of which copies the rows in, in one transaction and one round trip. */
  async copy(text: string, rows: string): Promise<void> {
    await this.#withClient((_, records) => records.copy(text, rows));
  }

  /** Resolves once every statement under way has ended; what comes after is refused. */
  close(): Promise<void> {
    this.#ending ??= this.#pool.end();
    return this.#ending;
  }

  async #withClient<Result>(work: (run: RunStatement, records: RunRecords) => Promise<Result>): Promise<Result> {
    const client = await this.#connect();
    let broken = false;
    const ask = async <Answer>(query: () => Promise<Answer>): Promise<Answer> => {
      try {
        return await query();
      } catch (error) {
        broken ||= endsConnection(error);
        throw statementFailure(error, this.#address);
      }
    };
    const run: RunStatement = async ({ name, text, values }) => {
      const given = values === undefined ? {} : { values: [...values] };
      const query = { text, rowMode: "array" as const, ...(name !== undefined && { name }), ...given };
      return (await ask(() => client.query(query))).rows as readonly Row[];
    };
    const compiled = ({ sql, parameters }: CompiledStatement): Promise<QueryResult> =>
      ask(() => client.query(sql, [...parameters]));
    const records: RunRecords = {
      run: async (statement) => (await compiled(statement)).rows as readonly unknown[],
      count: async (statement) => (await compiled(statement)).rowCount ?? 0,
      copy: (text, rows) => ask(() => client.query(new CopyIn(text, rows)).done),
    };
    try {
      return await work(run, records);
    } finally {
      client.release(broken);
    }
  }

  async #connect(): Promise<PoolClient> {
    if (this.#ending !== undefined) throw new StoreError("store_closed", "the store is closed");
    try {
      const client = await this.#pool.connect();
      // A connection that breaks under a statement fails that statement; the event alone would end the process.
      if (client.listenerCount("error") < 2) client.on("error", () => undefined);
      return client;
    } catch (error) {
      throw connectFailure(error, this.#address);
    }
  }
}

/** A name as SQL takes it whatever characters it has. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function parserOf(type: number): (text: string) => unknown {
  if (type === INT8) return Number;
  return parsers.get(type) ?? String;
}

const BOOL = 16;
const INT2 = 21;
const INT4 = 23;
const FLOAT8 = 701;
const JSONB = 3802;

const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [BOOL, (text) => text === "t"],
  [INT2, Number],
  [INT4, Number],
  [FLOAT8, Number],
  [BYTEA, (text) => new Uint8Array(Buffer.from(text.slice(2), "hex"))],
  [JSONB, JSON.parse],
]);
