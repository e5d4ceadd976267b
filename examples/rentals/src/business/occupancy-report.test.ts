import { afterAll, beforeAll, expect, test } from "vitest";
import {
  describeWithPostgres,
  usePostgres,
} from "../../../../packages/callgate/src/store/postgres/testing/use-postgres.ts";
import { monthsBetween } from "./months.ts";
import type { BusinessReader } from "./open-business.ts";
import type { QueryCost } from "./report-context.ts";
import { countNights } from "./stay-dates.ts";
import { describeOnBothEngines, openTemporaryBusiness, type TemporaryBusiness } from "./temporary-business.ts";

const QUARTER = { from: "2026-11", until: "2027-01" } as const;
const never = new AbortController().signal;

/** Nights that were let, counted stay by stay. */
async function nightsLet(reader: BusinessReader, start: string, until: string): Promise<number> {
  const { items } = await reader.findBookings({ start, end: until, limit: 10_000 });
  const standing = items.filter(({ status }) => status !== "cancelled");
  const inside = standing.map((stay) =>
    countNights(stay.start > start ? stay.start : start, stay.end < until ? stay.end : until),
  );
  return inside.reduce((sum, nights) => sum + nights, 0);
}

describeOnBothEngines((engine) => {
  let business: TemporaryBusiness;
  beforeAll(async () => {
    business = await openTemporaryBusiness(engine);
  });
  afterAll(() => business[Symbol.asyncDispose]());

  test("counts the nights that were let, by month and by home", async () => {
    const { reader } = business;
    const { months, homes } = await reader.buildOccupancyReport({ ...QUARTER, simulations: 0 }, { signal: never });
    expect(months.map(({ month, nights }) => [month, nights])).toEqual([
      ["2026-11", 120 * 30],
      ["2026-12", 120 * 31],
      ["2027-01", 120 * 31],
    ]);
    for (const [at, { start, until }] of monthsBetween("2026-11", "2027-01").entries()) {
      expect(months[at]?.nights_let).toBe(await nightsLet(reader, start, until));
    }
    const sum = (of: readonly { readonly nights_let: number }[]): number =>
      of.reduce((all, one) => all + one.nights_let, 0);
    expect(sum(homes)).toBe(sum(months));
    expect(homes).toHaveLength(120);
  });

  test("says between what a month's revenue lies", async () => {
    const request = { from: "2027-01", until: "2027-01", simulations: 300 };
    const { months, homes } = await business.reader.buildOccupancyReport(request, { signal: never });
    const revenue = months[0]?.revenue ?? [];
    expect(revenue.map(({ currency }) => currency)).toEqual(["DKK", "EUR", "GBP"]);
    for (const { currency, low, middle, high, revenue: actual } of revenue) {
      const ofHomes = homes.filter((home) => home.currency === currency);
      expect(actual).toBe(ofHomes.reduce((sum, home) => sum + home.revenue, 0));
      expect(low).toBeLessThan(actual);
      expect(high).toBeGreaterThan(actual);
      expect(Math.abs(middle - actual) / actual).toBeLessThan(0.1);
    }
  });

  test("tells how far it is month by month, and what each query cost", async () => {
    const told: unknown[] = [];
    const costs: QueryCost[] = [];
    await business.reader.buildOccupancyReport(
      { ...QUARTER, simulations: 10 },
      { signal: never, onProgress: (progress) => told.push(progress), onCost: (cost) => costs.push(cost) },
    );
    expect(told).toEqual([
      { done: 0, total: 3, month: "2026-11" },
      { done: 1, total: 3, month: "2026-12" },
      { done: 2, total: 3, month: "2027-01" },
      { done: 3, total: 3, month: "2027-01" },
    ]);
    // Three currencies, eleven runs, three months; and homes by month.
    expect(costs.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(3 * 11 * 3);
    expect(costs.every(({ queries }) => queries === 1)).toBe(true);
  });

  test("tells how far it is within a month too, and never the same twice", async () => {
    const told: number[] = [];
    const month = { from: "2026-12", until: "2026-12", simulations: 400 };
    const onProgress = ({ done }: { readonly done: number }): void => void told.push(done);
    await business.reader.buildOccupancyReport(month, { signal: never, onProgress });
    expect([told[0], told.at(-1)]).toEqual([0, 1]);
    expect(told.filter((done) => done > 0 && done < 1).length).toBeGreaterThanOrEqual(3);
    expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
  });

  test("ends where it is cancelled, and says what it has cost until then", async () => {
    const cancel = new AbortController();
    const costs: QueryCost[] = [];
    const report = business.reader.buildOccupancyReport(
      { from: "2025-01", until: "2027-12", simulations: 1_000_000 },
      {
        signal: cancel.signal,
        onCost: (cost) => {
          costs.push(cost);
          cancel.abort(new Error("no longer wanted"));
        },
      },
    );
    await expect(report).rejects.toThrow("no longer wanted");
    expect(costs).toMatchObject([{ queries: 1 }]);
    expect(await business.reader.getGuest("guest_00042")).toMatchObject({ guest_id: "guest_00042" });
  });

  test.for([
    ["2027-05", "2027-04"],
    ["2027-13", "2027-13"],
    ["2020-01", "2027-01"],
    ["may", "june"],
  ])("refuses %s to %s", async ([from = "", until = ""]) => {
    const report = business.reader.buildOccupancyReport({ from, until, simulations: 1 }, { signal: never });
    await expect(report).rejects.toMatchObject({ code: "invalid_dates" });
  });
});

test("a step on SQLite never holds the process for a second, and others have their turn between two", async () => {
  await using business = await openTemporaryBusiness();
  const cancel = new AbortController();
  // By the time of the processor: a machine that has much else to do is no fault of a step.
  const steps: number[] = [];
  let before = process.cpuUsage();
  const request = { from: "2026-08", until: "2026-08", simulations: 1_000_000 };
  const report = business.reader.buildOccupancyReport(request, {
    signal: cancel.signal,
    onCost: () => {
      const { user, system } = process.cpuUsage(before);
      steps.push((user + system) / 1_000);
      before = process.cpuUsage();
    },
  });
  const ended = report.catch((error: unknown) => error);
  // A timer runs between steps or not at all: the report itself never waits.
  await expect.poll(() => steps.length).toBeGreaterThan(30);
  const enough = new Error("enough");
  cancel.abort(enough);
  expect(await ended).toBe(enough);
  expect(Math.max(...steps)).toBeLessThan(1_000);
});

describeWithPostgres("a report that is cancelled on PostgreSQL", () => {
  const postgres = usePostgres({ fsync: false });

  test("ends in the database itself, and leaves its connection fit for use", async () => {
    await using business = await openTemporaryBusiness(async () => ({ url: await postgres.newDatabase() }));
    const running = (): Promise<readonly unknown[]> =>
      postgres.server.query(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'rentals' AND state = 'active' AND query LIKE '%runs%'",
      );
    const cancel = new AbortController();
    const costs: QueryCost[] = [];
    const request = { from: "2026-08", until: "2026-08", simulations: 10_000_000 };
    const report = business.reader.buildOccupancyReport(request, {
      signal: cancel.signal,
      onCost: (cost) => costs.push(cost),
    });
    const ended = report.catch((error: unknown) => error);
    await expect.poll(running).toHaveLength(1);
    const reason = new Error("no longer wanted");
    cancel.abort(reason);
    await expect.poll(running, { timeout: 2_000 }).toEqual([]);
    expect(await ended).toBe(reason);
    expect(costs.length).toBeGreaterThanOrEqual(2);
    expect(costs.at(-1)).toMatchObject({ queries: 1, rows: 0 });
    expect(await business.reader.getGuest("guest_00042")).toMatchObject({ guest_id: "guest_00042" });
  });
});
