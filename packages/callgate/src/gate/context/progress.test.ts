import { afterEach, describe, expect, it } from "vitest";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import { type Run, workshop } from "../testing/workshop.ts";

let gate: TestGate;
const open = async (run: Run): Promise<TestGate> => (gate = await openTestGate([workshop(run)]));
afterEach(() => gate.close());

describe("progress", () => {
  it("[T7] reaches the client as it happens, and not before the call's intent is on record", async () => {
    const goOn = Promise.withResolvers<void>();
    const heard: unknown[] = [];
    const first = Promise.withResolvers<void>();
    await open(async (_input, ctx) => {
      ctx.progress(1, 2, "half");
      await goOn.promise;
      ctx.progress(2, 2, "whole");
      return "done";
    });
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
    const { records } = await searchWhole(gate.gate.store.audit, { limit: 5 });
    expect(records).toMatchObject([{ kind: "intent", tool: "do_work" }]);
    expect(heard).toEqual([["notifications/progress", { progressToken: "p", progress: 1, total: 2, message: "half" }]]);
    goOn.resolve();
    expect((await working).texts).toEqual(["done"]);
    expect(heard).toHaveLength(2);
  });

  it("[T7] that cannot be sent costs the call neither its record nor its answer", async () => {
    await open((_input, ctx) => (ctx.say("info", { big: 1n }), "done"));
    expect(
      (await gate.call("do_work", {}, { logLevel: "info", onNotify: (...told) => JSON.stringify(told) })).texts,
    ).toEqual(["done"]);
    const { records } = await searchWhole(gate.gate.store.audit, { limit: 5 });
    expect(records.map(({ kind }) => kind)).toEqual(["call", "intent"]);
    expect(gate.logged.map(({ message }) => message)).toEqual(["a client could not be told what a tool said"]);
  });

  it("[T7] after the call has ended is neither sent nor recorded as the intent of another one", async () => {
    const heard: unknown[] = [];
    let tell: (() => void) | undefined;
    await open((_input, ctx) => {
      tell = () => ctx.progress(1);
      return "done";
    });
    const asked = { progressToken: "p", onNotify: (method: string) => heard.push(method) };
    await gate.call("do_work", {}, asked);
    tell?.();
    // Rows are recorded in the order in which they come: after this call, what was told late would stand there.
    await gate.call("do_work", {}, asked);
    const { records } = await searchWhole(gate.gate.store.audit, { limit: 5 });
    expect(records.map(({ kind }) => kind)).toEqual(["call", "call"]);
    expect(heard).toEqual([]);
  });

  it("[T7] is not sent to who did not ask for it", async () => {
    const heard: unknown[] = [];
    await open((_input, ctx) => (ctx.progress(1), "done"));
    await gate.call("do_work", {}, { onNotify: (method) => heard.push(method) });
    expect(heard).toEqual([]);
  });
});
