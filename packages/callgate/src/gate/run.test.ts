import { afterEach, describe, expect, it } from "vitest";
import { CallError } from "../define/call-error.ts";
import { searchWhole } from "../store/contract-suite/search-whole.ts";
import { bookingDomain } from "./testing/booking-domain.ts";
import { openTestGate, type TestGate, type TestGateOptions } from "./testing/open-test-gate.ts";
import { type Run, workshop } from "./testing/workshop.ts";

let gate: TestGate;
const open = async (domains: Parameters<typeof openTestGate>[0], options?: TestGateOptions): Promise<TestGate> =>
  (gate = await openTestGate(domains, options));
afterEach(() => gate.close());

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
      .poll(async () => (await searchWhole(gate.gate.store.audit, { code: "overloaded", limit: 60 })).records)
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

  it("[G3] per network where nobody says who they are: a household's addresses have one rate", async () => {
    const modes = ["open"];
    await open([workshop(() => "ok", { rate: "1/min", modes })], {
      config: { callers: { anonymous: { mode: "open" } } },
    });
    const codes = [];
    for (const remoteAddress of ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"])
      codes.push((await gate.as(undefined).call("do_work", {}, { remoteAddress })).code);
    expect(codes).toEqual([undefined, "rate_limited", undefined]);
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

  it("[G3] opens for writes alone where only they break: plans and reads go on, and close nothing", async () => {
    let commits = 0;
    const { domain } = bookingDomain({
      commit: () => {
        commits += 1;
        throw new Error("the write credential was revoked");
      },
    });
    await open([domain]);
    const codes = [];
    for (let call = 0; call < 6; call += 1)
      codes.push((await gate.call("create_booking", { guest: "Ann", idempotency_key: `k${call}` })).code);
    expect(codes).toEqual([...Array<string>(5).fill("outcome_unknown"), "backend_down"]);
    expect(commits).toBe(5);
    expect((await gate.call("create_booking", { guest: "Ann", dry_run: true })).structured).toBeDefined();
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

  it("[G3] keeps its try for when the backend is up: calls that are refused while it is known to be down take none", async () => {
    let now = Date.now();
    let isDown = true;
    const orBreak = (): string => {
      if (isDown) throw new Error("down");
      return "up";
    };
    const backend = { required: false, start: () => ({}), health: () => void orBreak() };
    await open([workshop(orBreak, {}, { backend })], { clock: () => now });
    isDown = false;
    expect(await gate.gate.problems()).toEqual({});
    isDown = true;
    for (let call = 0; call < 5; call += 1) await gate.call("do_work");
    expect(await gate.gate.problems()).toEqual({ workshop: "down" });
    now += 10_001;
    expect((await gate.call("do_work")).error).toMatchObject({ code: "backend_down", retry: { afterMs: 1_000 } });
    isDown = false;
    expect(await gate.gate.problems()).toEqual({});
    expect((await gate.call("do_work")).texts).toEqual(["up"]);
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

describe("an error of a tool", () => {
  it.each([
    ["no error, and has no words", Object.create(null), "null prototype"],
    ["behind its error", new Error("no quote", { cause: new Error("ECONNREFUSED 10.0.0.7") }), "ECONNREFUSED 10.0.0.7"],
  ])("[T4] that is %s is in the log, and answered as broken", async (_what, thrown: unknown, logged) => {
    await open([workshop(() => Promise.reject(thrown))]);
    expect((await gate.call("do_work")).code).toBe("system_error");
    expect(JSON.stringify(gate.logged)).toContain(logged);
  });

  it("[T4] whose details are not JSON is answered all the same", async () => {
    await open([
      workshop(() => {
        throw new CallError("odd", "Odd.", { details: { big: 1n } });
      }),
    ]);
    expect((await gate.call("do_work")).error).toMatchObject({ code: "odd", message: "Odd." });
  });
});
