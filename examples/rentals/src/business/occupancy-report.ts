import type { BusinessDatabase } from "./database/business-database.ts";
import { letInMonth } from "./let-in-month.ts";
import { monthsBetween } from "./months.ts";
import { PROPERTY_COLUMNS } from "./properties.ts";
import type { ReportContext } from "./report-context.ts";
import { type RevenueRange, simulateRevenue } from "./simulate-revenue.ts";

/** Which months to report on, as `2027-05`, both included; `simulations` of each say how far its revenue might have been off. */
export interface OccupancyRequest {
  readonly from: string;
  readonly until: string;
  readonly simulations: number;
}

/** How much of what could be let was let. `occupancy` is in percent, with one decimal; `revenue` in cents. */
interface Let {
  readonly nights: number;
  readonly nights_let: number;
  readonly occupancy: number;
}

export interface OccupancyOfMonth extends Let {
  readonly month: string;
  readonly revenue: readonly RevenueRange[];
}

export interface OccupancyOfHome extends Let {
  readonly property_id: string;
  readonly name: string;
  readonly revenue: number;
  readonly currency: string;
}

/** Occupancy and revenue of every month and of every home. */
export interface OccupancyReport {
  readonly simulations: number;
  readonly months: readonly OccupancyOfMonth[];
  readonly homes: readonly OccupancyOfHome[];
}

/**
 * Reports occupancy and revenue, month after month. It takes as long as its simulations: a hundred are done in seconds, a
 * hundred thousand take minutes. Throws `invalid_dates`, or the signal's reason.
 */
export async function buildOccupancyReport(
  database: BusinessDatabase,
  { from, until, simulations }: OccupancyRequest,
  context: ReportContext,
): Promise<OccupancyReport> {
  const months = monthsBetween(from, until);
  const homes = (
    await database.queries.selectFrom("properties").select(PROPERTY_COLUMNS).orderBy("property_id").execute()
  ).map((property) => ({ ...property, nights_let: 0, revenue: 0 }));
  const ofMonths: OccupancyOfMonth[] = [];
  const tell = progressOf(months.length, context);
  for (const [done, month] of months.entries()) {
    tell(done, month.name);
    const found = await letInMonth(database, month, context);
    for (const home of homes) {
      const { nights_let = 0, revenue = 0 } = found.get(home.property_id) ?? {};
      home.nights_let += nights_let;
      home.revenue += revenue;
    }
    const nightsLet = [...found.values()].reduce((sum, { nights_let }) => sum + nights_let, 0);
    const revenue = await simulateRevenue(
      database,
      { month, simulations, onShare: (share) => tell(done + share, month.name) },
      context,
    );
    ofMonths.push({ month: month.name, ...toLet(nightsLet, homes.length * month.days), revenue });
  }
  tell(months.length, until);
  const days = months.reduce((sum, month) => sum + month.days, 0);
  return {
    simulations,
    months: ofMonths,
    homes: homes.map(({ property_id, name, nights_let, revenue, currency }) => ({
      property_id,
      name,
      ...toLet(nights_let, days),
      revenue,
      currency,
    })),
  };
}

/** Tells how many months are done, in hundredths of a month: more each time, or nothing. */
function progressOf(total: number, { onProgress }: ReportContext): (done: number, month: string) => void {
  let told = -1;
  return (exactly, month) => {
    const done = Math.floor(exactly * 100) / 100;
    if (done <= told) return;
    told = done;
    onProgress?.({ done, total, month });
  };
}

function toLet(nights_let: number, nights: number): Let {
  return { nights, nights_let, occupancy: Math.round((nights_let / nights) * 1_000) / 10 };
}
