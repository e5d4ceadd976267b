import { type BusinessDatabase, SCHEMA_VERSION } from "../database/business-database.ts";
import type { BusinessTables, Queries } from "../database/tables.ts";
import { inventBusiness } from "./invent-business.ts";

const ROWS_AT_ONCE = 500;

/**
 * Makes the schema and the example's data in an empty database, in one transaction; leaves one that has them alone. However many
 * processes come at once, one does it and the others wait.
 */
export async function seedBusiness(database: BusinessDatabase): Promise<void> {
  await database.transaction(async (queries) => {
    const version = await database.version(queries);
    if (version !== 0 && version !== SCHEMA_VERSION) {
      throw new Error(`the database has version ${version}, this code needs ${SCHEMA_VERSION}`);
    }
    if (version === 0) {
      await database.makeSchema(queries);
      const rows = inventBusiness();
      for (const table of Object.keys(rows) as (keyof BusinessTables)[]) await insertAll(queries, table, rows[table]);
    }
    await database.admitReaders(queries);
  });
}

async function insertAll(queries: Queries, table: keyof BusinessTables, rows: readonly object[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    // The rows are those of the table; TypeScript does not follow that through a loop over all tables.
    await queries
      .insertInto(table)
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
  }
}
