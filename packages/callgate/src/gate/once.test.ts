import { describe, expect, it } from "vitest";
import { CallError } from "../define/call-error.ts";
import { bookingDomain } from "./testing/booking-domain.ts";
import { openTestGate } from "./testing/open-test-gate.ts";

const ann = { guest: "Ann" };
const keyed = (key: string, more: object = {}) => ({ ...ann, idempotency_key: key, ...more });

describe("a write with a key", () => {
  it("[W2] is answered from its record when it is sent again: nothing is planned, nothing is done", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    const first = await gate.call("create_booking", keyed("k1"));
    const again = await gate.call("create_booking", keyed("k1"));
    expect(again.structured).toEqual(first.structured);
    expect(again.meta["io.callgate/replayed"]).toBe(true);
    expect(again.texts.join(" ")).toContain("nothing was done again");
    expect(bookings.effects).toHaveLength(1);
    expect(bookings.plans).toBe(1);
  });

  it("[W2] is answered from its record after the gate was started anew", async () => {
    const bookings = bookingDomain();
    const before = await openTestGate([bookings.domain]);
    const first = await before.call("create_booking", keyed("k1"));
    await before.gate.close();
    const after = await openTestGate([bookings.domain], { folder: before.folder });
    const again = await after.call("create_booking", keyed("k1"));
    await after.gate.close();
    expect(again.structured).toEqual(first.structured);
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] that the tool refused stays refused, with the same words, without being tried again", async () => {
    let tries = 0;
    const { domain } = bookingDomain({
      commit: () => {
        tries += 1;
        throw new CallError("sold_out", "No room left.", { next: "Call search_rooms." });
      },
    });
    await using gate = await openTestGate([domain]);
    const first = await gate.call("create_booking", keyed("k1"));
    const again = await gate.call("create_booking", keyed("k1"));
    expect(first.error).toMatchObject({ code: "sold_out", message: "No room left.", next: "Call search_rooms." });
    expect(again.error).toMatchObject({ code: "sold_out", message: "No room left.", next: "Call search_rooms." });
    expect(again.error?.details).toMatchObject({ replayed: true, idempotency_key: "k1" });
    expect(tries).toBe(1);
  });

  it.each([
    ["another value", { guest: "Bob" }],
    ["another type or default", { nights: 2 }],
    ["an extra field", { note: "late" }],
    ["another Unicode form", { guest: "A\u006en\u0301" }],
  ])("[W2] refuses %s under the same key", async (_what, changed) => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    await gate.call("create_booking", keyed("k1"));
    const other = await gate.call("create_booking", keyed("k1", changed));
    expect(other.code).toBe("key_reused");
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] is the same write with another reason, another include, another order of keys and a default spelt out", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    const first = await gate.call("create_booking", keyed("k1"));
    const again = await gate.call("create_booking", {
      reason: "once more",
      include: ["receipt"],
      nights: 1,
      idempotency_key: "k1",
      guest: "Ann",
    });
    expect(first.structured).toEqual({ id: "b1", guest: "Ann" });
    expect(again.structured).toEqual({ id: "b1", guest: "Ann", receipt: "receipt of Ann" });
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] belongs to its subject and its tool: others with the same key write their own", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    await gate.as("ann").call("create_booking", keyed("k1"));
    const other = await gate.as("bob").call("create_booking", keyed("k1"));
    expect(other.meta["io.callgate/replayed"]).toBeUndefined();
    expect(bookings.effects).toHaveLength(2);
  });

  it("[W2] happens once for two hundred equal calls at the same time, which all get the same answer", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    const replies = await Promise.all(Array.from({ length: 200 }, () => gate.call("create_booking", keyed("k1"))));
    expect(bookings.effects).toHaveLength(1);
    expect(new Set(replies.map(({ structured }) => JSON.stringify(structured)))).toEqual(
      new Set(['{"id":"b1","guest":"Ann"}']),
    );
    expect(replies.filter(({ meta }) => meta["io.callgate/replayed"] !== true)).toHaveLength(1);
  });

  it("[W2] may be forgotten after its time, and not before", async () => {
    let now = Date.now();
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain], { clock: () => now, config: { keepWritesHours: 2 } });
    await gate.call("create_booking", keyed("k1"));
    now += 2 * 3_600_000 - 1_000;
    await gate.gate.store.ledger.expire(now, 2 * 3_600_000);
    expect((await gate.call("create_booking", keyed("k1"))).meta["io.callgate/replayed"]).toBe(true);
    now += 2_000;
    expect(await gate.gate.store.ledger.expire(now, 2 * 3_600_000)).toBe(1);
    await gate.call("create_booking", keyed("k1"));
    expect(bookings.effects).toHaveLength(2);
  });
});

describe("a write without a key", () => {
  it("[W2] gets one, under which it can be asked for again", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    const first = await gate.call("create_booking", ann);
    const key = String(first.meta["io.callgate/idempotency_key"]);
    const again = await gate.call("create_booking", keyed(key));
    expect(again.structured).toEqual(first.structured);
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] that has just been done is neither done again nor swallowed: two keys are offered, and both keep their word", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    const first = await gate.call("create_booking", ann);
    const repeat = await gate.call("create_booking", ann);
    expect(repeat.code).toBe("repeat_unclear");
    const finished_key = String(repeat.error?.details?.["finished_key"]);
    const repeat_key = String(repeat.error?.details?.["repeat_key"]);
    expect(repeat.error?.next).toContain(finished_key);
    expect(repeat.error?.next).toContain(repeat_key);
    expect((await gate.call("create_booking", keyed(finished_key))).structured).toEqual(first.structured);
    expect(bookings.effects).toHaveLength(1);
    expect((await gate.call("create_booking", keyed(repeat_key))).structured).toEqual({ id: "b2", guest: "Ann" });
    expect(bookings.effects).toHaveLength(2);
  });

  it("[W2] that was done more than a minute ago is a new one", async () => {
    let now = Date.now();
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain], { clock: () => now });
    await gate.call("create_booking", ann);
    now += 61_000;
    expect((await gate.call("create_booking", ann)).structured).toEqual({ id: "b2", guest: "Ann" });
  });

  it("[W2] is done again at once where the tool says that repeats are meant", async () => {
    const bookings = bookingDomain({ repeat: "allow" });
    await using gate = await openTestGate([bookings.domain]);
    await gate.call("create_booking", ann);
    expect((await gate.call("create_booking", ann)).code).toBeUndefined();
    expect(bookings.effects).toHaveLength(2);
  });

  it("[W2] happens once for many equal calls at the same time", async () => {
    const held = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    let calls = 0;
    const bookings = bookingDomain({
      guard: () => {
        calls += 1;
        if (calls === 20) arrived.resolve();
        return true;
      },
      commit: async (plan, ctx) => {
        await held.promise;
        return bookings.book(plan, ctx);
      },
    });
    await using gate = await openTestGate([bookings.domain]);
    const waiting = Array.from({ length: 20 }, () => gate.call("create_booking", ann));
    await arrived.promise;
    // What the ledger is asked now stands behind the claims of all twenty.
    await gate.gate.store.ledger.get("none");
    await gate.gate.store.ledger.get("none");
    held.resolve();
    const replies = await Promise.all(waiting);
    expect(bookings.effects).toHaveLength(1);
    expect(replies.map(({ structured }) => structured?.["id"]).filter((id) => id !== "b1")).toEqual([]);
  });
});

describe("a stranger's write", () => {
  const open = (bookings: ReturnType<typeof bookingDomain>) =>
    openTestGate([bookings.domain], { config: { callers: { anonymous: { mode: "open" } } } });

  it("[W2] is not found by another stranger without its key", async () => {
    const bookings = bookingDomain({ modes: ["open"] });
    await using gate = await open(bookings);
    await gate.as(undefined).call("create_booking", ann);
    const other = await gate.as(undefined).call("create_booking", ann);
    expect(other.structured).toEqual({ id: "b2", guest: "Ann" });
  });

  it("[W2] is found again by the key that the answer gave", async () => {
    const bookings = bookingDomain({ modes: ["open"] });
    await using gate = await open(bookings);
    const first = await gate.as(undefined).call("create_booking", ann);
    const key = String(first.meta["io.callgate/idempotency_key"]);
    const again = await gate.as(undefined).call("create_booking", keyed(key));
    expect(again.meta["io.callgate/replayed"]).toBe(true);
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W2] needs a key that nobody guesses", async () => {
    const bookings = bookingDomain({ modes: ["open"] });
    await using gate = await open(bookings);
    expect((await gate.as(undefined).call("create_booking", keyed("1"))).code).toBe("key_too_weak");
    expect(bookings.effects).toHaveLength(0);
  });
});

describe("a key", () => {
  it.each(["", "a\0b", "\0", "k".repeat(201), 7])(
    "[W2] that stores would not all give back as it was is refused: %j",
    async (key) => {
      const bookings = bookingDomain();
      await using gate = await openTestGate([bookings.domain]);
      const refused = await gate.call("create_booking", { ...ann, idempotency_key: key });
      expect(refused.error).toMatchObject({ code: "invalid_arguments", next: expect.stringContaining("U+0000") });
      expect(bookings.effects).toHaveLength(0);
    },
  );
});

describe("a dry run", () => {
  it("[W1] says what would happen and changes nothing", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    const dry = await gate.call("create_booking", { ...ann, dry_run: true });
    expect(dry.structured).toMatchObject({
      dry_run: true,
      preview: { action: "create_booking", guest: "Ann", price: 100 },
    });
    expect(bookings.effects).toHaveLength(0);
    expect((await gate.gate.store.ledger.list({ limit: 10 })).rows).toHaveLength(0);
  });

  it("[W1] gives a hash that holds though volatile fields differ", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    const { structured } = await gate.call("create_booking", { ...ann, dry_run: true });
    const done = await gate.call("create_booking", { ...ann, preview_hash: structured?.["preview_hash"] });
    expect(done.structured).toEqual({ id: "b1", guest: "Ann" });
  });

  it("[W1] gives a hash under which nothing else happens: what has changed is shown and not done", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    const { structured } = await gate.call("create_booking", { ...ann, dry_run: true });
    bookings.price = 900;
    const stale = await gate.call("create_booking", keyed("k1", { preview_hash: structured?.["preview_hash"] }));
    expect(stale.code).toBe("preview_changed");
    expect(stale.error?.details?.["preview"]).toMatchObject({ price: 900 });
    expect(bookings.effects).toHaveLength(0);
    const fresh = stale.error?.details?.["preview_hash"];
    const done = await gate.call("create_booking", keyed("k1", { preview_hash: fresh }));
    expect(done.structured).toEqual({ id: "b1", guest: "Ann" });
  });

  it("[W1] gives a hash that is another subject's or other arguments' no good", async () => {
    const bookings = bookingDomain();
    await using gate = await openTestGate([bookings.domain]);
    const { structured } = await gate.as("ann").call("create_booking", { ...ann, dry_run: true });
    const preview_hash = structured?.["preview_hash"];
    expect((await gate.as("bob").call("create_booking", { ...ann, preview_hash })).code).toBe("preview_changed");
    expect((await gate.as("ann").call("create_booking", { guest: "Bob", preview_hash })).code).toBe("preview_changed");
    expect(bookings.effects).toHaveLength(0);
  });

  it("[W1] of a tool without a preview is an error that says so, and so is its write", async () => {
    const { domain, effects } = bookingDomain({ plan: (() => ({ guest: "Ann" })) as never });
    await using gate = await openTestGate([domain]);
    expect((await gate.call("create_booking", { ...ann, dry_run: true })).code).toBe("result_invalid");
    expect((await gate.call("create_booking", ann)).code).toBe("result_invalid");
    expect(effects).toHaveLength(0);
  });
});
