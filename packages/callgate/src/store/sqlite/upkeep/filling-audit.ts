import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type ArchivedAudit, toSeal } from "../../archive/archived-audit.ts";
import { type ArchiveBatch, type ArchiveValue, archivedTables } from "../../archive/archived-tables.ts";
import type { ChainHasher, ChainHead, HasherOf } from "../../audit-chain.ts";
import { StoreError } from "../../store-error.ts";
import { segmentPath } from "../audit/audit-files.ts";
import { writeChainHeads } from "../audit/chain-heads.ts";
import { sealNextSegment } from "../audit/seal-segment.ts";
import { SegmentRegistry } from "../audit/segment-registry.ts";
import { segmentMigrations } from "../database/audit-migrations.ts";
import { migrate } from "../database/migrate.ts";
import { makePrivateFolder, openDatabase } from "../database/open-database.ts";

const PAGE_BYTES = 8_192;

export interface FillingAuditOptions {
  readonly folder: string;
  readonly segmentRows: number;
  readonly hasherOf: HasherOf;
  readonly now: number;
  readonly archived: ArchivedAudit;
}

interface FillingSegment {
  readonly number: number;
  readonly database: DatabaseSync;
  readonly insert: StatementSync;
}

/** The segments of an archive's audit on their way into files: rows with the places in their chains that they have. */
export class FillingAudit {
  readonly #options: FillingAuditOptions;
  readonly #registry: SegmentRegistry;
  readonly #dropped = new Map<number, number>();
  #segment: FillingSegment | undefined;
  #rows = 0;

  constructor(options: FillingAuditOptions) {
    this.#options = options;
    makePrivateFolder(options.folder);
    this.#registry = new SegmentRegistry(options.folder);
  }

  take({ table, rows }: ArchiveBatch): void {
    if (table === "audit_drops") for (const row of rows) this.#drop(row);
    if (table === "audit_rows") for (const row of rows) this.#append(row);
  }

  /** Seals what is full, and writes where the chains end. */
  end(heads: readonly ChainHead[]): void {
    this.#open();
    this.#closeSegment();
    const { folder, hasherOf } = this.#options;
    const registry = this.#registry;
    while (sealNextSegment({ folder, registry, hasherOf: (writer) => this.#hasher(writer) })) {
      // One segment at a time.
    }
    if (heads.length > 0)
      writeChainHeads(
        folder,
        heads.filter(({ writer }) => hasherOf(writer) !== undefined),
      );
  }

  close(): void {
    this.#closeSegment();
    this.#registry.close();
  }

  // A segment that is gone keeps its seals, under a number of this store, before every segment that is here.
  #drop(row: readonly ArchiveValue[]): void {
    const seal = toSeal(row);
    const { database } = this.#registry;
    const number = this.#dropped.get(seal.segment) ?? this.#dropped.size + 1;
    if (!this.#dropped.has(seal.segment)) {
      this.#dropped.set(seal.segment, number);
      database
        .prepare("INSERT INTO segments (number, state, until_at) VALUES (?, 'dropped', ?)")
        .run(number, seal.untilAt);
    }
    const { writer, first, last, hash, signature } = this.#options.archived.renumber(seal, number);
    database
      .prepare("INSERT INTO segment_writers VALUES (?, ?, ?, ?, ?, ?)")
      .run(number, writer, first, last, hash, signature);
  }

  #append(row: readonly ArchiveValue[]): void {
    const { insert, number, database } = this.#open();
    insert.run(...(row as SQLInputValue[]));
    this.#rows += 1;
    if (this.#rows < this.#options.segmentRows) return;
    database.exec("UPDATE segment SET closed = 1");
    this.#closeSegment();
    this.#registry.next(number, this.#rows);
    this.#rows = 0;
  }

  #open(): FillingSegment {
    if (this.#segment !== undefined) return this.#segment;
    const number =
      this.#rows === 0 && this.#dropped.size > 0 ? this.#registry.next(this.#dropped.size, 0) : this.#registry.open();
    const database = openDatabase(segmentPath(this.#options.folder, number), PAGE_BYTES);
    migrate(database, segmentMigrations);
    const columns = archivedTables.audit_rows;
    const insert = database.prepare(
      `INSERT INTO rows (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    );
    database.exec("BEGIN");
    this.#segment = { number, database, insert };
    return this.#segment;
  }

  #closeSegment(): void {
    const { database } = this.#segment ?? {};
    this.#segment = undefined;
    if (database?.isTransaction === true) database.exec("COMMIT");
    database?.close();
  }

  #hasher(writer: string): ChainHasher {
    const hasher = this.#options.hasherOf(writer);
    if (hasher === undefined)
      throw new StoreError("store_invalid", `the chain key of ${writer} is not in the key ring`);
    return hasher;
  }
}
