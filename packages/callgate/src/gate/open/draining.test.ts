import { describe, expect, it } from "vitest";
import { defineDomain } from "../../define/domain.ts";
import { bookingDomain } from "../testing/booking-domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";
import { workshop } from "../testing/workshop.ts";

const grace = async (...domains: Parameters<typeof openTestGate>[0]): Promise<number> => {
  await using test = await openTestGate(domains);
  return test.gate.graceMs;
};

describe("a gate that is told to stop", () => {
  it("[L3] gives calls longer than the longest of its deadlines, whatever has it", async () => {
    const quick = await grace(workshop(() => ({})));
    expect(quick).toBeGreaterThan(5_000);
    expect(await grace(workshop(() => ({}), { timeoutMs: 90_000 }))).toBeGreaterThan(90_000);
    const readables = defineDomain("stays", { owner: "o", purpose: "p", concern: "c" });
    readables.resource({ name: "rules", uri: "stays://rules", timeoutMs: 70_000, read: () => ({ text: "" }) });
    expect(
      await grace(
        readables,
        workshop(() => ({})),
      ),
    ).toBeGreaterThan(70_000);
    // Long work is handed over; what a call waits for it is a call's.
    const long = await grace(workshop(() => ({}), { timeoutMs: 3_600_000, longRunning: { waitMs: 20_000 } }));
    expect(long).toBeGreaterThan(20_000);
    expect(long).toBeLessThan(3_600_000);
  });

  it("lets no call wait for a person any more: it says how to come again, and other calls go on (B6)", async () => {
    const bookings = bookingDomain({ approval: "owner" });
    await using test = await openTestGate([bookings.domain]);
    const asked = { guest: "Ann", idempotency_key: "k" };
    expect((await test.call("create_booking", asked)).code).toBe("approval_pending");
    const waiting = test.call("create_booking", asked);
    test.gate.drain();
    // Undisturbed it waits for 25 seconds, which is longer than the test may take.
    expect((await waiting).error).toMatchObject({ code: "approval_pending", retry: "same_key" });
    expect((await test.call("create_booking", { ...asked, dry_run: true })).code).toBeUndefined();
  });
});
