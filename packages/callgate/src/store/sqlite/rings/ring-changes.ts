import type { DatabaseSync } from "node:sqlite";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";
import type { Operation } from "../threads/batch.ts";

/** A ring that joins, or that is adopted, on its way to the ledger's thread. */
export type RingOperation = readonly [
  name: "ring-join" | "ring-adopt",
  at: number,
  sealing: string,
  ...known: readonly string[],
];

/** Notes the keys of rings within the ledger's transaction; gives the newest key where a ring that joins lacks it, else null. */
export function createRingChanges(database: DatabaseSync): (operation: Operation) => string | null {
  const newestKey = prepare(database, selectNewest());
  const seen = prepare(database, selectSeen());
  const forget = prepare(database, queries.deleteFrom("ring_keys").where("id", "=", parameter<string>(1)));
  const note = prepare(
    database,
    queries.insertInto("ring_keys").values({ id: parameter<string>(1), at: parameter<number>(2) }),
  );
  return (operation) => {
    // Made by ring-store.ts alone.
    const [name, at, sealing, ...known] = operation as RingOperation;
    if (name === "ring-adopt") forget.run(sealing);
    else {
      const newest = firstRow(newestKey)?.[0];
      if (typeof newest === "string" && !known.includes(newest)) return newest;
    }
    if (firstRow(seen, sealing) === undefined) note.run(sealing, at);
    return null;
  };
}

function selectNewest() {
  return queries.selectFrom("ring_keys").select("id").orderBy("position", "desc");
}

function selectSeen() {
  return queries.selectFrom("ring_keys").select("id").where("id", "=", parameter<string>(1));
}
