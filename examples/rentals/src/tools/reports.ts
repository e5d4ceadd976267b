import { defineDomain } from "callgate";
import { z } from "zod";
import type { Business } from "../business/open-business.ts";
import { businessCall } from "./business-call.ts";
import { rentalsBackend } from "./rentals-backend.ts";

const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a month, e.g. 2026-03")
  .describe("YYYY-MM");

const letNights = {
  nights: z.int().describe("That could have been let"),
  nights_let: z.int(),
  occupancy: z.number().describe("Percent"),
};

const Revenue = z.object({
  currency: z.string(),
  revenue: z.int().describe("Cents"),
  low: z.int().describe("Cents: one month in twenty with such stays brings less"),
  middle: z.int(),
  high: z.int().describe("Cents: one month in twenty brings more"),
});

/** Every night the last twelve months, as seen from the business day, which stands still. */
const NIGHTLY = {
  cron: "30 2 * * *",
  timeZone: "Europe/Berlin",
  with: { from: "2025-11", until: "2026-10", simulations: 500 },
} as const;

/** What the business looks like from further away; it takes as long as it takes. */
export const reports = defineDomain<Business>("reports", {
  owner: "team-finance",
  purpose: "How well the homes are let, and what they bring.",
  concern: "A report must never slow down those who book, and must end when nobody wants it any more.",
  backend: rentalsBackend,
});

reports.read("build_occupancy_report", {
  description:
    "Build a report of occupancy and revenue by month and by home. Simulations say between what each month's revenue might have " +
    "been: 200 take seconds, 100,000 take minutes. Use find_bookings for single stays.",
  scope: "reports:read",
  modes: ["team"],
  longRunning: { schedule: NIGHTLY },
  timeoutMs: 30 * 60_000,
  // Each holds a connection of the database for as long as it takes.
  concurrency: 2,
  maxResultBytes: 131_072,
  input: z.object({
    from: Month.describe("First month, YYYY-MM"),
    until: Month.describe("Last month, YYYY-MM; sixty months at most"),
    simulations: z.int().min(0).max(1_000_000).default(200).describe("Of each month"),
  }),
  output: z.object({
    simulations: z.int(),
    months: z.array(z.object({ month: z.string(), ...letNights, revenue: z.array(Revenue) })),
    homes: z.array(
      z.object({
        property_id: z.string(),
        name: z.string(),
        ...letNights,
        revenue: z.int().describe("Cents"),
        currency: z.string(),
      }),
    ),
  }),
  run: async (input, { backend, signal, progress, recordCost }) => {
    const { simulations, months, homes } = await businessCall(() =>
      backend.buildOccupancyReport(input, {
        signal,
        onProgress: ({ done, total, month }) => progress(done, total, month),
        onCost: (cost) => recordCost({ ...cost }),
      }),
    );
    return {
      simulations,
      months: months.map(({ revenue, ...month }) => ({ ...month, revenue: [...revenue] })),
      homes: [...homes],
    };
  },
});
