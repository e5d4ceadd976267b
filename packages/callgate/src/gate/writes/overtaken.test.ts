import { afterEach, describe, expect, it } from "vitest";
import { CallError } from "../../define/call-error.ts";
import type { StoredOutcome, WriteLedger } from "../../ledger/write-ledger.ts";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import { type BookingDomain, type BookingOptions, bookingDomain } from "../testing/booking-domain.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import type { Reply } from "../testing/test-caller.ts";

const keyed = { guest: "Ann", idempotency_key: "k" };
const didNotHappen: StoredOutcome = {
  ok: false,
  happened: false,
  error: { code: "settled_as_not_happened", message: "It did not.", category: "domain" },
};
const by = { settledBy: "person:otto", note: "looked" };

let gate: TestGate;
let ledger: WriteLedger;
afterEach(() => gate.close());

async function open(options: BookingOptions): Promise<BookingDomain> {
  const bookings = bookingDomain(options);
  const domainsOf = (insides: { readonly ledger: WriteLedger }) => {
    ledger = insides.ledger;
    return [];
  };
  gate = await openTestGate([bookings.domain], { domainsOf });
  return bookings;
}

async function row(): Promise<LedgerRow> {
  const found = await gate.gate.store.ledger.find("person:ann", "create_booking", "k");
  if (found === undefined) throw new Error("there is no row");
  return found;
}

/** What another process does that holds this one for dead: the row becomes unknown, and another attempt runs. */
async function overtake(): Promise<LedgerRow | undefined> {
  const doubtful = await ledger.doubt(await row(), "interrupted");
  return doubtful && ledger.start(doubtful, { callId: "call_other", leaseUntil: Date.now() + 60_000 });
}

const settledAsNot = async (): Promise<void> => {
  const doubtful = await ledger.doubt(await row(), "interrupted");
  if (doubtful !== undefined) await ledger.settle(doubtful, didNotHappen, by);
};

const contradictions = () =>
  gate.logged.filter(({ level, message }) => level === "error" && message.includes("took place"));

describe("a write whose row has moved on", () => {
  it("[W2] never loses a late effect in silence: the log says what the settled record does not", async () => {
    const held = Promise.withResolvers<void>();
    const bookings = await open({
      timeoutMs: 300,
      commit: async (plan, ctx) => {
        await held.promise;
        return bookings.book(plan, ctx);
      },
    });
    expect((await gate.call("create_booking", keyed)).code).toBe("outcome_unknown");
    await ledger.settle(await row(), didNotHappen, by);
    held.resolve();
    await expect.poll(contradictions, { interval: 5 }).toHaveLength(1);
    expect(contradictions()[0]?.fields).toMatchObject({ writeId: (await row()).id, state: "failed" });
  });

  it("[W2] answers from the row where another attempt has done it, not with its own no", async () => {
    const bookings = await open({
      takesIdempotencyKey: true,
      commit: async () => {
        const running = await overtake();
        if (running !== undefined)
          await ledger.finish(running, { ok: true, result: { output: { id: "b9", guest: "Ann" }, parts: {} } });
        throw new CallError("sold_out", "No room left.");
      },
    });
    const reply = await gate.call("create_booking", keyed);
    expect(reply.structured).toEqual({ id: "b9", guest: "Ann" });
    expect(reply.meta["io.callgate/replayed"]).toBe(true);
    expect(bookings.effects).toEqual([]);
  });

  it("[W2] is answered as what took place, and logged, where a person settled too early that it did not", async () => {
    const bookings = await open({
      commit: async (plan, ctx) => {
        await settledAsNot();
        return bookings.book(plan, ctx);
      },
    });
    expect((await gate.call("create_booking", keyed)).structured).toEqual({ id: "b1", guest: "Ann" });
    expect(contradictions()).toHaveLength(1);
  });

  it("[W2] is not asked about again by the attempt that broke after another one took the row", async () => {
    let lookups = 0;
    await open({
      takesIdempotencyKey: true,
      commit: async () => {
        await settledAsNot();
        throw new Error("connection reset by peer");
      },
      lookup: () => {
        lookups += 1;
        return undefined;
      },
    });
    expect((await gate.call("create_booking", keyed)).code).toBe("settled_as_not_happened");
    expect(lookups).toBe(0);
  });

  it("[W2] is answered as what its lookup found, and logged, where a person settled meanwhile that it did not happen", async () => {
    await open({
      commit: () => {
        throw new Error("timed out");
      },
      lookup: async () => {
        await ledger.settle(await row(), didNotHappen, by);
        return { id: "b1", guest: "Ann" };
      },
    });
    expect((await gate.call("create_booking", keyed)).structured).toEqual({ id: "b1", guest: "Ann" });
    expect(contradictions()).toHaveLength(1);
  });

  it("[W2] waits for the other attempt where its own lookup came too late to store what it found", async () => {
    const bookings = await open({
      timeoutMs: 300,
      takesIdempotencyKey: true,
      commit: () => {
        throw new Error("timed out");
      },
      lookup: async () => {
        await ledger.start(await row(), { callId: "call_other", leaseUntil: Date.now() + 60_000 });
        return { id: "b1", guest: "Ann" };
      },
    });
    expect((await gate.call("create_booking", keyed)).code).toBe("write_in_progress");
    expect(bookings.effects).toEqual([]);
    expect(contradictions()).toEqual([]);
  });

  it("[W2] is recorded as done by the call that did it, where an equal call found out first what became of it", async () => {
    const found = { id: "b1", guest: "Ann" };
    let asked = 0;
    let other: Promise<Reply> | undefined;
    const bookings = await open({
      commit: (plan, ctx) => {
        bookings.book(plan, ctx);
        throw new Error("connection reset by peer");
      },
      lookup: async () => {
        asked += 1;
        if (asked === 1) await (other = gate.call("create_booking", keyed));
        return found;
      },
    });
    const reply = await gate.call("create_booking", keyed);
    expect(reply.structured).toEqual(found);
    expect(reply.meta["io.callgate/replayed"]).toBeUndefined();
    expect((await other)?.meta["io.callgate/replayed"]).toBe(true);
    const { records } = await searchWhole(gate.gate.store.audit, { limit: 10 });
    expect(records.map(({ outcome }) => outcome).toSorted()).toEqual(["ok", "replayed"]);
  });
});

describe("a no for now that comes after the deadline", () => {
  const busy = (): CallError => new CallError("busy", "Not now.", { retry: "same_key" });

  it("[W2] gives the write back, and is not its outcome", async () => {
    const held = Promise.withResolvers<void>();
    let runs = 0;
    const bookings = await open({
      timeoutMs: 300,
      commit: async (plan, ctx) => {
        runs += 1;
        if (runs > 1) return bookings.book(plan, ctx);
        await held.promise;
        throw busy();
      },
    });
    expect((await gate.call("create_booking", keyed)).code).toBe("outcome_unknown");
    held.resolve();
    await expect.poll(async () => (await row()).state, { interval: 5 }).toBe("released");
    expect((await gate.call("create_booking", keyed)).structured).toEqual({ id: "b1", guest: "Ann" });
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] says nothing of the attempt before it", async () => {
    const held = Promise.withResolvers<void>();
    let runs = 0;
    await open({
      timeoutMs: 300,
      takesIdempotencyKey: true,
      commit: async () => {
        runs += 1;
        if (runs === 1) throw new Error("connection reset by peer");
        await held.promise;
        throw busy();
      },
    });
    expect((await gate.call("create_booking", keyed)).code).toBe("outcome_unknown");
    expect(runs).toBe(2);
    held.resolve();
    // Another write's moves come behind what became of this one.
    expect((await gate.call("create_booking", { ...keyed, idempotency_key: "other" })).code).toBe("busy");
    expect((await row()).state).toBe("unknown");
  });
});
