import { z } from "zod";
import type { ToolCall } from "./tool-call.ts";

/** The one tool that every server in this bench serves. */
export const toolName = "find_bookings";

export const toolDescription =
  "Find the bookings of a property whose stay overlaps a range of dates. The end date is the day of departure.";

/** Builds the tool's schemas anew. Most servers take the ones below, which are built once. */
export function buildSchemas() {
  const Booking = z.object({
    booking_id: z.string(),
    property_id: z.string(),
    guest_id: z.string(),
    start: z.iso.date(),
    end: z.iso.date(),
    status: z.enum(["confirmed", "cancelled"]),
    total: z.object({ amount_cents: z.int(), currency: z.string() }),
  });
  return {
    Booking,
    FindBookingsInput: z.object({ property_id: z.string(), start: z.iso.date(), end: z.iso.date() }),
    FindBookingsOutput: z.object({ bookings: z.array(Booking) }),
  };
}

export const { Booking, FindBookingsInput, FindBookingsOutput } = buildSchemas();

export type FindBookingsArguments = z.infer<typeof FindBookingsInput>;
export type FindBookingsResult = z.infer<typeof FindBookingsOutput>;

const rows: FindBookingsResult["bookings"] = [
  {
    booking_id: "bk_10021",
    property_id: "prop_104",
    guest_id: "guest_2210",
    start: "2026-08-03",
    end: "2026-08-07",
    status: "confirmed",
    total: { amount_cents: 58_400, currency: "EUR" },
  },
  {
    booking_id: "bk_10044",
    property_id: "prop_104",
    guest_id: "guest_0871",
    start: "2026-08-09",
    end: "2026-08-16",
    status: "confirmed",
    total: { amount_cents: 107_100, currency: "EUR" },
  },
  {
    booking_id: "bk_10097",
    property_id: "prop_104",
    guest_id: "guest_1536",
    start: "2026-08-20",
    end: "2026-08-22",
    status: "cancelled",
    total: { amount_cents: 29_800, currency: "EUR" },
  },
];

/** Answers from three rows in memory, so that what is measured is the server around the tool. */
export function findBookings(input: FindBookingsArguments): FindBookingsResult {
  return {
    bookings: rows.filter(
      (row) => row.property_id === input.property_id && row.start < input.end && row.end > input.start,
    ),
  };
}

/** The result as MCP carries it: the value, and its JSON as text for clients that read only text. */
export function toToolResult(value: FindBookingsResult): {
  content: { type: "text"; text: string }[];
  structuredContent: FindBookingsResult;
} {
  return { content: [{ type: "text", text: JSON.stringify(value) }], structuredContent: value };
}

export const callArguments: FindBookingsArguments = { property_id: "prop_104", start: "2026-08-01", end: "2026-08-31" };

/** The call that is sent to every target, and what each answer must hold. */
export const findBookingsCall: ToolCall = {
  tool: toolName,
  arguments: callArguments,
  expected: findBookings(callArguments),
  markers: rows.map((row) => `"booking_id":"${row.booking_id}"`),
};
