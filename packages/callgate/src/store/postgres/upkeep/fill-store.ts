import { ArchivedAudit, toSeal } from "../../archive/archived-audit.ts";
import {
  type ArchiveBatch,
  type ArchiveValue,
  archivedTables,
  isPlain,
  plainTables,
} from "../../archive/archived-tables.ts";
import { rowColumns } from "../../audit/row-columns.ts";
import type { HasherOf } from "../../audit-chain.ts";
import { StoreError } from "../../store-error.ts";
import { makeSegmentFor, SEGMENT_LOCK, type SegmentTimes } from "../audit/audit-segments.ts";
import { writeSeal } from "../audit/segment-seals.ts";
import { type Connections, quoted, type RunRecords, type RunStatement } from "../database/connections.ts";
import { toCopyLine } from "../database/copy-in.ts";

export interface FillRules {
  readonly segmentMs: number;
  readonly hasherOf: HasherOf;
  readonly now: number;
}

/** The column of a row's time among those of `audit_rows`. */
const AT = rowColumns.indexOf("at");

/** Fills an empty store in one transaction. */
export async function fillStore(
  connections: Connections,
  batches: AsyncIterable<ArchiveBatch>,
  rules: FillRules,
): Promise<void> {
  await connections.transaction(async (run, records) => {
    await run({ text: "SELECT pg_advisory_xact_lock($1)", values: [SEGMENT_LOCK] });
    await requireEmpty(run);
    const filling = new Filling(run, records, rules);
    for await (const batch of batches) await filling.take(batch);
    await filling.end();
  });
}

async function requireEmpty(run: RunStatement): Promise<void> {
  // A gate that has started here and done nothing has left no more than the name of its sealing key.
  const tables = [...Object.keys(plainTables), "audit_rows", "audit_seals"].filter((table) => table !== "ring_keys");
  for (const table of tables) {
    const found = await run({ text: `SELECT 1 FROM ${table} LIMIT 1` });
    if (found.length > 0) throw new StoreError("store_conflict", `the store is not empty: there are ${table} in it`);
  }
  await run({ text: "DELETE FROM ring_keys" });
  await run({ text: "DELETE FROM audit_writers" });
}

/** One archive on its way in. */
class Filling {
  readonly #run: RunStatement;
  readonly #records: RunRecords;
  readonly #rules: FillRules;
  readonly #audit: ArchivedAudit;
  readonly #dropped = new Map<number, number>();
  #current: SegmentTimes = { fromTime: 0, untilTime: 0 };
  #recordedAt = 0;

  constructor(run: RunStatement, records: RunRecords, rules: FillRules) {
    this.#run = run;
    this.#records = records;
    this.#rules = rules;
    this.#audit = new ArchivedAudit(rules.hasherOf);
  }

  async take(batch: ArchiveBatch): Promise<void> {
    this.#audit.take(batch);
    const { table, rows } = batch;
    if (table === "audit_drops") for (const row of rows) await this.#drop(row);
    else if (table === "audit_rows") await this.#append(rows);
    else if (table === "writes")
      await this.#copy(
        table,
        [...archivedTables.writes, "moved_by"],
        rows.map((row) => [...row, "import"]),
      );
    else if (isPlain(table)) await this.#copy(table, archivedTables[table], rows);
  }

  async end(): Promise<void> {
    const ends = this.#audit.end(this.#rules.now);
    const rows = ends.map(({ writer, ordinal, hash, at, signature }) => [writer, ordinal, hash, at, signature]);
    await this.#copy("audit_writers", archivedTables.audit_heads, rows);
    await this.#run({ text: "UPDATE key_version SET version = version + 1" });
    await this.#run({ text: "UPDATE graduation_version SET version = version + 1" });
  }

  // A segment that is gone keeps its seals, under a number of this store, before every partition that is here.
  async #drop(row: readonly ArchiveValue[]): Promise<void> {
    const seal = toSeal(row);
    let number = this.#dropped.get(seal.segment);
    if (number === undefined) {
      const before = this.#dropped.size - Number.MAX_SAFE_INTEGER;
      const [made] = await this.#run({
        text: `INSERT INTO audit_segments (number, from_time, until_time, state, row_count, until_at)
          SELECT coalesce(max(number), 0) + 1, $1, $1, 'dropped', 1, $2 FROM audit_segments RETURNING number`,
        values: [before, seal.untilAt],
      });
      number = Number(made?.[0]);
      this.#dropped.set(seal.segment, number);
    }
    await writeSeal(this.#run, this.#audit.renumber(seal, number));
  }

  async #append(rows: readonly (readonly ArchiveValue[])[]): Promise<void> {
    const recorded = rows.map((row) => {
      // When it was recorded is not in the archive: not before the call, and not before the row before.
      this.#recordedAt = Math.max(this.#recordedAt, Number(row[AT]));
      return [this.#recordedAt, ...row];
    });
    for (const [time] of recorded) await this.#makeSegment(Number(time));
    await this.#copy("audit_rows", ["recorded_at", ...archivedTables.audit_rows], recorded);
  }

  async #makeSegment(time: number): Promise<void> {
    const { fromTime, untilTime } = this.#current;
    if (fromTime <= time && time < untilTime) return;
    this.#current = await makeSegmentFor(this.#run, time, this.#rules.segmentMs);
  }

  async #copy(table: string, columns: readonly string[], rows: readonly (readonly ArchiveValue[])[]): Promise<void> {
    const lines = rows.map((row) => toCopyLine(row.map(toCopyValue)));
    await this.#records.copy(`COPY ${table} (${columns.map(quoted).join(", ")}) FROM STDIN`, lines.join(""));
  }
}

function toCopyValue(value: ArchiveValue): string | number | null {
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  return typeof value === "boolean" ? String(value) : value;
}
