import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { BatchChannel } from "./batch-channel.ts";
import { LazyChannel } from "./lazy-channel.ts";

// Answers each operation with how many it has answered; dies at "die".
const counting = `
  const { parentPort } = require("node:worker_threads");
  let answered = 0;
  parentPort.on("message", (operations) => {
    if (operations === "close") return parentPort.close();
    if (operations.some(([name]) => name === "die")) throw new Error("out of order");
    parentPort.postMessage([operations.map(() => (answered += 1)), null, false]);
  });
`;
const start = (): BatchChannel =>
  new BatchChannel(new Worker(counting, { eval: true }), { name: "counting", maxBatch: 1, maxPending: 10 });

it("starts its thread anew where it has died, and no other time", async () => {
  let starts = 0;
  const channel = new LazyChannel(async () => {
    starts += 1;
    return start();
  });
  expect([await channel.call(["a"]), await channel.call(["b"])]).toEqual([1, 2]);
  await expect(channel.call(["die"])).rejects.toMatchObject({ code: "store_unavailable" });
  expect(await Promise.all([channel.call(["c"]), channel.call(["d"])])).toEqual([1, 2]);
  expect(starts).toBe(2);
  await channel.close();
  await expect(channel.call(["e"])).rejects.toMatchObject({ code: "store_closed" });
  expect(starts).toBe(2);
});

it("tries a start that failed again with the next operation", async () => {
  let starts = 0;
  const channel = new LazyChannel(async () => {
    starts += 1;
    if (starts === 1) throw new Error("no file yet");
    return start();
  });
  await expect(channel.call(["a"])).rejects.toThrow("no file yet");
  expect(await channel.call(["a"])).toBe(1);
  await channel.close();
});
