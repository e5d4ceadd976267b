import { parseArgs } from "node:util";
import { steadyLoad } from "./steady-load.ts";

// Run by `steady.ts` on the core of the load: writes what it saw as one line of JSON.
const { values } = parseArgs({ options: { load: { type: "string" } } });
if (values.load === undefined) throw new Error("Say what to send: --load JSON");
process.stdout.write(`${JSON.stringify(await steadyLoad(JSON.parse(values.load)))}\n`);
