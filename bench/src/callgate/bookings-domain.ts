import { type AnyDomain, defineDomain } from "callgate";
import type { z } from "zod";
import {
  Booking,
  FindBookingsInput,
  FindBookingsOutput,
  findBookings,
  toolDescription,
  toolName,
} from "../find-bookings.ts";

type BookingRow = z.infer<typeof Booking>;

// A map that grew without end would measure the collector, not the gate.
const MOST_HELD = 10_000;

/** The read that every server of the bench serves, and a write beside it whose backend is a map. */
export function bookingsDomain(): AnyDomain {
  const held = new Map<string, BookingRow>();
  const bookings = defineDomain("bookings", {
    owner: "bench",
    purpose: "The stays of a rental business.",
    concern: "None: it lives in memory.",
    backend: { start: () => held, concurrency: 10_000 },
  });
  bookings.read(toolName, {
    description: toolDescription,
    scope: "bookings:read",
    input: FindBookingsInput,
    output: FindBookingsOutput,
    run: (input) => findBookings(input),
  });
  bookings.write("create_booking", {
    description: "Book a stay. The end date is the day of departure.",
    scope: "bookings:write",
    input: FindBookingsInput,
    output: Booking,
    plan: (input) => ({ preview: { action: "create_booking", ...input }, input }),
    commit: ({ input }, { backend, idempotencyKey }) => {
      const booking: BookingRow = {
        booking_id: `bk_${input.property_id}_${input.start}`,
        guest_id: "guest_2210",
        status: "confirmed",
        total: { amount_cents: 58_400, currency: "EUR" },
        ...input,
      };
      if (backend.size >= MOST_HELD) backend.clear();
      backend.set(idempotencyKey, booking);
      return booking;
    },
    lookup: (key, { backend }) => backend.get(key),
  });
  return bookings;
}
