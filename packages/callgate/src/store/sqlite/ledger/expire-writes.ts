import type { DatabaseSync } from "node:sqlite";
import { parameter, prepare, queries } from "../database/queries.ts";

/** Removes at most `limit` rows that finished before a time; gives their number. */
export function createExpireWrites(database: DatabaseSync): (finishedBefore: number, limit: number) => number {
  const remove = prepare(
    database,
    queries
      .deleteFrom("writes")
      .where("position", "in", (from) =>
        from
          .selectFrom("writes")
          .select("position")
          .where("finished_at", "<", parameter<number>(1))
          .limit(parameter<number>(2)),
      ),
  );
  return (finishedBefore, limit) => Number(remove.run(finishedBefore, limit).changes);
}
