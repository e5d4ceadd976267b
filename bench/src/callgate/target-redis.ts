import { RedisServer } from "../../../packages/callgate/src/limits/redis/testing/redis-server.ts";
import { benchGate } from "./bench-gate.ts";
import { serveBenchGate } from "./serve-bench-gate.ts";
import { readTargetArguments } from "./target-arguments.ts";

// The same gate as target.ts, with a Redis of its own on the same core that counts its rates.
const { port, folder, accessFile } = readTargetArguments();
const { url } = await RedisServer.start();
await serveBenchGate(benchGate(folder, url), { port, accessFile });
