import { payloadColumns } from "../../audit/row-columns.ts";
import type { HasherOf } from "../../audit-chain.ts";
import { StoreError } from "../../store-error.ts";
import type { Connections, RunStatement } from "../database/connections.ts";
import { rowsTable, type Segment, wordsTable } from "./audit-segments.ts";

const columns = payloadColumns.join(", ");
const emptied = payloadColumns.map((column) => `${column} = NULL`).join(", ");

/**
 * Takes the payload out of every row of a call, and out of the text index; false where there is none. The payload's digest
 * stays, so that the chain still proves the row. The server frees the old bytes with its next vacuum, asked for here.
 */
export async function erasePayload(
  connections: Connections,
  callId: string,
  { segments, hasherOf }: { readonly segments: readonly Segment[]; readonly hasherOf: HasherOf },
): Promise<boolean> {
  let isThere = false;
  for (const { number, state } of segments) {
    if (state === "dropped") continue;
    const erased = await connections.transaction((run) => eraseIn(run, { number, callId, hasherOf }));
    if (!erased) continue;
    isThere = true;
    await connections.run({ text: `VACUUM ${rowsTable(number)}` });
    await connections.run({ text: `VACUUM ${wordsTable(number)}` });
  }
  return isThere;
}

async function eraseIn(
  run: RunStatement,
  { number, callId, hasherOf }: { readonly number: number; readonly callId: string; readonly hasherOf: HasherOf },
): Promise<boolean> {
  // The words first, and the lock on the partition's progress: no step of indexing may be between reading and writing them.
  const [segment] = await run({
    text: "SELECT FROM audit_segments WHERE number = $1 AND state <> 'dropped' FOR UPDATE",
    values: [number],
  });
  // Retention has dropped it meanwhile.
  if (segment === undefined) return false;
  const rows = await run({
    text: `SELECT position, writer, payload_digest, ${columns} FROM ${rowsTable(number)} WHERE call_id = $1 FOR UPDATE`,
    values: [callId],
  });
  for (const [position, writer, digest, ...payload] of rows) {
    // A row that has been erased keeps the digest it has: the one of an empty payload would prove nothing.
    if (digest !== null) continue;
    const hasher = hasherOf(String(writer));
    if (hasher === undefined)
      throw new StoreError("store_invalid", `the chain key of ${String(writer)} is not in the key ring`);
    await run({
      text: `UPDATE ${rowsTable(number)} SET payload_digest = $2, ${emptied} WHERE position = $1`,
      // The payload's columns are texts or null.
      values: [position, hasher.payloadDigest(payload as (string | null)[])],
    });
    await run({ text: `DELETE FROM ${wordsTable(number)} WHERE position = $1`, values: [position] });
  }
  return rows.length > 0;
}
