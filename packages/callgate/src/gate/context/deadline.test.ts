import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import { standStill } from "../testing/stand-still.ts";
import { workshop } from "../testing/workshop.ts";

let gate: TestGate;
const open = async (domains: Parameters<typeof openTestGate>[0]): Promise<TestGate> =>
  (gate = await openTestGate(domains));
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
    expect((await gate.call("do_work")).error).toMatchObject({ code: "deadline_exceeded", retry: { afterMs: 5_000 } });
    expect(await told.promise).toMatchObject({ code: "deadline_exceeded" });
  });

  it("[L3] holds for what is no promise but can be awaited, as query builders are", async () => {
    class Query {
      // biome-ignore lint/suspicious/noThenProperty: that is what a query builder looks like
      // oxlint-disable-next-line unicorn/no-thenable -- the same
      then(): void {}
    }
    await open([workshop(() => new Query(), { timeoutMs: 30 })]);
    expect((await gate.call("do_work")).code).toBe("deadline_exceeded");
  });

  it("[L3] does not run out while the process stands still: a backend is told in time that it has", async () => {
    const backend = new Worker(new URL("../testing/echo-worker.ts", import.meta.url));
    await open([
      workshop(
        async () => {
          await standStill(1_500);
          backend.postMessage("well");
          const [answer] = await once(backend, "message");
          return answer;
        },
        { timeoutMs: 700 },
      ),
    ]);
    expect((await gate.call("do_work")).texts).toEqual(["well"]);
    await backend.terminate();
  });

  it("[L3] runs out once the process goes on, for work that hangs all the same", async () => {
    const hanging = async (): Promise<never> => {
      await standStill(400);
      return new Promise(() => undefined);
    };
    await open([workshop(hanging, { timeoutMs: 50 })]);
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
    const { records } = await searchWhole(gate.gate.store.audit, { limit: 1 });
    expect(records[0]?.outcome).toBe("cancelled");
  });
});
