import { describe, expect, it } from "vitest";
import { CallError } from "../../define/call-error.ts";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import { type BookingDomain, type BookingOptions } from "../testing/booking-domain.ts";
import { bookingRow, closeGatesAfterAll, gateWith, keyed } from "../testing/booking-gates.ts";
import { standStill } from "../testing/stand-still.ts";

type Commit = NonNullable<BookingOptions["commit"]>;

closeGatesAfterAll();

describe("a commit that breaks", () => {
  const afterTheEffect =
    (bookings: () => BookingDomain): Commit =>
    (plan, ctx) => {
      bookings().book(plan, ctx);
      throw new Error("connection reset by peer");
    };

  it("[W2] after its effect is found by lookup, and answered and recorded as done by this very call", async () => {
    const { gate, bookings } = await gateWith({
      commit: afterTheEffect(() => bookings),
      lookup: (key) => {
        const found = bookings.effects.find((effect) => effect.key === key);
        return found === undefined ? undefined : { id: "b1", guest: found.guest };
      },
    });
    const reply = await gate.call("create_booking", keyed("k"));
    expect(reply.structured).toEqual({ id: "b1", guest: "Ann" });
    expect(reply.meta["io.callgate/replayed"]).toBeUndefined();
    expect((await bookingRow(gate, "k"))?.state).toBe("done");
    expect((await searchWhole(gate.gate.store.audit, { limit: 10 })).records.map(({ outcome }) => outcome)).toEqual([
      "ok",
    ]);
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] that goes on long after its deadline, because the process stood still, does nothing more", async () => {
    const { gate, bookings } = await gateWith({
      timeoutMs: 100,
      commit: async (plan, ctx) => {
        await standStill(600);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        ctx.signal.throwIfAborted();
        return bookings.book(plan, ctx);
      },
    });
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("outcome_unknown");
    expect(bookings.effects).toEqual([]);
  });

  it("[W2] and cannot be looked up stays unknown, is never run again, and says how to find out", async () => {
    const { gate, bookings } = await gateWith({ commit: afterTheEffect(() => bookings) });
    for (const _try of [1, 2, 3]) {
      const reply = await gate.call("create_booking", keyed("k"));
      expect(reply.error).toMatchObject({ code: "outcome_unknown", retry: "same_key" });
      expect(reply.error?.next).toContain("resolve_write");
    }
    expect((await bookingRow(gate, "k"))?.state).toBe("unknown");
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] with its effect absent is not run again where the backend does not take the key", async () => {
    let tries = 0;
    const { gate } = await gateWith({
      takesIdempotencyKey: false,
      lookup: () => undefined,
      commit: () => {
        tries += 1;
        throw new Error("timed out");
      },
    });
    for (const _try of [1, 2]) expect((await gate.call("create_booking", keyed("k"))).code).toBe("outcome_unknown");
    expect(tries).toBe(1);
  });

  it("[W2] with its effect absent runs again under the same key where the backend takes it", async () => {
    let tries = 0;
    const { gate, bookings } = await gateWith({
      takesIdempotencyKey: true,
      lookup: () => undefined,
      commit: (plan, ctx) => {
        tries += 1;
        if (tries === 1) throw new Error("timed out");
        return bookings.book(plan, ctx);
      },
    });
    expect((await gate.call("create_booking", keyed("k"))).structured).toEqual({ id: "b1", guest: "Ann" });
    expect(bookings.effects).toMatchObject([{ guest: "Ann", attempt: 2 }]);
  });

  it("[W2] again and again is not tried in a circle", async () => {
    let tries = 0;
    const { gate } = await gateWith({
      takesIdempotencyKey: true,
      lookup: () => undefined,
      commit: () => {
        tries += 1;
        throw new Error("timed out");
      },
    });
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("outcome_unknown");
    expect(tries).toBe(2);
    expect((await bookingRow(gate, "k"))?.state).toBe("unknown");
  });

  it("[W2] and whose new plan fails stays unknown: the first attempt may have done it", async () => {
    let broken = false;
    const { gate } = await gateWith({
      takesIdempotencyKey: true,
      lookup: () => undefined,
      plan: ({ guest }) => {
        if (broken) throw new CallError("already_booked", "Taken.");
        return { preview: { action: "book", guest, price: 1 }, guest, quoteId: "q" };
      },
      commit: () => {
        broken = true;
        throw new Error("timed out");
      },
    });
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("outcome_unknown");
    expect((await bookingRow(gate, "k"))?.state).toBe("unknown");
  });

  it("[W2] before it reached its backend says so: nothing is unknown, and the same key tries again", async () => {
    let tries = 0;
    const { gate, bookings } = await gateWith({
      commit: (plan, ctx) => {
        tries += 1;
        if (tries > 1) return bookings.book(plan, ctx);
        throw new CallError("unreachable", "Nobody answers.", {
          category: "network",
          nothingDone: true,
          retry: "same_key",
        });
      },
    });
    expect((await gate.call("create_booking", keyed("k"))).error).toMatchObject({
      code: "unreachable",
      category: "network",
    });
    expect((await bookingRow(gate, "k"))?.state).toBe("released");
    expect((await gate.call("create_booking", keyed("k"))).structured).toEqual({ id: "b1", guest: "Ann" });
  });

  it("[W2] before it reached its backend, after an attempt that may have, stays unknown", async () => {
    let tries = 0;
    const { gate } = await gateWith({
      takesIdempotencyKey: true,
      lookup: () => undefined,
      commit: () => {
        tries += 1;
        if (tries === 1) throw new Error("timed out");
        throw new CallError("unreachable", "Nobody answers.", {
          category: "network",
          nothingDone: true,
          retry: "same_key",
        });
      },
    });
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("outcome_unknown");
    expect((await bookingRow(gate, "k"))?.state).toBe("unknown");
  });

  it("[W2] while lookup breaks too stays unknown", async () => {
    const { gate } = await gateWith({
      takesIdempotencyKey: true,
      commit: () => {
        throw new Error("timed out");
      },
      lookup: () => {
        throw new Error("timed out too");
      },
    });
    expect((await gate.call("create_booking", keyed("k"))).code).toBe("outcome_unknown");
  });

  it("[T4] never tells the caller what it said, only where to look", async () => {
    const { gate } = await gateWith({
      commit: () => {
        throw new Error("password=hunter2 at db.internal");
      },
    });
    const reply = await gate.call("create_booking", keyed("k"));
    expect(JSON.stringify(reply)).not.toContain("db.internal");
    expect(JSON.stringify(gate.logged)).toContain("db.internal");
    expect(JSON.stringify([reply, gate.logged])).not.toContain("hunter2");
  });
});
