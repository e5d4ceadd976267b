import type { DatabaseSync } from "node:sqlite";
import { sql } from "../../kysely.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import type { Operation } from "../threads/batch.ts";

/** A change of a credential on its way to the ledger's thread. */
export type TokenOperation =
  | readonly [name: "token-lease", token: string, owner: string, now: number, until: number]
  | readonly [name: "token-release", token: string, owner: string]
  | readonly [name: "token-put", token: string, version: number, sealed: Uint8Array | null, at: number];

/** Performs a change of credentials within the ledger's transaction; true where it took place. */
export function createTokenChanges(database: DatabaseSync): (operation: Operation) => boolean {
  const lease = prepare(database, upsertLease());
  const release = prepare(
    database,
    queries
      .updateTable("upstream_tokens")
      .set({ owner: sql.lit(null), lease_until: sql.lit(0) })
      .where("name", "=", parameter<string>(1))
      .where("owner", "=", parameter<string>(2)),
  );
  const put = prepare(database, updateToken());
  return (operation) => {
    // Made by token-store.ts alone.
    const [name, ...values] = operation as TokenOperation;
    switch (name) {
      case "token-lease":
        return lease.run(...values).changes === 1;
      case "token-release":
        return release.run(...values).changes === 1;
      case "token-put":
        return put.run(...values).changes === 1;
    }
  };
}

function upsertLease() {
  const [owner, now, until] = [parameter<string>(2), parameter<number>(3), parameter<number>(4)];
  return queries
    .insertInto("upstream_tokens")
    .values({
      name: parameter<string>(1),
      version: sql.lit(0),
      updated_at: now,
      owner,
      lease_until: until,
      sealed: sql.lit(null),
    })
    .onConflict((conflict) =>
      conflict
        .column("name")
        .doUpdateSet({ owner, lease_until: until })
        .where((row) =>
          row.or([
            row("upstream_tokens.owner", "is", sql.lit(null)),
            row("upstream_tokens.owner", "=", owner),
            row("upstream_tokens.lease_until", "<=", now),
          ]),
        ),
    );
}

function updateToken() {
  return queries
    .updateTable("upstream_tokens")
    .set({
      version: sql<number>`version + 1`,
      sealed: parameter<Uint8Array | null>(3),
      updated_at: parameter<number>(4),
    })
    .where("name", "=", parameter<string>(1))
    .where("version", "=", parameter<number>(2));
}
