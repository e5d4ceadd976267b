import { callArguments } from "./find-bookings.ts";
import { numberPlaceholder, type ToolCall } from "./tool-call.ts";

/** A write, each time with an idempotency key of its own: none of them is a repeat. */
export const createBookingCall: ToolCall = {
  tool: "create_booking",
  arguments: { ...callArguments, idempotency_key: `bench-${numberPlaceholder}` },
  expected: {
    booking_id: `bk_${callArguments.property_id}_${callArguments.start}`,
    guest_id: "guest_2210",
    status: "confirmed",
    total: { amount_cents: 58_400, currency: "EUR" },
    ...callArguments,
  },
  markers: ['"guest_id":"guest_2210"', '"status":"confirmed"'],
};
