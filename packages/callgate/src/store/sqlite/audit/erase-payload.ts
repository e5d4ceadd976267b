import { payloadColumns } from "../../audit/row-columns.ts";
import type { ChainHasher } from "../../audit-chain.ts";
import { openDatabase } from "../database/open-database.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";
import { segmentPath } from "./audit-files.ts";
import { forgetText } from "./index-texts.ts";

/** Where a row is, and what its digest is made with. */
export interface ErasePlace {
  readonly folder: string;
  readonly segment: number;
  readonly position: number;
  readonly hasherOf: (writer: string) => ChainHasher;
}

/** Takes the payload out of a row and its text index; its digest stays, so that the chain still proves the row. */
export function erasePayload({ folder, segment, position, hasherOf }: ErasePlace): void {
  const rows = openDatabase(segmentPath(folder, segment));
  try {
    rows.exec("BEGIN IMMEDIATE");
    const found = firstRow(prepare(rows, selectPayload()), position);
    // A row that has been erased keeps the digest it has: the one of an empty payload would prove nothing.
    if (found !== undefined && found[1] === null) {
      const [writer, , ...payload] = found;
      const digest = hasherOf(String(writer)).payloadDigest(payload as (string | null)[]);
      prepare(rows, updateErased()).run(position, digest);
    }
    rows.exec("COMMIT");
    // The log still has the old page; a reader that needs it delays this to the next checkpoint.
    rows.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    if (rows.isTransaction) rows.exec("ROLLBACK");
    rows.close();
  }
  forgetText(folder, segment, position);
}

function selectPayload() {
  return queries
    .selectFrom("rows")
    .select(["writer", "payload_digest", ...payloadColumns])
    .where("position", "=", parameter<number>(1));
}

function updateErased() {
  return queries
    .updateTable("rows")
    .set({
      payload_digest: parameter<string>(2),
      ...Object.fromEntries(payloadColumns.map((column) => [column, null] as const)),
    })
    .where("position", "=", parameter<number>(1));
}
