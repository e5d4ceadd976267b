import { StoreError } from "../store-error.ts";
import { type ArchiveBatch, type ArchivedTable, type ArchiveValue, archivedTables } from "./archived-tables.ts";

const FORMAT = "callgate store 1";

/** The first line of an archive. */
export function firstLine(from: string, at: number): string {
  return `${JSON.stringify({ format: FORMAT, from, at: new Date(at).toISOString() })}\n`;
}

/** A batch as one line of JSON. */
export function toLine({ table, rows }: ArchiveBatch): string {
  const columns = archivedTables[table];
  return `${JSON.stringify({ table, columns, rows: rows.map((row) => row.map(toJson)) })}\n`;
}

/** The last line, by which a reader knows that nothing was cut off. */
export function lastLine(rows: Readonly<Record<string, number>>): string {
  return `${JSON.stringify({ end: rows })}\n`;
}

/** The batches of an archive's lines; throws where they are none, of a newer version, or not all there. */
export async function* batchesOf(lines: AsyncIterable<string>): AsyncGenerator<ArchiveBatch> {
  const counted: Record<string, number> = {};
  let hasBegun = false;
  let hasEnded = false;
  for await (const line of lines) {
    const said = parse(line);
    if (!hasBegun) {
      if (said["format"] !== FORMAT) throw invalid("this is no archive of a store, or one of another version");
      hasBegun = true;
    } else if ("end" in said) {
      if (JSON.stringify(said["end"]) !== JSON.stringify(counted)) throw invalid("rows of the archive are missing");
      hasEnded = true;
    } else {
      const batch = toBatch(said);
      counted[batch.table] = (counted[batch.table] ?? 0) + batch.rows.length;
      yield batch;
    }
  }
  if (!hasEnded) throw invalid("the end of the archive is missing");
}

function toBatch(said: Readonly<Record<string, unknown>>): ArchiveBatch {
  const { table, columns, rows } = said;
  if (typeof table !== "string" || !(table in archivedTables) || !Array.isArray(rows) || !Array.isArray(columns))
    throw invalid("a line of the archive is not one that this version of Callgate knows");
  const name = table as ArchivedTable;
  const wanted: readonly string[] = archivedTables[name];
  if (columns.length !== wanted.length || wanted.some((column, index) => columns[index] !== column))
    throw invalid(`the columns of ${table} are not those that this version of Callgate knows`);
  return { table: name, rows: (rows as unknown[][]).map((row) => row.map(fromJson)) };
}

function toJson(value: ArchiveValue): unknown {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value;
}

function fromJson(value: unknown): ArchiveValue {
  if (typeof value !== "object" || value === null) return value as ArchiveValue;
  const { base64 } = value as { readonly base64?: unknown };
  if (typeof base64 !== "string") throw invalid("a value of the archive cannot be read");
  return new Uint8Array(Buffer.from(base64, "base64"));
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    throw invalid("a line of the archive is not JSON");
  }
}

function invalid(message: string): StoreError {
  return new StoreError("store_invalid", message);
}
