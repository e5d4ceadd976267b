import type { BusinessDatabase } from "./database/business-database.ts";
import type { Month } from "./months.ts";
import { type ReportContext, runOfReport } from "./report-context.ts";
import { staysInMonth } from "./stays-in-month.ts";

/** What one home was let for in a month; `revenue` is in cents of the home's currency. */
export interface LetInMonth {
  readonly nights_let: number;
  readonly revenue: number;
}

/** Nights and revenue of each home that was let in a month, by its id. */
export async function letInMonth(
  database: BusinessDatabase,
  month: Month,
  context: ReportContext,
): Promise<ReadonlyMap<string, LetInMonth>> {
  const query = database.queries
    .with("stays", (queries) => staysInMonth(database, queries, month))
    .selectFrom("stays")
    .select(({ fn }) => [
      "property_id",
      fn.sum<number>("nights_let").as("nights_let"),
      fn.sum<number>("revenue").as("revenue"),
    ])
    .groupBy("property_id")
    .orderBy("property_id");
  const rows = await runOfReport(database, query, context);
  return new Map(rows.map(({ property_id, nights_let, revenue }) => [property_id, { nights_let, revenue }]));
}
