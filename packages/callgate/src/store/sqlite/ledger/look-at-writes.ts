import { sql } from "kysely";
import type { LedgerQuery } from "../../ledger-port.ts";
import type { DatabaseReader } from "../database/database-reader.ts";
import { queries } from "../database/queries.ts";
import { type WriteValues, writeColumns } from "./write-columns.ts";

/** A page of writes, newest first, and where the next one begins (null: there is none). */
export function listWrites(
  reader: DatabaseReader,
  query: LedgerQuery,
): readonly [readonly WriteValues[], string | null] {
  const { subject, tool, state, limit, cursor } = query;
  let select = queries
    .selectFrom("writes")
    .select([...writeColumns, "position"])
    .orderBy("position", "desc");
  if (subject !== undefined) select = select.where("subject", "=", subject);
  if (tool !== undefined) select = select.where("tool", "=", tool);
  if (state !== undefined) select = select.where("state", "=", state);
  if (cursor !== undefined) select = select.where("position", "<", Number(cursor));
  const rows = reader.all(select.limit(limit + 1));
  const page = rows.slice(0, limit);
  return [page, rows.length > limit ? String(page.at(-1)?.at(-1)) : null];
}

/** Writes that were under way when their holder's lease ended, and those finished since a time. */
export function unsettledWrites(reader: DatabaseReader, now: number, since: number): readonly WriteValues[] {
  return reader.all(
    queries
      .selectFrom("writes")
      .select(writeColumns)
      .where((row) =>
        row.or([
          row.and([row("state", "in", sql<"claimed">`('claimed', 'running')`), row("lease_until", "<", now)]),
          row("finished_at", ">=", since),
        ]),
      )
      .orderBy("position"),
  );
}
