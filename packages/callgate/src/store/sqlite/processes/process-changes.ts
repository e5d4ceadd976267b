import type { DatabaseSync } from "node:sqlite";
import { parameter, prepare, queries } from "../database/queries.ts";
import type { Operation } from "../threads/batch.ts";

/** A process on its way to the ledger's thread. */
export type ProcessOperation =
  | readonly [name: "process-beat", owner: string, heardAt: number]
  | readonly [name: "process-list"]
  | readonly [name: "process-take", owner: string, heardAt: number, now: number]
  | readonly [name: "process-forget", owner: string];

/** Prepares what the ledger's thread does with processes. */
export function createProcessChanges(database: DatabaseSync): (operation: Operation) => unknown {
  const beat = prepare(database, upsertHeard());
  const list = prepare(database, queries.selectFrom("processes").select(["owner", "heard_at"]));
  const take = prepare(
    database,
    queries
      .updateTable("processes")
      .set({ heard_at: parameter<number>(3) })
      .where("owner", "=", parameter<string>(1))
      .where("heard_at", "=", parameter<number>(2)),
  );
  const forget = prepare(database, queries.deleteFrom("processes").where("owner", "=", parameter<string>(1)));
  return (operation) => {
    // Made by process-store.ts alone.
    const [name, ...values] = operation as ProcessOperation;
    switch (name) {
      case "process-beat":
        return void beat.run(...values);
      case "process-list":
        return list.all();
      case "process-take":
        return take.run(...values).changes === 1;
      case "process-forget":
        return void forget.run(...values);
    }
  };
}

function upsertHeard() {
  return queries
    .insertInto("processes")
    .values({ owner: parameter<string>(1), heard_at: parameter<number>(2) })
    .onConflict((conflict) => conflict.column("owner").doUpdateSet({ heard_at: parameter<number>(2) }));
}
