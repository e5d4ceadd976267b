import { sealedColumns, toLedgerRow, type WriteValues, writeColumns } from "../../ledger/write-columns.ts";
import type { LedgerRow } from "../../ledger-port.ts";
import { type Connections, quoted, type Row, type Statement } from "../database/connections.ts";
import { persist } from "../database/persist.ts";

const bytes: ReadonlySet<string> = new Set(sealedColumns);

/** Columns of a write as a query names them. */
export const selectedColumns: string = writeColumns.map(quoted).join(", ");

/** The same, with nothing in place of what is sealed. */
export const listedColumns: string = writeColumns
  .map((column) => (bytes.has(column) ? `NULL AS ${quoted(column)}` : quoted(column)))
  .join(", ");

/** Asks for writes by their columns, in that order; what follows them in a row is left alone. */
export async function selectWrites(connections: Connections, statement: Statement): Promise<readonly LedgerRow[]> {
  return (await persist(() => connections.run(statement))).map(rowFromValues);
}

/** The row that the port speaks of. */
export function rowFromValues(values: Row): LedgerRow {
  // Both stores have these columns with the same types.
  return toLedgerRow(values as WriteValues);
}

/** The same out of JSON, in which bytes are hexadecimal text. */
export function rowFromJson(text: string): LedgerRow {
  const row = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return rowFromValues(
    writeColumns.map((column) => {
      const value = row[column];
      return bytes.has(column) && typeof value === "string"
        ? new Uint8Array(Buffer.from(value.slice(2), "hex"))
        : value;
    }),
  );
}
