import type { DatabaseSync, StatementSync } from "node:sqlite";
import { fieldsOf, payloadOf, rowColumns } from "../../audit/row-columns.ts";
import { storableValues } from "../../audit/storable-values.ts";
import type { ChainHasher } from "../../audit-chain.ts";
import { segmentMigrations } from "../database/audit-migrations.ts";
import { BatchTransaction } from "../database/batch-transaction.ts";
import { migrate } from "../database/migrate.ts";
import { openDatabase } from "../database/open-database.ts";
import { firstRow, prepareSql } from "../database/statements.ts";
import type { BatchReply, Operation } from "../threads/batch.ts";
import { segmentPath } from "./audit-files.ts";

const PAGE_BYTES = 8_192;

/** Where a writer's chain stands. */
export interface ChainPlace {
  readonly writer: string;
  readonly ordinal: number;
  readonly hash: string;
}

/** The segment that takes rows, as one process sees it. */
export class OpenSegment {
  readonly number: number;
  readonly #database: DatabaseSync;
  readonly #transaction: BatchTransaction;
  readonly #insert: StatementSync;
  readonly #closed: StatementSync;
  readonly #hasher: ChainHasher;
  readonly #limit: number;
  /** How many rows the segment held after this process's last row. */
  rows = 0;
  isFull = false;

  constructor(folder: string, number: number, options: { readonly hasher: ChainHasher; readonly limit: number }) {
    this.number = number;
    this.#hasher = options.hasher;
    this.#limit = options.limit;
    this.#database = openDatabase(segmentPath(folder, number), PAGE_BYTES);
    migrate(this.#database, segmentMigrations);
    this.#transaction = new BatchTransaction(this.#database);
    this.#insert = prepareSql(this.#database, insertRow());
    this.#closed = prepareSql(this.#database, "SELECT closed FROM segment");
  }

  /** Appends a batch; gives where the chain then stands, and no reply where the segment has been closed meanwhile. */
  append(operations: readonly Operation[], from: ChainPlace): readonly [ChainPlace, BatchReply | undefined] {
    let place = from;
    const reply = this.#transaction.run(operations, {
      begin: () => {
        this.isFull = firstRow(this.#closed)?.[0] === 1;
        return !this.isFull;
      },
      perform: (operation) => {
        if (operation[0] === null) this.#perform(operation[1]);
        else place = this.#insertRow(operation, place);
      },
      finish: () => {
        if (this.rows < this.#limit) return;
        this.#database.exec("UPDATE segment SET closed = 1");
        this.isFull = true;
      },
    });
    if (this.isFull && reply === undefined) this.rows = this.#countRows();
    const failedWhole = reply?.[1]?.[0]?.[0] === -1;
    if (failedWhole) this.isFull = false;
    return [failedWhole ? from : place, reply];
  }

  close(): void {
    this.#database.close();
  }

  #insertRow(operation: Operation, place: ChainPlace): ChainPlace {
    const values = storableValues(operation);
    const payload = this.#hasher.payloadDigest(payloadOf(values));
    const ordinal = place.ordinal + 1;
    const hash = this.#hasher.rowHash(
      { writer: place.writer, ordinal, previous: place.hash },
      fieldsOf(values),
      payload,
    );
    // Rows come from toRowValues: strings, numbers and nulls.
    const inserted = this.#insert.run(...(values as (string | number | null)[]), place.writer, ordinal, hash);
    this.rows = Number(inserted.lastInsertRowid);
    return { writer: place.writer, ordinal, hash };
  }

  // Operations that are not rows begin with null.
  #perform(name: unknown): void {
    if (name === "checkpoint") this.#transaction.checkpointAfter();
    else if (name === "health") this.#database.exec("UPDATE segment SET beat = beat + 1");
    else throw new Error(`no such operation: ${String(name)}`);
  }

  #countRows(): number {
    return Number(this.#database.prepare("SELECT max(position) AS rows FROM rows").get()?.["rows"] ?? 0);
  }
}

function insertRow(): string {
  const columns = [...rowColumns, "writer", "ordinal", "hash"];
  return `INSERT INTO rows (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
}
