import { serveBenchGate } from "../callgate/serve-bench-gate.ts";
import { readTargetArguments } from "../callgate/target-arguments.ts";
import { gatewayConfig } from "./gateway-config.ts";
import { pinUpstreams } from "./pin-upstreams.ts";
import { readPlace, stdioCommand } from "./upstream-place.ts";

const { port, folder, accessFile } = readTargetArguments();
const [command, ...args] = stdioCommand(readPlace());
await pinUpstreams(gatewayConfig(folder, { command, args }));
await serveBenchGate(gatewayConfig(folder, { command, args }), { port, accessFile });
