import type { Connection } from "../connection.ts";
import { SCHEMA, SCHEMA_VERSION } from "../schema.ts";
import { Random } from "./random.ts";
import { seedBookings } from "./seed-bookings.ts";
import { seedGuests } from "./seed-guests.ts";
import { seedProperties } from "./seed-properties.ts";

const SEED = 20_261_101;

/** Makes the schema and the example's data in an empty database, in one transaction; leaves one that has them alone. */
export function seedBusiness(connection: Connection): void {
  connection.transaction(() => {
    const version = connection.get<{ user_version: number }>("PRAGMA user_version")?.user_version;
    if (version === SCHEMA_VERSION) return;
    if (version !== 0) throw new Error(`the database has version ${version}, this code needs ${SCHEMA_VERSION}`);
    connection.execute(SCHEMA);
    const random = new Random(SEED);
    const properties = seedProperties(connection, random);
    seedGuests(connection, random);
    seedBookings(connection, random, properties);
    connection.execute(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}
