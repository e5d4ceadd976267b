import { fileURLToPath } from "node:url";
import { benchGate } from "./callgate/bench-gate.ts";
import { serveBenchGate } from "./callgate/serve-bench-gate.ts";
import { readPort } from "./port-argument.ts";

const accessFile = fileURLToPath(new URL("../../.callgate/bench.json", import.meta.url));
const folder = fileURLToPath(new URL("../results/gate-alone", import.meta.url));

try {
  const { url } = await serveBenchGate(benchGate(folder), { port: readPort(), accessFile });
  console.log(`The gate under test listens at ${url}/mcp; address and key are in .callgate/bench.json.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
