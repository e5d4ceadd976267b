import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { payloadColumns } from "../../audit/row-columns.ts";
import { payloadWords } from "../../audit/text-words.ts";
import { sql } from "../../kysely.ts";
import { textIndexMigrations } from "../database/audit-migrations.ts";
import { DatabaseReader } from "../database/database-reader.ts";
import { migrate } from "../database/migrate.ts";
import { openDatabase, openForReading } from "../database/open-database.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { registryPath, segmentPath, textIndexPath } from "./audit-files.ts";
import { listSegments, type Segment } from "./list-segments.ts";
import { SegmentReaders } from "./segment-readers.ts";
import type { SegmentRegistry } from "./segment-registry.ts";

const ROWS_AT_ONCE = 2_000;

/**
 * Puts the next rows of a segment that is behind, the newest first, into its text index; gives how many rows are then
 * left in it and the older ones. A segment that is gone or cannot be read holds up no other; the reason is thrown once
 * there is nothing else to do.
 */
export function indexNextTexts(folder: string, registry: SegmentRegistry): number {
  const behind = segmentsBehind(folder);
  const problems: unknown[] = [];
  let left = behind.reduce((sum, { rows, textRows }) => sum + rows - textRows, 0);
  for (const { number, rows, textRows } of behind) {
    try {
      const reached = indexTexts(folder, number, registry);
      if (reached > textRows) return Math.max(0, left - (reached - textRows));
    } catch (error) {
      problems.push(error);
    }
    left -= rows - textRows;
  }
  if (problems.length > 0) throw problems[0];
  return 0;
}

function segmentsBehind(folder: string): readonly Segment[] {
  const readers = new SegmentReaders(folder);
  const reader = new DatabaseReader(registryPath(folder));
  try {
    return listSegments(reader, readers).filter(({ rows, textRows }) => textRows < rows);
  } finally {
    reader.close();
    readers.close();
  }
}

function indexTexts(folder: string, segment: number, registry: SegmentRegistry): number {
  if (!existsSync(segmentPath(folder, segment))) return 0;
  const rows = openForReading(segmentPath(folder, segment));
  const text = openTextIndex(folder, segment);
  try {
    const reached = addWords(rows, text);
    prepare(registry.database, updateTextRows()).run(segment, reached);
    return reached;
  } finally {
    text.close();
    rows.close();
  }
}

/** Takes a row out of its text index. */
export function forgetText(folder: string, segment: number, position: number): void {
  if (!existsSync(textIndexPath(folder, segment))) return;
  const text = openTextIndex(folder, segment);
  try {
    text.prepare("DELETE FROM words WHERE rowid = ?").run(position);
    // Merges what is there, so that the words of the row are gone from the file and not only from the answers.
    text.exec("INSERT INTO words (words) VALUES ('optimize')");
    text.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    text.close();
  }
}

function openTextIndex(folder: string, segment: number): DatabaseSync {
  const text = openDatabase(textIndexPath(folder, segment));
  migrate(text, textIndexMigrations);
  return text;
}

// The rows are read under the lock of the text index: an erasure waits for it and then finds the words it must remove.
function addWords(rows: DatabaseSync, text: DatabaseSync): number {
  text.exec("BEGIN IMMEDIATE");
  try {
    const done = Number(text.prepare("SELECT rows FROM progress").get()?.["rows"] ?? 0);
    const insert = text.prepare("INSERT INTO words (rowid, body) VALUES (?, ?)");
    let reached = done;
    for (const [position, ...payload] of selectPayloads(rows, done)) {
      const words = payloadWords(payload as (string | null)[]);
      if (words.length > 0) insert.run(Number(position), words.join(" "));
      reached = Number(position);
    }
    text.prepare("UPDATE progress SET rows = ?").run(reached);
    text.exec("COMMIT");
    text.exec("PRAGMA wal_checkpoint(PASSIVE)");
    return reached;
  } catch (error) {
    if (text.isTransaction) text.exec("ROLLBACK");
    throw error;
  }
}

function selectPayloads(rows: DatabaseSync, after: number): readonly (readonly unknown[])[] {
  const select = queries
    .selectFrom("rows")
    .select(["position", ...payloadColumns])
    .where("position", ">", parameter<number>(1))
    .orderBy("position")
    .limit(parameter<number>(2));
  // The statement returns arrays, which the types of node:sqlite do not know.
  return prepare(rows, select).all(after, ROWS_AT_ONCE) as unknown as unknown[][];
}

function updateTextRows() {
  return (
    queries
      .updateTable("segments")
      // Another process may have come further.
      .set((row) => ({ text_rows: sql<number>`max(${row.ref("text_rows")}, ${parameter(2)})` }))
      .where("number", "=", parameter<number>(1))
  );
}
