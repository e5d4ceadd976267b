import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CallError } from "../../define/call-error.ts";
import { defineDomain } from "../../define/domain.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import { bookingDomain } from "../testing/booking-domain.ts";
import { bookingRow, closeGatesAfterAll, gateWith, keyed } from "../testing/booking-gates.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";

closeGatesAfterAll();

describe("before anything is done", () => {
  it("[W2] a plan that fails gives the key back: the next call with it goes through", async () => {
    let fail = true;
    const { gate, bookings } = await gateWith({
      plan: ({ guest }) => {
        if (fail) throw new CallError("no_room", "No room.");
        return { preview: { action: "create_booking", guest, price: 1 }, guest, quoteId: "q" };
      },
    });
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("no_room");
    expect((await bookingRow(gate, "k"))?.state).toBe("released");
    fail = false;
    expect((await gate.call("create_booking", keyed("k"))).structured).toEqual({ id: "b1", guest: "Ann" });
    expect(bookings.effects).toMatchObject([{ guest: "Ann", attempt: 2 }]);
  });

  it("[W2] a client that goes away while it is planned leaves nothing behind", async () => {
    const leaving = new AbortController();
    const { gate, bookings } = await gateWith({
      plan: ({ guest }) => {
        leaving.abort();
        return { preview: { action: "book", guest, price: 1 }, guest, quoteId: "q" };
      },
    });
    const gone = await gate.call("create_booking", keyed("k"), { signal: leaving.signal });
    expect(gone.code).toBe("call_cancelled");
    expect((await bookingRow(gate, "k"))?.state).toBe("released");
    expect(bookings.effects).toHaveLength(0);
  });

  it("[L3] a plan that takes longer than the deadline is not followed by a commit", async () => {
    let now = Date.now();
    const bookings = bookingDomain({
      plan: ({ guest }) => {
        now += 6_000;
        return { preview: { action: "book", guest, price: 1 }, guest, quoteId: "q" };
      },
    });
    await using gate = await openTestGate([bookings.domain], { clock: () => now });
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("deadline_exceeded");
    expect((await bookingRow(gate, "k"))?.state).toBe("released");
    expect(bookings.effects).toHaveLength(0);
  });

  it("[W3] a tool that demands an approval waits for it, while its preview does not", async () => {
    const { gate, bookings } = await gateWith({ approval: "owner" });
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("approval_pending");
    expect((await gate.call("create_booking", { guest: "Ann", dry_run: true })).structured?.["preview"]).toBeDefined();
    expect(bookings.effects).toHaveLength(0);
    expect((await bookingRow(gate, "k"))?.state).toBe("awaiting");
  });
});

describe("once it runs", () => {
  it("[W2] a client that goes away changes nothing: the write is done, stored and replayed", async () => {
    const leaving = new AbortController();
    const entered = Promise.withResolvers<AbortSignal>();
    const held = Promise.withResolvers<void>();
    const { gate, bookings } = await gateWith({
      commit: async (plan, ctx) => {
        entered.resolve(ctx.signal);
        await held.promise;
        return bookings.book(plan, ctx);
      },
    });
    const gone = gate.call("create_booking", keyed("k"), { signal: leaving.signal });
    const signal = await entered.promise;
    leaving.abort();
    expect(signal.aborted).toBe(false);
    held.resolve();
    await gone;
    expect((await bookingRow(gate, "k"))?.state).toBe("done");
    expect((await gate.call("create_booking", keyed("k"))).structured).toEqual({ id: "b1", guest: "Ann" });
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] a deadline says that the outcome is unknown and tells the tool; the late outcome lands and is replayed", async () => {
    const told = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const { gate, bookings } = await gateWith({
      timeoutMs: 300,
      commit: async (plan, ctx) => {
        ctx.signal.addEventListener("abort", () => told.resolve());
        await held.promise;
        return bookings.book(plan, ctx);
      },
    });
    const late = await gate.call("create_booking", keyed("k"));
    await told.promise;
    expect(late.error).toMatchObject({ code: "outcome_unknown", retry: "same_key" });
    expect(late.error?.next).toContain("resolve_write");
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("outcome_unknown");
    held.resolve();
    await settled(gate, "k", "done");
    expect((await gate.call("create_booking", keyed("k"))).structured).toEqual({ id: "b1", guest: "Ann" });
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] a clear no that comes after the deadline lands as well", async () => {
    const held = Promise.withResolvers<void>();
    const { gate } = await gateWith({
      timeoutMs: 300,
      commit: async () => {
        await held.promise;
        throw new CallError("sold_out", "No room left.");
      },
    });
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("outcome_unknown");
    held.resolve();
    await settled(gate, "k", "failed");
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("sold_out");
  });

  it.each([
    ["does not fit its schema", () => ({ id: 7 })],
    ["is nothing", () => undefined],
    ["is not JSON", () => ({ id: "b1", guest: "Ann", receipt: 1n })],
  ])("[W2] a result that %s never makes the write run again", async (_what, result) => {
    let runs = 0;
    const { gate } = await gateWith({
      commit: () => {
        runs += 1;
        return result() as never;
      },
    });
    const first = await gate.call("create_booking", keyed("k"));
    const again = await gate.call("create_booking", keyed("k"));
    expect(first.error?.message).toContain("took place");
    expect(first.error?.next).toContain("Do not call it again");
    expect(again.code).toBe("result_invalid");
    expect((await bookingRow(gate, "k"))?.state).toBe("done");
    expect(runs).toBe(1);
  });

  it("[T5] a result that is too large says that the write took place", async () => {
    const { gate, bookings } = await gateWith({
      maxResultBytes: 200,
      commit: (plan, ctx) => ({ ...bookings.book(plan, ctx), guest: "x".repeat(300) }),
    });
    const reply = await gate.call("create_booking", keyed("k"));
    expect(reply.code).toBe("result_too_large");
    expect(reply.error?.message).toContain("took place");
    expect(reply.error?.next).toContain("Do not call it again");
  });
});

describe("a write that does not declare its output", () => {
  it("[T1] is answered as text, whatever it gives", async () => {
    const notes = defineDomain("notes", { owner: "o", purpose: "p", concern: "c" });
    const input = z.object({ text: z.string() });
    const plan = ({ text }: { text: string }) => ({ preview: { text } });
    notes.write("add_note", { description: "Adds a note.", input, plan, commit: () => "noted" });
    notes.write("drop_note", { description: "Drops a note.", input, plan, commit: () => undefined });
    await using gate = await openTestGate([notes]);
    const add = { text: "a", idempotency_key: "add" };
    expect(await gate.call("add_note", add)).toMatchObject({ texts: ["noted"], structured: undefined });
    expect(await gate.call("drop_note", { text: "a" })).toMatchObject({ code: undefined, structured: undefined });
  });
});

async function settled(gate: TestGate, key: string, state: LedgerRow["state"]): Promise<void> {
  await expect.poll(async () => (await bookingRow(gate, key))?.state, { interval: 5 }).toBe(state);
}
