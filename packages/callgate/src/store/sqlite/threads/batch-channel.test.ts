import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { BatchChannel } from "./batch-channel.ts";

// Answers each operation with the size of its batch; throws at "die", ends at "end".
const echo = `
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", (operations) => {
    if (operations === "close") return parentPort.close();
    if (operations.some(([name]) => name === "die")) throw new Error("out of order");
    if (operations.some(([name]) => name === "end")) process.exit(0);
    parentPort.postMessage([operations.map(() => operations.length), null, false]);
  });
`;
const open = (maxPending = 100) =>
  new BatchChannel(new Worker(echo, { eval: true }), { name: "echo", maxBatch: 8, maxPending });

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

describe("batch channel", () => {
  it("sends together what comes turn after turn, and without more delay what came alone", async () => {
    const channel = open();
    const together = [channel.call(["a"]), channel.call(["b"])];
    await turns(1);
    together.push(channel.call(["c"]));
    await turns(3);
    const after = channel.call(["d"]);
    expect(await Promise.all(together)).toEqual([3, 3, 3]);
    expect(await after).toBe(1);
    await channel.close();
  });

  it("sends no more at once than it may, and the rest when the answer arrives", async () => {
    const channel = open();
    const sizes = await Promise.all(Array.from({ length: 10 }, () => channel.call(["a"])));
    expect(sizes).toEqual([8, 8, 8, 8, 8, 8, 8, 8, 2, 2]);
    await channel.close();
  });

  it.each(["die", "end"])(
    "rejects everything that is pending when the worker meets its end (%s), and what comes after",
    async (how) => {
      const channel = open();
      const away = channel.call([how]);
      await new Promise(setImmediate);
      const waiting = channel.call(["a"]);
      const ended = await Promise.allSettled([away, waiting]);
      expect(ended).toMatchObject([
        { reason: { code: "store_unavailable" } },
        { reason: { code: "store_unavailable" } },
      ]);
      await expect(channel.call(["a"])).rejects.toMatchObject({ code: "store_unavailable" });
      await channel.close();
    },
  );

  it("closes once what is pending is done, for each of those who close it", async () => {
    const channel = open();
    const pending = channel.call(["a"]);
    const settled = await Promise.all([channel.close(), channel.close(), pending]);
    expect(settled).toEqual([undefined, undefined, 1]);
    await expect(channel.call(["b"])).rejects.toMatchObject({ code: "store_closed" });
  });

  it("rejects a value that no message can carry, and sends its neighbours", async () => {
    const channel = open();
    const done = await Promise.allSettled([channel.call(["a"]), channel.call([() => undefined]), channel.call(["c"])]);
    expect(done.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    await channel.close();
  });
});
