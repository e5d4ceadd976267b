import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { BatchChannel } from "../threads/batch-channel.ts";
import { LazyChannel } from "../threads/lazy-channel.ts";
import { AuditKeeper } from "./audit-keeper.ts";

// A thread that fails to index, as on a damaged file, and counts how often it was told to.
const failing = `
  const { parentPort } = require("node:worker_threads");
  let asked = 0;
  parentPort.on("message", (operations) => {
    if (operations === "close") return parentPort.close();
    const [[name]] = operations;
    if (name === "index") asked += 1;
    parentPort.postMessage(name === "index" ? [null, [[0, "store_unavailable", "damaged"]], false] : [[asked], null, false]);
  });
`;
const open = (): BatchChannel =>
  new BatchChannel(new Worker(failing, { eval: true }), { name: "failing", maxBatch: 1, maxPending: 10 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("leaves a minute between two attempts to index what cannot be indexed", async () => {
  const complaints = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const thread = new LazyChannel(async () => open());
  const [ledger, appender] = [open(), open()];
  const keeper = new AuditKeeper({
    thread,
    ledger,
    appender,
    retentionDays: undefined,
    clock: () => Date.now(),
    timeToRemove: (now) => now,
  });
  const askedAfter = async (ms: number): Promise<number> => {
    vi.advanceTimersByTime(ms);
    return thread.call<number>(["asked"]);
  };
  expect(await askedAfter(500)).toBe(1);
  for (let second = 0; second < 58; second += 1) expect(await askedAfter(1_000)).toBe(1);
  expect(await askedAfter(3_000)).toBe(2);
  expect(complaints).toHaveBeenCalledTimes(2);
  await keeper.close();
  await Promise.all([ledger.close(), appender.close()]);
});
