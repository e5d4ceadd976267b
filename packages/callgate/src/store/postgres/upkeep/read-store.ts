import { fromHead, fromSeal } from "../../archive/archived-audit.ts";
import {
  type ArchiveBatch,
  type ArchivedTable,
  type ArchiveValue,
  archivedTables,
  plainTables,
} from "../../archive/archived-tables.ts";
import { AuditSegments, rowsTable } from "../audit/audit-segments.ts";
import { readSeals } from "../audit/segment-seals.ts";
import { readHeads } from "../audit/verify-audit.ts";
import { type Connections, quoted, type RunStatement } from "../database/connections.ts";

const ROWS_AT_ONCE = 1_000;

type Take = (batch: ArchiveBatch) => Promise<void>;

/** Reads everything in one transaction that sees one moment, whatever gates do meanwhile. */
export async function readStore(connections: Connections, take: Take): Promise<void> {
  await connections.transaction(async (run) => {
    await run({ text: "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY" });
    for (const [table, order] of Object.entries(plainTables) as [keyof typeof plainTables, string][])
      await readRows(run, { table, from: `${table} ORDER BY ${order}` }, take);
    const segments = await AuditSegments.listWith(run);
    for (const { number, state } of segments) {
      if (state !== "dropped") continue;
      const seals = await readSeals(run, number);
      if (seals.length > 0) await take({ table: "audit_drops", rows: seals.map(fromSeal) });
    }
    for (const { number, state } of segments) {
      if (state === "dropped") continue;
      await readRows(run, { table: "audit_rows", from: `${rowsTable(number)} ORDER BY position` }, take);
    }
    const heads = await readHeads(run);
    if (heads.length > 0) await take({ table: "audit_heads", rows: heads.map(fromHead) });
  });
}

async function readRows(
  run: RunStatement,
  { table, from }: { readonly table: ArchivedTable; readonly from: string },
  take: Take,
): Promise<void> {
  await run({
    text: `DECLARE archived NO SCROLL CURSOR FOR SELECT ${archivedTables[table].map(quoted).join(", ")} FROM ${from}`,
  });
  for (;;) {
    const rows = await run({ text: `FETCH ${ROWS_AT_ONCE} FROM archived` });
    if (rows.length === 0) break;
    // Texts, numbers, bytes and nulls: the tables have no other types.
    await take({ table, rows: rows as readonly (readonly ArchiveValue[])[] });
  }
  await run({ text: "CLOSE archived" });
}
