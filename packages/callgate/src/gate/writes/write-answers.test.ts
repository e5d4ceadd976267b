import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { CallError } from "../../define/call-error.ts";
import { type BookingDomain, type BookingOptions, bookingDomain } from "../testing/booking-domain.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";

const keyed = { guest: "Ann", idempotency_key: "k" };
const price = { action: "book", guest: "Ann", price: 1 };

let gate: TestGate;
afterEach(() => gate.close());

async function open(options: BookingOptions = {}): Promise<BookingDomain> {
  const bookings = bookingDomain(options);
  gate = await openTestGate([bookings.domain]);
  return bookings;
}

/** From here on nothing that becomes of a write can be stored. */
function dropWrites(): void {
  const database = new DatabaseSync(join(gate.folder, "gate.db"));
  database.exec("DROP TABLE writes");
  database.close();
}

const stateOf = async () => (await gate.gate.store.ledger.find("person:ann", "create_booking", "k"))?.state;

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

  it("[W2] says its key in words where the caller did not choose it", async () => {
    await open();
    const first = await gate.call("create_booking", { guest: "Ann" });
    const key = String(first.meta["io.callgate/idempotency_key"]);
    expect(first.texts.slice(1)).toEqual([`Its idempotency_key is ${key}.`]);
    expect((await gate.call("create_booking", keyed)).texts).toHaveLength(1);
  });

  it("[O1] but cannot be recorded gives the key by which its outcome is learnt", async () => {
    const bookings = await open();
    const params = { name: "create_booking", arguments: { guest: "Ann" } };
    // No audit takes a row with this size.
    const unrecordable = { ...gate.as("ann").exchange("tools/call", params), inputBytes: Number.NaN };
    const answer = await gate.gate.host.handle(unrecordable);
    if (answer.kind !== "error") throw new Error("it was recorded");
    expect(answer.data?.["code"]).toBe("not_recorded");
    const key = String(answer.data?.["idempotency_key"]);
    expect(answer.message).toContain(key);
    expect((await gate.call("create_booking", { guest: "Ann", idempotency_key: key })).structured).toEqual({
      id: "b1",
      guest: "Ann",
    });
    expect(bookings.effects).toHaveLength(1);
  });
});

describe("a clear no that asks for another try", () => {
  const busy = (): CallError => new CallError("busy", "Busy.", { retry: "same_key" });

  it("[W2] gives the key back: the next call with it is tried", async () => {
    let isBusy = true;
    const bookings = await open({
      commit: (plan, ctx) => {
        if (isBusy) throw busy();
        return bookings.book(plan, ctx);
      },
    });
    expect((await gate.call("create_booking", keyed)).error).toMatchObject({ code: "busy", retry: "same_key" });
    expect(await stateOf()).toBe("released");
    isBusy = false;
    expect((await gate.call("create_booking", keyed)).structured).toEqual({ id: "b1", guest: "Ann" });
  });

  it("[W2] says nothing of an earlier attempt whose outcome is unknown", async () => {
    let attempts = 0;
    await open({
      takesIdempotencyKey: true,
      commit: () => {
        attempts += 1;
        throw attempts === 1 ? new Error("timed out") : busy();
      },
    });
    expect((await gate.call("create_booking", keyed)).code).toBe("outcome_unknown");
    expect([attempts, await stateOf()]).toEqual([2, "unknown"]);
  });
});

describe("what a tool threw", () => {
  it("[T4] is in the log where a later plan hides it behind an unknown outcome", async () => {
    let commits = 0;
    await open({
      takesIdempotencyKey: true,
      plan: ({ guest }) => {
        if (commits > 0) throw new TypeError("quote is not a function");
        return { preview: { ...price }, guest, quoteId: "q" };
      },
      commit: () => {
        commits += 1;
        throw new Error("timed out");
      },
    });
    expect((await gate.call("create_booking", keyed)).code).toBe("outcome_unknown");
    expect(JSON.stringify(gate.logged)).toContain("quote is not a function");
  });

  it("[T4] is told even where its row cannot be given back, and so is why not", async () => {
    await open({
      plan: () => {
        dropWrites();
        throw new CallError("no_room", "No room.");
      },
    });
    expect((await gate.call("create_booking", keyed)).code).toBe("no_room");
    expect(JSON.stringify(gate.logged)).toContain("no such table: writes");
  });

  it("[W2] hides neither that the outcome is unknown nor the key, where that cannot be stored either", async () => {
    await open({
      commit: () => {
        dropWrites();
        throw new Error("timed out");
      },
    });
    const { error } = await gate.call("create_booking", keyed);
    expect(error).toMatchObject({ code: "outcome_unknown", details: { idempotency_key: "k" } });
    expect(JSON.stringify(gate.logged)).toContain("no such table: writes");
  });

  it("[T4] as the cause of its own error is in the log, and nowhere else", async () => {
    await open({
      plan: () => {
        const cause = new Error("connect ECONNREFUSED 10.0.0.7");
        throw new CallError("crm_down", "The CRM is down.", { category: "network", cause });
      },
    });
    const reply = await gate.call("create_booking", keyed);
    expect(reply.code).toBe("crm_down");
    expect(JSON.stringify(reply)).not.toContain("10.0.0.7");
    const lines = gate.logged.filter(({ fields }) => JSON.stringify(fields).includes("10.0.0.7"));
    expect(lines).toMatchObject([{ level: "warn", fields: { tool: "create_booking", code: "crm_down" } }]);
  });
});
