import { dirname, resolve } from "node:path";
import { env } from "../define/secret.ts";
import type { StoreDeclaration } from "./port.ts";
import { postgres } from "./postgres/postgres.ts";
import { sqlite } from "./sqlite/sqlite.ts";

/**
 * PostgreSQL where the environment variable `DATABASE_URL` is set, else SQLite at `path`: one config for a laptop and for
 * many machines. The gate's own files are in the folder of `path` either way.
 */
export function storeFromEnvironment(path: string): StoreDeclaration {
  const address = process.env["DATABASE_URL"];
  if (address === undefined || address === "") return sqlite(path);
  return postgres(env("DATABASE_URL"), { folder: dirname(resolve(path)) });
}
