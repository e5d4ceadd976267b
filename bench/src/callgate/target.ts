import { parseArgs } from "node:util";
import { serveBenchGate } from "./serve-bench-gate.ts";

// The gate as a target of the bench: ServerProcess starts it with exactly these.
const { values } = parseArgs({ options: { port: { type: "string" }, folder: { type: "string" } } });
const { port, folder } = values;
if (port === undefined || folder === undefined) throw new Error("Say where: --port N --folder PATH");

await serveBenchGate({ port: Number(port), folder, accessFile: `${folder}/bench.json` });
