import { defineGate } from "../../../packages/callgate/src/define/gate-config.ts";
import { redis } from "../../../packages/callgate/src/define/redis.ts";
import { openGate } from "../../../packages/callgate/src/operations/open-gate.ts";
import { endOnSignals } from "../../../packages/callgate/src/transports/end-on-signals.ts";
import { serveHttp } from "../../../packages/callgate/src/transports/serve-http.ts";
import { outsideDomains } from "./outside-domains.ts";
import { proofCallers } from "./proof-callers.ts";
import type { FaultPoint, ReplicaSetting, Serving, Told } from "./setting.ts";
import { storeOf } from "./store-of.ts";

/** A replica: a whole gate over HTTP, whose clock and whose death are in the hands of its parent. */
const setting = JSON.parse(process.argv[2] ?? "") as ReplicaSetting;
let clockAheadMs = setting.clockAheadMs;
let death: { readonly at: FaultPoint; left: number } | undefined;

function reach(point: FaultPoint): void {
  if (death?.at !== point) return;
  death.left -= 1;
  if (death.left <= 0) process.kill(process.pid, "SIGKILL");
}

process.on("message", (told: Told) => {
  if ("dieAt" in told) death = { at: told.dieAt, left: told.passing };
  else clockAheadMs = told.clockAheadMs;
});
// Whoever proves is gone: nobody is left who could end this process.
process.on("disconnect", () => process.exit());

const gate = await openGate(
  defineGate({
    name: "proof",
    domains: outsideDomains({ url: setting.effectsUrl, reach }),
    callers: proofCallers,
    limits: { rate: "100000/s", ...(setting.redisUrl !== undefined && { shared: redis(setting.redisUrl) }) },
    graduation: "off",
    store: storeOf(setting.store),
  }),
  { clock: () => Date.now() + clockAheadMs, at: reach },
);
const served = await serveHttp(gate, { port: 0 });
endOnSignals({ close: () => served.close(), say: (words) => console.error(words) });
process.send?.({ url: served.url } satisfies Serving);
