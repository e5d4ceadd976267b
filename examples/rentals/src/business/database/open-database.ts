import type { BusinessAddress, BusinessDatabase, DatabaseAccess } from "./business-database.ts";
import { openSqlite } from "./sqlite-database.ts";

/** Opens the business's database for one kind of access, which the engine itself enforces. */
export async function openDatabase(address: BusinessAddress, access: DatabaseAccess): Promise<BusinessDatabase> {
  if ("path" in address) return openSqlite(address.path, access);
  // Loaded only here: on SQLite nobody pays for it.
  const { openPostgres } = await import("./postgres-database.ts");
  return await openPostgres(address, access);
}
