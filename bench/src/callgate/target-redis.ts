import { parseArgs } from "node:util";
import { RedisServer } from "../../../packages/callgate/src/limits/redis/testing/redis-server.ts";
import { serveBenchGate } from "./serve-bench-gate.ts";

// The same gate as target.ts, with a Redis of its own on the same core that counts its rates.
const { values } = parseArgs({ options: { port: { type: "string" }, folder: { type: "string" } } });
const { port, folder } = values;
if (port === undefined || folder === undefined) throw new Error("Say where: --port N --folder PATH");

const { url: redisUrl } = await RedisServer.start();
await serveBenchGate({ port: Number(port), folder, accessFile: `${folder}/bench.json`, redisUrl });
