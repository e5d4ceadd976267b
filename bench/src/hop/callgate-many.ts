import { serveBenchGate } from "../callgate/serve-bench-gate.ts";
import { readTargetArguments } from "../callgate/target-arguments.ts";
import { gatewayConfig } from "./gateway-config.ts";
import { MANY } from "./many-target.ts";
import { pinUpstreams } from "./pin-upstreams.ts";
import { readPlace } from "./upstream-place.ts";

const { port, folder, accessFile } = readTargetArguments();
const base = new URL(readPlace().url);
const addresses = Array.from({ length: MANY.servers }, (_, number) => ({ url: new URL(String(number), base).href }));
await pinUpstreams(gatewayConfig(folder, ...addresses));
await serveBenchGate(gatewayConfig(folder, ...addresses), { port, accessFile });
