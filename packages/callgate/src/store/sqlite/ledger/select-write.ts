import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { type WriteValues, writeColumns } from "../../ledger/write-columns.ts";
import { parameter, prepare, queries } from "../database/queries.ts";
import { firstRow } from "../database/statements.ts";

const HASH_DIGITS = 12;

/** Finds a write by subject, tool and key. */
export type SelectWrite = (subject: string, tool: string, key: string) => WriteValues | undefined;

/** Prepares the statement. Two keys may share a hash: the row is the one whose words are the same. */
export function createSelectWrite(database: DatabaseSync): SelectWrite {
  const byKey = prepare(
    database,
    queries
      .selectFrom("writes")
      .select(writeColumns)
      .where("key_hash", "=", parameter<number>(1))
      .where("subject", "=", parameter<string>(2))
      .where("tool", "=", parameter<string>(3))
      .where("key", "=", parameter<string>(4)),
  );
  return (subject, tool, key) => firstRow(byKey, keyHash(subject, tool, key), subject, tool, key);
}

/** 48 bits, evenly spread, under which a write is found. */
export function keyHash(subject: string, tool: string, key: string): number {
  return Number.parseInt(hash("sha256", JSON.stringify([subject, tool, key]), "hex").slice(0, HASH_DIGITS), 16);
}
