import { sql } from "../../kysely.ts";
import { placeOf } from "../../ledger/list-place.ts";
import { sealedColumns, type WriteValues, writeColumns } from "../../ledger/write-columns.ts";
import type { LedgerQuery } from "../../ledger-port.ts";
import { isOpen } from "../../ledger-rows.ts";
import type { DatabaseReader } from "../database/database-reader.ts";
import { queries } from "../database/queries.ts";

const isSealed = (column: string): boolean => (sealedColumns as readonly string[]).includes(column);

/** A page of writes without what is sealed on them, newest first, and where the next one begins (null: there is none). */
export function listWrites(
  reader: DatabaseReader,
  query: LedgerQuery,
): readonly [readonly WriteValues[], string | null] {
  const { subject, tenant, tool, state, limit, cursor } = query;
  let select = queries
    .selectFrom("writes")
    .select([...writeColumns.map((column) => (isSealed(column) ? sql.lit(null).as(column) : column)), "position"])
    .orderBy("position", "desc");
  if (subject !== undefined) select = select.where("subject", "=", subject);
  if (tenant !== undefined) select = select.where("tenant", "=", tenant);
  if (tool !== undefined) select = select.where("tool", "=", tool);
  if (state !== undefined) select = select.where("state", "=", state);
  // There are few open rows, and an index of them alone.
  if (state !== undefined && isOpen(state)) select = select.where("finished_at", "is", null);
  if (cursor !== undefined) select = select.where("position", "<", placeOf(cursor));
  const rows = reader.all(select.limit(limit + 1));
  const page = rows.slice(0, limit);
  return [page, rows.length > limit ? String(page.at(-1)?.at(-1)) : null];
}

/** Writes that were under way when their holder's lease ended. */
export function abandonedWrites(reader: DatabaseReader, now: number): readonly WriteValues[] {
  const select = queries
    .selectFrom("writes")
    .select(writeColumns)
    .where("finished_at", "is", null)
    .where("state", "in", ["claimed", "running"])
    .where("lease_until", "<", now);
  return reader.all(select.orderBy("position"));
}

/** Writes that a holder has moved last: open ones, and those that it has finished since a time. */
export function writesHeldBy(reader: DatabaseReader, owner: string, since: number): readonly WriteValues[] {
  const writes = queries.selectFrom("writes").select(writeColumns).where("owner", "=", owner).orderBy("position");
  return [writes.where("finished_at", "is", null), writes.where("finished_at", ">=", since)].flatMap((select) =>
    reader.all(select),
  );
}
