import { hash } from "node:crypto";
import { setTimeout as passed } from "node:timers/promises";
import { defineDomain, defineGate, endOnSignals, openGate, serveHttp, sqlite } from "callgate";
import { z } from "zod";
import type { Usage } from "./loaded-gate.ts";

const TEXT = "x".repeat(1_000);
/** A gate whose one tool does as much work as it is told, with every limit as it is unless said otherwise, but for rates. */
const folder = process.argv[2] ?? "";

const work = defineDomain("work", { owner: "load", purpose: "Does work.", concern: "None." });
work.read("do_work", {
  description: "Computes for a while, then waits for a while.",
  input: z.object({ compute_us: z.number(), wait_ms: z.number() }),
  output: z.object({ done: z.boolean() }),
  modes: ["anyone"],
  run: async ({ compute_us, wait_ms }, { signal }) => {
    for (let round = 0; round < compute_us; round += 2) hash("sha256", TEXT);
    if (wait_ms > 0) await passed(wait_ms, undefined, { signal });
    return { done: true };
  },
});

const gate = await openGate(
  defineGate({
    name: "load",
    domains: [work],
    callers: { anonymous: { mode: "anyone" } },
    limits: { rate: "1000000000/s" },
    store: sqlite(`${folder}/gate.db`),
  }),
);
const served = await serveHttp(gate, { port: 0 });
endOnSignals({ close: () => served.close(), say: () => undefined });
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1_000, rssMb: process.memoryUsage.rss() / 2 ** 20 } satisfies Usage);
});
process.send?.({ port: served.port });
process.on("disconnect", () => process.exit(1));
