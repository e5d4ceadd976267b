import { type Compilable, type RawBuilder, sql } from "kysely";
import type { BusinessDatabase } from "./database/business-database.ts";
import type { Month } from "./months.ts";
import { type ReportContext, runOfReport } from "./report-context.ts";
import { staysInMonth } from "./stays-in-month.ts";

/** A month's revenue in one currency, in cents, and between what it would have been in nine of ten months with such stays. */
export interface RevenueRange {
  readonly currency: string;
  readonly revenue: number;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

interface Simulation {
  readonly month: Month;
  readonly simulations: number;
  /** Told which share of the simulations is done, each time that more are to come. */
  readonly onShare?: (share: number) => void;
}

interface Run {
  readonly run: number;
  readonly currency: string;
  readonly revenue: number;
}

const FIRST_STEP = 20;

/**
 * Draws as many stays as a month had out of those it had, with replacement, again and again (the bootstrap), and says between
 * what the revenues lie. Run 0 is the month itself. The draws follow from run and place alone: the same on every engine.
 */
export async function simulateRevenue(
  database: BusinessDatabase,
  { month, simulations, onShare }: Simulation,
  context: ReportContext,
): Promise<readonly RevenueRange[]> {
  const { stepMs } = database.longQueries;
  const runs: Run[] = [];
  let size = FIRST_STEP;
  for (let first = 0; first <= simulations; ) {
    const began = performance.now();
    const last = Math.min(first + size - 1, simulations);
    for (const run of await runOfReport(database, drawStays(database, month, { first, last }), context)) runs.push(run);
    first += size;
    if (first <= simulations) onShare?.(first / (simulations + 1));
    // Twice as many at most: the first step of a month says little about the next.
    const fitting = (size * stepMs) / (performance.now() - began);
    size = Math.max(1, Math.min(size * 2, Math.floor(fitting)));
  }
  const byCurrency = Map.groupBy(runs, ({ currency }) => currency);
  return [...byCurrency].map(([currency, ofCurrency]) =>
    toRange(
      currency,
      ofCurrency.map(({ revenue }) => revenue),
    ),
  );
}

function toRange(currency: string, [revenue = 0, ...simulated]: readonly number[]): RevenueRange {
  const ascending = simulated.toSorted((a, b) => a - b);
  const at = (share: number): number => ascending[Math.floor(share * (ascending.length - 1))] ?? revenue;
  return { currency, revenue, low: at(0.05), middle: at(0.5), high: at(0.95) };
}

interface Runs {
  readonly first: number;
  readonly last: number;
}

function drawStays(database: BusinessDatabase, month: Month, { first, last }: Runs): Compilable<Run> {
  const salt = Number(month.name.replace("-", ""));
  const place = sql.ref("place.of_currency");
  const run = sql.ref("runs.run");
  // Squares modulo a prime: whole numbers below 2^63 throughout, so that no engine rounds.
  const seed = sql`(${run} * 48271 + ${place} * 69621 + ${sql.lit(salt)}) % 2147483647`;
  const mixed = sql`((${seed}) * (${seed}) + ${place} * 16807) % 2147483647`;
  const drawn = sql`(${mixed}) * (${mixed}) % 2147483647 % ${sql.ref("place.stays")}`;
  // One number over all currencies: a single key to join by, or PostgreSQL joins the currencies first and tries every pair.
  const number = sql.ref("place.number");
  const taken = sql<number>`CASE WHEN ${run} = 0 THEN ${number} ELSE ${number} - ${place} + ${drawn} END`;
  const whole = (value: number): RawBuilder<number> => sql<number>`CAST(${sql.lit(value)} AS bigint)`;
  return database.queries
    .withRecursive("stays", (queries) => staysInMonth(database, queries, month))
    .withRecursive("runs(run)", (queries) =>
      queries
        .selectNoFrom(whole(first).as("run"))
        .unionAll(queries.selectFrom("runs").select(sql<number>`run + 1`.as("run")).where("run", "<", last)),
    )
    .with("places", (queries) =>
      queries
        .selectFrom("stays")
        .select(["currency", "revenue"])
        .select(sql<number>`row_number() OVER (ORDER BY currency, booking_id) - 1`.as("number"))
        .select(sql<number>`row_number() OVER (PARTITION BY currency ORDER BY booking_id) - 1`.as("of_currency"))
        .select(sql<number>`count(*) OVER (PARTITION BY currency)`.as("stays")),
    )
    .selectFrom("runs")
    .innerJoin("places as place", (join) => join.onTrue())
    .innerJoin("places as stay", (join) => join.on("stay.number", "=", taken))
    .select(({ fn }) => ["runs.run", "place.currency", fn.sum<number>("stay.revenue").as("revenue")])
    .groupBy(["runs.run", "place.currency"])
    .orderBy("runs.run")
    .orderBy("place.currency");
}
