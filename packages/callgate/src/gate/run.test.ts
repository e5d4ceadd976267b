import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { CallError } from "../define/call-error.ts";
import type { CallContext } from "../define/context.ts";
import { type Domain, type DomainOptions, defineDomain } from "../define/domain.ts";
import { inputRequired } from "../define/input-required.ts";
import type { ReadDeclaration } from "../define/tool.ts";
import { bookingDomain } from "./testing/booking-domain.ts";
import { openTestGate, type TestGate, type TestGateOptions } from "./testing/open-test-gate.ts";

const input = z.object({ how: z.string().default("") });
type Tool = ReadDeclaration<unknown, typeof input, z.ZodAny, Record<never, never>>;
type Run = (input: { how: string }, ctx: CallContext<unknown>) => unknown;

function workshop(run: Run, rules: Partial<Omit<Tool, "run">> = {}, options: Partial<DomainOptions<unknown>> = {}) {
  const domain: Domain<unknown> = defineDomain("workshop", { owner: "o", purpose: "p", concern: "c", ...options });
  domain.read("do_work", { description: "Does some work.", input, run: run as Tool["run"], ...rules });
  return domain;
}

let gate: TestGate;
const open = async (domains: Parameters<typeof openTestGate>[0], options?: TestGateOptions): Promise<TestGate> =>
  (gate = await openTestGate(domains, options));
afterEach(() => gate.close());

describe("a deadline", () => {
  it("[L3] ends the call and tells the work, which learns it by its signal", async () => {
    const told = Promise.withResolvers<unknown>();
    await open([
      workshop(
        (_input, { signal }) => {
          signal.addEventListener("abort", () => told.resolve(signal.reason));
          return new Promise(() => undefined);
        },
        { timeoutMs: 30 },
      ),
    ]);
    expect((await gate.call("do_work")).code).toBe("deadline_exceeded");
    expect(await told.promise).toMatchObject({ code: "deadline_exceeded" });
  });

  it("[L3] holds for what is no promise but can be awaited, as query builders are", async () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what a query builder looks like
    await open([workshop(() => ({ then: () => undefined }), { timeoutMs: 30 })]);
    expect((await gate.call("do_work")).code).toBe("deadline_exceeded");
  });

  it("[L2] a client that goes away ends a read, and the record says so", async () => {
    const leaving = new AbortController();
    const told = Promise.withResolvers<void>();
    await open([
      workshop((_input, { signal }) => {
        signal.addEventListener("abort", () => told.resolve());
        queueMicrotask(() => leaving.abort());
        return new Promise(() => undefined);
      }),
    ]);
    expect((await gate.call("do_work", {}, { signal: leaving.signal })).code).toBe("call_cancelled");
    await told.promise;
    const { records } = await gate.gate.store.audit.search({ limit: 1 });
    expect(records[0]?.outcome).toBe("cancelled");
  });
});

describe("limits", () => {
  const throwing: Run = ({ how }) => {
    if (how === "refuses") throw new CallError("no", "No.");
    if (how === "breaks") throw new Error("broken");
    if (how === "hangs") return new Promise(() => undefined);
    return how;
  };
  const ways: readonly (readonly [string, Record<string, unknown>])[] = [
    ["answers", { how: "answers" }],
    ["refuses", { how: "refuses" }],
    ["breaks", { how: "breaks" }],
    ["hangs until the deadline", { how: "hangs" }],
    ["is given the wrong arguments", { how: 7 }],
    ["is given arguments nobody knows", { unknown: 1 }],
  ];

  it.each(ways)("[G3] a call that %s gives its places back", async (_what, args) => {
    await open([workshop(throwing, { timeoutMs: 30, concurrency: 1 })], { config: { limits: { inFlight: 1 } } });
    for (const _try of [1, 2, 3]) {
      const { answer } = await gate.call("do_work", args);
      expect(answer.kind).toBe("result");
    }
    expect((await gate.call("do_work", { how: "well" })).texts).toEqual(["well"]);
  });

  it("[G3] at the same time refuse one call too many at once, and say when to come again", async () => {
    const held = Promise.withResolvers<string>();
    const entered = Promise.withResolvers<void>();
    await open([
      workshop(
        () => {
          entered.resolve();
          return held.promise;
        },
        { concurrency: 1 },
      ),
    ]);
    const first = gate.call("do_work");
    await entered.promise;
    const second = await gate.call("do_work");
    expect(second.answer).toMatchObject({ kind: "error", httpStatus: 429, httpHeaders: { "retry-after": "1" } });
    expect(second.code).toBe("concurrency_limited");
    held.resolve("done");
    expect((await first).texts).toEqual(["done"]);
    expect((await gate.call("do_work")).texts).toEqual(["done"]);
  });

  it("[G3] over all calls answer 503 and are counted instead of recorded one by one", async () => {
    const held = Promise.withResolvers<string>();
    const entered = Promise.withResolvers<void>();
    await open(
      [
        workshop(() => {
          entered.resolve();
          return held.promise;
        }),
      ],
      { config: { limits: { inFlight: 1 } } },
    );
    const first = gate.call("do_work");
    await entered.promise;
    const refused = await Promise.all(Array.from({ length: 50 }, () => gate.call("do_work")));
    expect(refused.every(({ answer }) => answer.kind === "error" && answer.httpStatus === 503)).toBe(true);
    held.resolve("done");
    await first;
    await expect
      .poll(async () => (await gate.gate.store.audit.search({ code: "overloaded", limit: 60 })).records)
      .toMatchObject([{ kind: "refusals", count: 50, tool: "do_work", subject: "person:ann" }]);
  });

  it("[G3] per subject: one caller's rate is not another's, and time gives it back", async () => {
    let now = Date.now();
    await open([workshop(() => "ok", { rate: "2/min" })], { clock: () => now });
    const codes = async (who: string) => (await gate.as(who).call("do_work")).code;
    expect([await codes("ann"), await codes("ann"), await codes("ann"), await codes("bob")]).toEqual([
      undefined,
      undefined,
      "rate_limited",
      undefined,
    ]);
    now += 30_000;
    expect([await codes("ann"), await codes("ann")]).toEqual([undefined, "rate_limited"]);
  });

  it("[G3] of a backend hold for all its callers together", async () => {
    await open([workshop(() => "ok", {}, { backend: { start: () => ({}), quota: "2/min" } })]);
    const codes = [];
    for (const who of ["ann", "bob", "cora"]) codes.push((await gate.as(who).call("do_work")).code);
    expect(codes).toEqual([undefined, undefined, "quota_exhausted"]);
  });
});

describe("a breaker", () => {
  it("[G3] opens after five failures in a row, tries again after ten seconds, and closes on success", async () => {
    let now = Date.now();
    let runs = 0;
    let broken = true;
    const run: Run = () => {
      runs += 1;
      if (broken) throw new Error("down");
      return "up";
    };
    await open([workshop(run)], { clock: () => now });
    for (let call = 0; call < 5; call += 1) expect((await gate.call("do_work")).code).toBe("system_error");
    expect((await gate.call("do_work")).error).toMatchObject({ code: "backend_down", retry: { afterMs: 10_000 } });
    expect(runs).toBe(5);
    now += 10_001;
    expect((await gate.call("do_work")).code).toBe("system_error");
    expect((await gate.call("do_work")).code).toBe("backend_down");
    now += 10_001;
    broken = false;
    expect((await gate.call("do_work")).texts).toEqual(["up"]);
    expect((await gate.call("do_work")).texts).toEqual(["up"]);
  });

  it("[G3] does not count the tool's own no, nor a caller's mistakes", async () => {
    await open([
      workshop(() => {
        throw new CallError("not_found", "Nothing there.");
      }),
    ]);
    for (let call = 0; call < 20; call += 1) {
      expect((await gate.call("do_work", call % 2 === 0 ? {} : { how: 1 })).code).not.toBe("backend_down");
    }
  });

  it("[G3] that tries again closes where the backend says no: it is there", async () => {
    let now = Date.now();
    let failure: Error = new Error("down");
    await open(
      [
        workshop(() => {
          throw failure;
        }),
      ],
      { clock: () => now },
    );
    for (let call = 0; call < 6; call += 1) await gate.call("do_work");
    now += 10_001;
    failure = new CallError("not_found", "Nothing there.");
    for (const _try of [1, 2]) expect((await gate.call("do_work")).code).toBe("not_found");
  });
});

describe("progress", () => {
  it("[T7] reaches the client as it happens, and not before the call's intent is on record", async () => {
    const goOn = Promise.withResolvers<void>();
    const heard: unknown[] = [];
    const first = Promise.withResolvers<void>();
    await open([
      workshop(async (_input, ctx) => {
        ctx.progress(1, 2, "half");
        await goOn.promise;
        ctx.progress(2, 2, "whole");
        return "done";
      }),
    ]);
    const working = gate.call(
      "do_work",
      {},
      {
        progressToken: "p",
        onNotify: (method, params) => {
          heard.push([method, params]);
          first.resolve();
        },
      },
    );
    await first.promise;
    const { records } = await gate.gate.store.audit.search({ limit: 5 });
    expect(records).toMatchObject([{ kind: "intent", tool: "do_work" }]);
    expect(heard).toEqual([["notifications/progress", { progressToken: "p", progress: 1, total: 2, message: "half" }]]);
    goOn.resolve();
    expect((await working).texts).toEqual(["done"]);
    expect(heard).toHaveLength(2);
  });

  it("[T7] is not sent to who did not ask for it", async () => {
    const heard: unknown[] = [];
    await open([workshop((_input, ctx) => (ctx.progress(1), "done"))]);
    await gate.call("do_work", {}, { onNotify: (method) => heard.push(method) });
    expect(heard).toEqual([]);
  });
});

describe("a tool that calls a tool", () => {
  const calling =
    (name: string, args: object = {}): Run =>
    async (_input, ctx) =>
      JSON.stringify(
        await ctx.call(name, args as Record<string, unknown>).catch((error: CallError) => [error.code, error.category]),
      );

  it("[O2] goes through the same gate, as the same subject, on the same trace, recorded on its own", async () => {
    const bookings = bookingDomain();
    await open([bookings.domain, workshop(calling("create_booking", { guest: "Ann" }))]);
    expect((await gate.call("do_work")).texts).toEqual(['{"id":"b1","guest":"Ann"}']);
    const { records } = await gate.gate.store.audit.search({ limit: 5 });
    expect(records.map(({ tool }) => tool)).toEqual(["do_work", "create_booking"]);
    expect(new Set(records.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(records.map(({ subject }) => subject))).toEqual(new Set(["person:ann"]));
  });

  it("[C2] reaches nothing that its caller does not see", async () => {
    const hidden = bookingDomain({ scope: "bookings:write" });
    await open([hidden.domain, workshop(calling("create_booking", { guest: "Ann" }))]);
    expect((await gate.as("clerk:cora").call("do_work")).texts).toEqual(['["unknown_tool","validation"]']);
    expect(hidden.effects).toEqual([]);
  });

  it("[G3] is told of limits by their own codes", async () => {
    const bookings = bookingDomain({ rate: "1/h" });
    await open([bookings.domain, workshop(calling("create_booking", { guest: "Ann" }))]);
    await gate.call("do_work");
    expect((await gate.call("do_work")).texts).toEqual(['["rate_limited","infrastructure"]']);
  });

  it("[W1] writes nothing while a plan runs, not even by way of a read", async () => {
    const inner = bookingDomain();
    const outer = defineDomain("planner", { owner: "o", purpose: "p", concern: "c" });
    const seen: unknown[] = [];
    const attempt = (name: string) => async (_input: unknown, ctx: CallContext<undefined>) => {
      seen.push(
        await ctx.call(name, name === "create_booking" ? { guest: "Ann" } : {}).catch(({ code }: CallError) => code),
      );
      return { preview: { tried: name } };
    };
    const none = z.object({});
    outer.write("plan_directly", {
      description: "Tries to write.",
      input: none,
      plan: attempt("create_booking"),
      commit: () => "",
    });
    outer.write("plan_by_read", {
      description: "Tries to write.",
      input: none,
      plan: attempt("do_work"),
      commit: () => "",
    });
    await open([inner.domain, outer, workshop(calling("create_booking", { guest: "Ann" }))]);
    for (const tool of ["plan_directly", "plan_by_read"])
      for (const args of [{ dry_run: true }, {}]) await gate.call(tool, args);
    expect(inner.effects).toEqual([]);
    expect(JSON.stringify(seen)).toContain("plan_may_not_write");
  });

  it("[W2] within a commit goes on where the client has gone", async () => {
    const leaving = new AbortController();
    const outer = defineDomain("planner", { owner: "o", purpose: "p", concern: "c" });
    outer.write("do_both", {
      description: "Reads while it writes.",
      input: z.object({}),
      output: z.object({ said: z.string() }),
      plan: () => ({ preview: {} }),
      commit: async (_plan, ctx) => {
        leaving.abort();
        return { said: String(await ctx.call("do_work", { how: "well" })) };
      },
    });
    await open([outer, workshop(async ({ how }) => how)]);
    expect((await gate.call("do_both", {}, { signal: leaving.signal })).structured).toEqual({ said: "well" });
  });
});

describe("a tool that asks its client", () => {
  const requests = { name: { method: "elicitation/create" as const, params: { message: "Your name?" } } };
  const asking: Run = (_input, ctx) =>
    ctx.state === undefined
      ? inputRequired({ requests, state: { step: 1 } })
      : JSON.stringify([ctx.state, ctx.inputResponses]);
  const able = { capabilities: { elicitation: {} } };

  async function stateOf(): Promise<string> {
    const asked = await gate.call("do_work", { how: "a" }, able);
    expect(asked.answer).toMatchObject({ resultType: "input_required" });
    expect(asked.result?.["inputRequests"]).toEqual(requests);
    return String(asked.result?.["requestState"]);
  }
  const bringBack = (requestState: string, how = "a", who = "ann") =>
    gate
      .as(who)
      .call("do_work", { how }, { ...able, params: { requestState, inputResponses: { name: { action: "accept" } } } });

  it("[T7] gets the answer and its own state back", async () => {
    await open([workshop(asking)]);
    expect((await bringBack(await stateOf())).texts).toEqual(['[{"step":1},{"name":{"action":"accept"}}]']);
  });

  it("[T7] of which the client is not capable is refused, saying what it takes", async () => {
    await open([workshop(asking)]);
    expect((await gate.call("do_work")).answer).toMatchObject({
      code: -32_021,
      httpStatus: 400,
      data: { requiredCapabilities: { elicitation: {} } },
    });
  });

  it("[W3] takes no state that was changed, cut, or belongs to another subject or other arguments (security case 15)", async () => {
    await open([workshop(asking)]);
    const state = await stateOf();
    const flipped = `${state.slice(0, 20)}${state[20] === "A" ? "B" : "A"}${state.slice(21)}`;
    const refused = [
      await bringBack(flipped),
      await bringBack(state.slice(0, -4)),
      await bringBack(`${state}=`),
      await bringBack(state, "b"),
      await bringBack(state, "a", "bob"),
    ];
    expect(refused.map(({ code }) => code)).toEqual(Array.from(refused, () => "state_invalid"));
  });

  it("[W3] takes no state after a quarter of an hour", async () => {
    let now = Date.now();
    await open([workshop(asking)], { clock: () => now });
    const state = await stateOf();
    now += 15 * 60_000 + 1;
    expect((await bringBack(state)).code).toBe("state_invalid");
  });

  it("[W2] before it writes writes once, however often its state comes back (security case 15)", async () => {
    let now = Date.now();
    const bookings = bookingDomain({
      plan: ({ guest }, ctx) =>
        ctx.state === undefined
          ? inputRequired({ requests, state: 1 })
          : { preview: { action: "book", guest, price: 1 }, guest, quoteId: "q" },
    });
    await open([bookings.domain], { clock: () => now });
    const asked = await gate.call("create_booking", { guest: "Ann" }, able);
    const params = { requestState: String(asked.result?.["requestState"]) };
    const first = await gate.call("create_booking", { guest: "Ann" }, { ...able, params });
    now += 5 * 60_000;
    const again = await gate.call("create_booking", { guest: "Ann" }, { ...able, params });
    expect(first.structured).toEqual({ id: "b1", guest: "Ann" });
    expect(again.structured).toEqual(first.structured);
    expect(again.meta["io.callgate/replayed"]).toBe(true);
    expect(bookings.effects).toHaveLength(1);
    const other = { guest: "Ann", idempotency_key: "another" };
    expect((await gate.call("create_booking", other, { ...able, params })).code).toBe("state_invalid");
  });
});

describe("an error of a tool", () => {
  it("[T4] whose details are not JSON is answered all the same", async () => {
    await open([
      workshop(() => {
        throw new CallError("odd", "Odd.", { details: { big: 1n } });
      }),
    ]);
    expect((await gate.call("do_work")).error).toMatchObject({ code: "odd", message: "Odd." });
  });
});
