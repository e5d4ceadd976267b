import type { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { OPEN_STATES } from "../../ledger-port.ts";
import { parameter, prepare, queries } from "../database/queries.ts";

/** Removes at most `limit` rows past their expiry that are not open; gives their number. */
export function createExpireWrites(database: DatabaseSync): (now: number, limit: number) => number {
  const remove = prepare(
    database,
    queries.deleteFrom("writes").where("position", "in", (from) =>
      from
        .selectFrom("writes")
        .select("position")
        .where("expires_at", "<=", parameter<number>(1))
        .where((row) =>
          row(
            "state",
            "not in",
            OPEN_STATES.map((state) => sql.lit(state)),
          ),
        )
        .limit(parameter<number>(2)),
    ),
  );
  return (now, limit) => Number(remove.run(now, limit).changes);
}
