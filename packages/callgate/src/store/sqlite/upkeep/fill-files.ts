import { existsSync, readdirSync, rmSync } from "node:fs";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { ArchivedAudit } from "../../archive/archived-audit.ts";
import {
  type ArchiveBatch,
  type ArchiveValue,
  archivedTables,
  isPlain,
  plainTables,
} from "../../archive/archived-tables.ts";
import { writeColumns } from "../../ledger/write-columns.ts";
import { StoreError } from "../../store-error.ts";
import { segmentPath } from "../audit/audit-files.ts";
import { openDatabase, openForReading } from "../database/open-database.ts";
import { keyHash } from "../ledger/select-write.ts";
import { FillingAudit, type FillingAuditOptions } from "./filling-audit.ts";

export interface FillFilesOptions extends Omit<FillingAuditOptions, "archived"> {
  readonly gatePath: string;
}

/** Fills empty files: the audit first, then everything else in one transaction; what was begun and not ended is removed. */
export async function fillFiles(options: FillFilesOptions, batches: AsyncIterable<ArchiveBatch>): Promise<void> {
  const { gatePath, folder } = options;
  const gate = openDatabase(gatePath);
  try {
    gate.exec("BEGIN IMMEDIATE");
    requireEmpty(gate, folder);
    rmSync(folder, { recursive: true, force: true });
    try {
      await fill(gate, options, batches);
      gate.exec("COMMIT");
    } catch (error) {
      gate.exec("ROLLBACK");
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  } finally {
    gate.close();
  }
}

async function fill(
  gate: DatabaseSync,
  options: FillFilesOptions,
  batches: AsyncIterable<ArchiveBatch>,
): Promise<void> {
  const archived = new ArchivedAudit(options.hasherOf);
  const audit = new FillingAudit({ ...options, archived });
  try {
    gate.exec("DELETE FROM ring_keys");
    for await (const batch of batches) {
      archived.take(batch);
      if (isPlain(batch.table)) insert(gate, batch);
      else audit.take(batch);
    }
    audit.end(archived.end(options.now));
  } finally {
    audit.close();
  }
  gate.exec("UPDATE key_version SET version = version + 1; UPDATE graduation_version SET version = version + 1");
}

function requireEmpty(gate: DatabaseSync, folder: string): void {
  // A gate that has started here and done nothing has left no more than the name of its sealing key.
  const full = Object.keys(plainTables).find(
    (table) => table !== "ring_keys" && gate.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined,
  );
  if (full !== undefined || hasRows(folder))
    throw new StoreError("store_conflict", `the store is not empty: there are ${full ?? "audit rows"} in it`);
}

function hasRows(folder: string): boolean {
  const numbers = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d+\.db$/.test(name)) : [];
  if (numbers.length > 1) return true;
  return numbers.some((name) => {
    const segment = openForReading(segmentPath(folder, Number.parseInt(name, 10)));
    try {
      return segment.prepare("SELECT 1 FROM rows LIMIT 1").get() !== undefined;
    } finally {
      segment.close();
    }
  });
}

function insert(gate: DatabaseSync, { table, rows }: ArchiveBatch): void {
  const isWrites = table === "writes";
  const columns = isWrites ? [...archivedTables.writes, "key_hash"] : archivedTables[table];
  const names = columns.map((column) => `"${column}"`).join(", ");
  const statement = gate.prepare(`INSERT INTO ${table} (${names}) VALUES (${columns.map(() => "?").join(", ")})`);
  for (const row of rows) statement.run(...row.map(toInput), ...(isWrites ? [hashOf(row)] : []));
}

function hashOf(row: readonly ArchiveValue[]): number {
  const part = (column: (typeof writeColumns)[number]): string => String(row[writeColumns.indexOf(column)]);
  return keyHash(part("subject"), part("tool"), part("key"));
}

function toInput(value: ArchiveValue): SQLInputValue {
  return typeof value === "boolean" ? Number(value) : value;
}
