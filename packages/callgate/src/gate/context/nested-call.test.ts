import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { CallError } from "../../define/call-error.ts";
import type { CallContext } from "../../define/context.ts";
import { defineDomain } from "../../define/domain.ts";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import { bookingDomain } from "../testing/booking-domain.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import { type Run, workshop } from "../testing/workshop.ts";

let gate: TestGate;
const open = async (domains: Parameters<typeof openTestGate>[0]): Promise<TestGate> =>
  (gate = await openTestGate(domains));
afterEach(() => gate.close());

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
    const { records } = await searchWhole(gate.gate.store.audit, { limit: 5 });
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

  it("[W1][K2] writes nothing while a plan runs by a former name of a write either", async () => {
    const inner = bookingDomain({ renamed: { from: ["book"] } });
    const outer = defineDomain("planner", { owner: "o", purpose: "p", concern: "c" });
    outer.write("plan_directly", {
      description: "Tries to write.",
      input: z.object({}),
      plan: async (_input, ctx) => ({ preview: { booked: await ctx.call("book", { guest: "Ann" }) } }),
      commit: () => "",
    });
    await open([inner.domain, outer]);
    expect((await gate.call("plan_directly", { dry_run: true })).code).toBe("plan_may_not_write");
    expect(inner.effects).toEqual([]);
  });

  it("[W1] writes nothing by what a plan left running: also after the plan has ended", async () => {
    const inner = bookingDomain();
    const planEnded = Promise.withResolvers<void>();
    const refused = Promise.withResolvers<unknown>();
    const outer = defineDomain("planner", { owner: "o", purpose: "p", concern: "c" });
    outer.write("plan_ahead", {
      description: "Leaves work behind.",
      input: z.object({}),
      plan: (_input, ctx) => {
        const left = planEnded.promise.then(() => ctx.call("create_booking", { guest: "Ann" }));
        left.then(refused.reject, refused.resolve);
        return { preview: {} };
      },
      commit: () => "",
    });
    await open([inner.domain, outer]);
    await gate.call("plan_ahead", { dry_run: true });
    planEnded.resolve();
    expect(await refused.promise).toMatchObject({ code: "plan_may_not_write" });
    expect(inner.effects).toEqual([]);
  });

  it("[G3] leaves its own backend in service where the one of the other tool is down", async () => {
    const outer = defineDomain("planner", { owner: "o", purpose: "p", concern: "c" });
    outer.read("ask", {
      description: "Asks another tool.",
      input: z.object({ whom: z.string().optional() }),
      run: ({ whom }, ctx) => (whom === undefined ? "up" : ctx.call(whom, {})),
    });
    const down = (): never => {
      throw new CallError("crm_down", "The CRM is down.", { category: "network" });
    };
    await open([outer, workshop(down)]);
    for (let call = 0; call < 5; call += 1) expect((await gate.call("ask", { whom: "do_work" })).code).toBe("crm_down");
    expect((await gate.call("ask", { whom: "do_work" })).code).toBe("backend_down");
    expect((await gate.call("ask")).texts).toEqual(["up"]);
  });

  it("[W2] within a commit says nothing of the commit itself by its no: something may have been done before it", async () => {
    const inner = bookingDomain();
    const outer = defineDomain("planner", { owner: "o", purpose: "p", concern: "c" });
    outer.write("book_and_ask", {
      description: "Books, then asks.",
      input: z.object({}),
      plan: () => ({ preview: {} }),
      commit: async (_plan, ctx) => {
        await ctx.call("create_booking", { guest: "Ann" });
        return ctx.call("do_work", {});
      },
    });
    const no = (): never => {
      throw new CallError("not_today", "Not today.");
    };
    await open([inner.domain, outer, workshop(no)]);
    const reply = await gate.call("book_and_ask", { idempotency_key: "k" });
    expect(inner.effects).toHaveLength(1);
    expect(reply.code).toBe("outcome_unknown");
    const row = await gate.gate.store.ledger.find("person:ann", "book_and_ask", "k");
    expect(row).toMatchObject({ state: "unknown", code: "not_today" });
  });

  it("[W2] within a commit by its own deadline leaves the commit time to ask its backend", async () => {
    const outer = defineDomain("planner", { owner: "o", purpose: "p", concern: "c" });
    outer.write("ask_and_look", {
      description: "Asks what never answers.",
      input: z.object({}),
      output: z.object({ said: z.string() }),
      plan: () => ({ preview: {} }),
      commit: async (_plan, ctx) => ({ said: String(await ctx.call("do_work", {})) }),
      lookup: () => ({ said: "found" }),
    });
    await open([outer, workshop(() => new Promise(() => undefined), { timeoutMs: 30 })]);
    expect((await gate.call("ask_and_look")).structured).toEqual({ said: "found" });
  });

  it.each(["create_booking", "book"])(
    "[W2] within a commit writes once by %s, also where the commit is tried again: its keys come from the outer one",
    async (name) => {
      const inner = bookingDomain({ renamed: { from: ["book"] } });
      const backend = { start: () => undefined, takesIdempotencyKey: true };
      const outer = defineDomain("planner", { owner: "o", purpose: "p", concern: "c", backend });
      const ids: unknown[] = [];
      outer.write("book_three", {
        description: "Books thrice, twice the same.",
        input: z.object({}),
        plan: () => ({ preview: {} }),
        commit: async (_plan, ctx) => {
          for (const guest of ["Ann", "Ann", "Bob"]) ids.push(await ctx.call(name, { guest }));
          if (ctx.attempt === 1) throw new Error("connection reset by peer");
          return "booked";
        },
      });
      await open([inner.domain, outer]);
      expect((await gate.call("book_three", { idempotency_key: "k" })).texts).toEqual(["booked"]);
      expect(inner.effects.map(({ guest }) => guest)).toEqual(["Ann", "Ann", "Bob"]);
      expect(ids.slice(3)).toEqual(ids.slice(0, 3));
      await gate.call("book_three", { idempotency_key: "another" });
      expect(inner.effects).toHaveLength(6);
    },
  );

  it("[W2] within a commit keeps the key that the commit gives it", async () => {
    const inner = bookingDomain();
    const outer = defineDomain("planner", { owner: "o", purpose: "p", concern: "c" });
    outer.write("book_as", {
      description: "Books under a key of its own.",
      input: z.object({}),
      plan: () => ({ preview: {} }),
      commit: (_plan, ctx) => ctx.call("create_booking", { guest: "Ann", idempotency_key: "mine" }),
    });
    await open([inner.domain, outer]);
    await gate.call("book_as");
    expect(await gate.gate.store.ledger.find("person:ann", "create_booking", "mine")).toMatchObject({ state: "done" });
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
