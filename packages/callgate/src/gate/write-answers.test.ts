import { afterEach, describe, expect, it } from "vitest";
import { type BookingDomain, type BookingOptions, bookingDomain } from "./testing/booking-domain.ts";
import { openTestGate, type TestGate } from "./testing/open-test-gate.ts";

const keyed = { guest: "Ann", idempotency_key: "k" };

let gate: TestGate;
afterEach(() => gate.close());

async function open(options: BookingOptions = {}): Promise<BookingDomain> {
  const bookings = bookingDomain(options);
  gate = await openTestGate([bookings.domain]);
  return bookings;
}

describe("a write that took place", () => {
  it.each([
    [
      "breaks",
      () => {
        throw new TypeError("rows is undefined");
      },
    ],
    ["gives what does not fit the schema", () => ({ id: 7 }) as never],
  ])("[W2] is answered as such where its summary %s, at first and ever after", async (_what, summarize) => {
    const bookings = await open({
      maxResultBytes: 200,
      summarize,
      commit: (plan, ctx) => ({ ...bookings.book(plan, ctx), guest: "x".repeat(300) }),
    });
    for (const _try of [1, 2]) {
      const { error } = await gate.call("create_booking", keyed);
      expect(error?.message).toContain("took place");
      expect(error?.next).toContain("Do not call it again");
    }
    expect(bookings.effects).toHaveLength(1);
  });
});
