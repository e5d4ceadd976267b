import type { DatabaseSync } from "node:sqlite";
import { parameter, prepare, queries } from "../database/queries.ts";

/** Removes at most `limit` finished rows past their expiry; gives their number. */
export function createExpireWrites(database: DatabaseSync): (now: number, limit: number) => number {
  const remove = prepare(
    database,
    queries
      .deleteFrom("writes")
      .where("position", "in", (from) =>
        from
          .selectFrom("writes")
          .select("position")
          .where("finished_at", "is not", null)
          .where("expires_at", "<=", parameter<number>(1))
          .limit(parameter<number>(2)),
      ),
  );
  return (now, limit) => Number(remove.run(now, limit).changes);
}
