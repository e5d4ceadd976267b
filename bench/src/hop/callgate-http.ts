import { serveBenchGate } from "../callgate/serve-bench-gate.ts";
import { readTargetArguments } from "../callgate/target-arguments.ts";
import { gatewayConfig } from "./gateway-config.ts";
import { pinUpstreams } from "./pin-upstreams.ts";
import { readPlace } from "./upstream-place.ts";

const { port, folder, accessFile } = readTargetArguments();
const address = { url: readPlace().url };
await pinUpstreams(gatewayConfig(folder, address));
await serveBenchGate(gatewayConfig(folder, address), { port, accessFile });
