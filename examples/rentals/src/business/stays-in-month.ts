import { type QueryCreator, type SelectQueryBuilder, sql } from "kysely";
import type { BusinessDatabase } from "./database/business-database.ts";
import type { BusinessTables } from "./database/tables.ts";
import type { Month } from "./months.ts";
import { addDays, LONGEST_STAY } from "./stay-dates.ts";

/** The part of a stay that falls into a month; `revenue` is that part of its price, in whole cents. */
export interface StayInMonth {
  readonly booking_id: string;
  readonly property_id: string;
  readonly currency: string;
  readonly nights_let: number;
  readonly revenue: number;
}

/** Every stay that falls into a month, and was not cancelled. */
export function staysInMonth(
  database: BusinessDatabase,
  queries: QueryCreator<BusinessTables>,
  { start, until }: Month,
): SelectQueryBuilder<BusinessTables, "bookings", StayInMonth> {
  const [arrival, departure] = [sql.ref("start_date"), sql.ref("end_date")];
  const from = sql`CASE WHEN ${arrival} > ${start} THEN ${arrival} ELSE ${start} END`;
  const to = sql`CASE WHEN ${departure} < ${until} THEN ${departure} ELSE ${until} END`;
  const inside = database.nightsBetween(from, to);
  return queries
    .selectFrom("bookings")
    .select(["booking_id", "property_id", "currency", inside.as("nights_let")])
    .select(sql<number>`total * ${inside} / ${database.nightsBetween(arrival, departure)}`.as("revenue"))
    .where("status", "<>", "cancelled")
    .where("start_date", "<", until)
    .where("start_date", ">", addDays(start, -LONGEST_STAY))
    .where("end_date", ">", start);
}
