import type { DatabaseSync } from "node:sqlite";
import { parameter, prepare, queries } from "../database/queries.ts";

/** A process that has not looked for so many signals is told to look at everything. */
const KEPT = 1_000;

/** Notes signals for the other processes on the file, within the ledger's transaction. */
export function createSignalChanges(database: DatabaseSync): (origin: string, bodies: readonly string[]) => void {
  const insert = prepare(
    database,
    queries.insertInto("signals").values({ origin: parameter<string>(1), body: parameter<string>(2) }),
  );
  const trim = prepare(database, queries.deleteFrom("signals").where("position", "<=", parameter<number>(1)));
  return (origin, bodies) => {
    let last = 0;
    for (const body of bodies) last = Number(insert.run(origin, body).lastInsertRowid);
    trim.run(last - KEPT);
  };
}
