import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import type { BusinessAddress } from "./database/business-database.ts";

const NUMBERS: ReadonlySet<number> = new Set([20, 23]);

/** Runs one statement past the business, as another program would; gives its rows. `rentals.` before a table is left out on SQLite. */
export async function queryDirectly(at: BusinessAddress, statement: string): Promise<readonly Row[]> {
  if ("path" in at) {
    using file = new DatabaseSync(at.path, { timeout: 5_000 });
    return file.prepare(statement.replaceAll("rentals.", "")).all();
  }
  const client = new pg.Client({
    connectionString: at.url,
    types: { getTypeParser: (type) => (NUMBERS.has(type) ? Number : String) },
  });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

type Row = Readonly<Record<string, unknown>>;
