import { existsSync } from "node:fs";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { fromHead, fromSeal } from "../../archive/archived-audit.ts";
import {
  type ArchiveBatch,
  type ArchivedTable,
  type ArchiveValue,
  archivedTables,
  plainTables,
} from "../../archive/archived-tables.ts";
import type { HasherOf } from "../../audit-chain.ts";
import { registryPath, segmentPath } from "../audit/audit-files.ts";
import { newestHeads } from "../audit/chain-heads.ts";
import { readSeals } from "../audit/segment-seals.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { openForReading } from "../database/open-database.ts";

const ROWS_AT_ONCE = 1_000;

type Take = (batch: ArchiveBatch) => Promise<void>;

export interface StoreFiles {
  readonly gatePath: string;
  readonly folder: string;
  readonly hasherOf: HasherOf;
}

/** Reads everything: gate.db as it is at one moment, then the audit as far as it goes by then. */
export async function readFiles({ gatePath, folder, hasherOf }: StoreFiles, take: Take): Promise<void> {
  // Heads first: rows that are appended meanwhile lie behind them.
  const heads = existsSync(folder) ? newestHeads(folder, hasherOf) : [];
  const gate = openForReading(gatePath);
  try {
    gate.exec("BEGIN");
    for (const [table, order] of Object.entries(plainTables) as [keyof typeof plainTables, string][])
      await readRows(gate, { table, from: `${table} ORDER BY ${order}` }, take);
  } finally {
    gate.close();
  }
  if (existsSync(registryPath(folder))) await readAudit(folder, take);
  if (heads.length > 0) await take({ table: "audit_heads", rows: heads.map(fromHead) });
}

async function readAudit(folder: string, take: Take): Promise<void> {
  const registry = new DatabaseReader(registryPath(folder));
  try {
    const dropped = readSeals(registry).filter(({ isDropped }) => isDropped);
    if (dropped.length > 0) await take({ table: "audit_drops", rows: dropped.map(fromSeal) });
  } finally {
    registry.close();
  }
  for (const number of segmentNumbers(folder)) {
    const path = segmentPath(folder, number);
    if (!existsSync(path)) continue;
    const rows = openForReading(path);
    try {
      await readRows(rows, { table: "audit_rows", from: "rows ORDER BY position" }, take);
    } finally {
      rows.close();
    }
  }
}

function segmentNumbers(folder: string): readonly number[] {
  const registry = new DatabaseSync(registryPath(folder), { readOnly: true });
  try {
    const rows = registry.prepare("SELECT number FROM segments WHERE state <> 'dropped' ORDER BY number").all();
    return rows.map(({ number }) => Number(number));
  } finally {
    registry.close();
  }
}

async function readRows(
  database: DatabaseSync,
  { table, from }: { readonly table: ArchivedTable; readonly from: string },
  take: Take,
): Promise<void> {
  const columns = archivedTables[table].map((column) => `"${column}"`).join(", ");
  const select = database.prepare(`SELECT ${columns} FROM ${from}`);
  select.setReturnArrays(true);
  let rows: ArchiveValue[][] = [];
  // The statement returns arrays, which the types of node:sqlite do not know; no column holds more than a number can.
  for (const row of select.iterate() as unknown as Iterable<Exclude<SQLOutputValue, bigint>[]>) {
    rows.push(row);
    if (rows.length < ROWS_AT_ONCE) continue;
    await take({ table, rows });
    rows = [];
  }
  if (rows.length > 0) await take({ table, rows });
}
