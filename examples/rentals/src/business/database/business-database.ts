import type { Compilable, Expression, RawBuilder } from "kysely";
import type { Queries } from "./tables.ts";

/** Where the business's data is: an SQLite file, or a PostgreSQL database. */
export type BusinessAddress =
  | { readonly path: string }
  | {
      readonly url: string;
      /** The address of an account that may only read; without it, one is made and used that belongs to the database. */
      readonly readUrl?: string | undefined;
    };

export interface DatabaseAccess {
  readonly access: "read" | "write";
  /** How long a writer waits for another one before it fails. */
  readonly patienceMs: number;
}

/** The business's database, whichever engine keeps it. */
export interface BusinessDatabase {
  readonly queries: Queries;
  /** Runs `work` with the write lock held from its start: all of it lands, or none. One writer at a time, over all processes. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  readonly longQueries: LongQueries;
  /** Days from one date to another, in SQL. */
  nightsBetween(from: Expression<unknown>, until: Expression<unknown>): RawBuilder<number>;
  /** The version of the schema that is in place; 0 where there is none. */
  version(queries: Queries): Promise<number>;
  /** Makes the schema and notes its version; within a transaction. */
  makeSchema(queries: Queries): Promise<void>;
  /** Lets those read who may only read, where the engine keeps accounts; within a transaction, and again at every start. */
  admitReaders(queries: Queries): Promise<void>;
  close(): Promise<void>;
}

/** Queries that may take long. */
export interface LongQueries {
  /** How long one should take, about: a report cannot say how far it is meanwhile, and one on SQLite cannot be stopped. */
  readonly stepMs: number;
  /** Gives the rows. Once the signal is aborted it rejects with the signal's reason, and the query has ended in the database too. */
  run<Row>(query: Compilable<Row>, signal: AbortSignal): Promise<readonly Row[]>;
}

/** The version of the schemas of both engines. */
export const SCHEMA_VERSION = 1;
