import { benchGate } from "./bench-gate.ts";
import { serveBenchGate } from "./serve-bench-gate.ts";
import { readTargetArguments } from "./target-arguments.ts";

// The gate as a target of the bench.
const { port, folder, accessFile } = readTargetArguments();
await serveBenchGate(benchGate(folder), { port, accessFile });
