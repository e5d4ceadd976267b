import { describe, expect, it } from "vitest";
import { type BookingDomain, bookingDomain } from "../testing/booking-domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";
import { backendKey } from "./backend-key.ts";

/** A backend whose keys are unique over all its callers, and whose line breaks before its first booking for Bob. */
function booksByKeyAlone(): BookingDomain {
  const booked = new Map<string, { id: string; guest: string }>();
  let isBroken = true;
  return bookingDomain({
    takesIdempotencyKey: true,
    commit: ({ guest }, { idempotencyKey }) => {
      const earlier = booked.get(idempotencyKey);
      if (earlier !== undefined) return earlier;
      if (guest === "Bob" && isBroken) {
        isBroken = false;
        throw new Error("connection refused");
      }
      const booking = { id: `b${booked.size + 1}`, guest };
      booked.set(idempotencyKey, booking);
      return booking;
    },
    lookup: (key) => booked.get(key),
  });
}

describe("the key that a backend gets", () => {
  it("[W2] keeps callers who chose the same one apart, also where a lookup asks for it", async () => {
    await using gate = await openTestGate([booksByKeyAlone().domain]);
    const book = (caller: string, guest: string) =>
      gate.as(caller).call("create_booking", { guest, idempotency_key: "booking-1" });
    expect((await book("ann", "Ann")).structured).toEqual({ id: "b1", guest: "Ann" });
    expect((await book("bob", "Bob")).structured).toEqual({ id: "b2", guest: "Bob" });
  });

  it("[W2] is one for plan, dry run, commit and lookup of a write; the caller's own stays in the answer", async () => {
    const seen: Record<string, string | undefined> = {};
    const { domain } = bookingDomain({
      plan: ({ guest }, { dryRun, idempotencyKey }) => {
        seen[dryRun ? "dry run" : "plan"] = idempotencyKey;
        return { preview: { action: "book", guest, price: 1 }, guest, quoteId: "q" };
      },
      commit: (_plan, { idempotencyKey }) => {
        seen["commit"] = idempotencyKey;
        throw new Error("timed out");
      },
      lookup: (key, { idempotencyKey }) => {
        seen["lookup"] = key;
        seen["context of lookup"] = idempotencyKey;
        return { id: "b1", guest: "Ann" };
      },
    });
    await using gate = await openTestGate([domain]);
    const asked = { guest: "Ann", idempotency_key: "booking-1" };
    await gate.call("create_booking", { ...asked, dry_run: true });
    const { meta } = await gate.call("create_booking", asked);
    const key = backendKey({ subject: "person:ann", tool: "create_booking", key: "booking-1" });
    expect(seen).toEqual({ "dry run": key, plan: key, commit: key, lookup: key, "context of lookup": key });
    expect(meta["io.callgate/idempotency_key"]).toBe("booking-1");
  });

  it("[W2] differs by subject, tool and key, and is the same from release to release", () => {
    const write = { subject: "person:ann", tool: "create_booking", key: "booking-1" };
    expect(backendKey(write)).toBe("c67602800964e87d6995f1ae94baa134238b7861a3ed85b4895681afe76528e1");
    const others = [{ subject: "person:bob" }, { tool: "cancel_booking" }, { key: "booking-2" }];
    expect(new Set([write, ...others.map((other) => ({ ...write, ...other }))].map(backendKey)).size).toBe(4);
  });
});
