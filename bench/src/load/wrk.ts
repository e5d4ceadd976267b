import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { PreparedRequest } from "../tool-call.ts";
import { numberPlaceholder } from "../tool-call.ts";

const run = promisify(execFile);
const script = fileURLToPath(new URL("call.lua", import.meta.url));

export interface LoadOptions {
  readonly request: PreparedRequest;
  readonly markers: readonly string[];
  /** The number that the first request carries; each one after it carries the next. */
  readonly firstNumber: number;
  readonly connections: number;
  readonly seconds: number;
  /** The core that the load generator may use, or several: `0,1`. */
  readonly core: number | string;
}

/** What one run of the load generator saw; times in microseconds. */
export interface LoadResult {
  readonly calls: number;
  readonly micros: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU time the generator itself used: near `micros`, it was the bottleneck. */
  readonly cpuMicros: number;
}

/** Calls without pause over keep-alive connections; throws if a single answer was wrong or missing. */
export async function generateLoad(options: LoadOptions): Promise<LoadResult> {
  const { request, connections, seconds, core } = options;
  const headers = Object.entries(request.headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const { stdout } = await run("taskset", [
    "-c",
    String(core),
    "wrk",
    "-t1",
    `-c${connections}`,
    `-d${seconds}s`,
    "--timeout",
    "10s",
    "-s",
    script,
    ...headers,
    request.url,
    "--",
    request.body,
    String(numberPlaceholder),
    String(options.firstNumber),
    ...options.markers,
  ]);
  return toLoadResult(stdout, connections);
}

/** Reads the summary line that the Lua script prints. */
export function toLoadResult(output: string, connections: number): LoadResult {
  const line = output.split("\n").find((candidate) => candidate.startsWith("bench "));
  if (line === undefined) throw new Error(`wrk gave no summary:\n${output}`);
  const figures = new Map(line.split(" ").map((pair) => pair.split("=") as [string, string]));
  const figure = (name: string): number => {
    const value = Number(figures.get(name));
    if (!Number.isFinite(value)) throw new Error(`wrk's summary has no ${name}: ${line}`);
    return value;
  };
  const faults = ["wrong", "connect", "read", "write", "timeout"].filter((name) => figure(name) > 0);
  if (faults.length > 0 || figure("calls") === 0) {
    const counts = faults.map((name) => `${figure(name)} ${name}`).join(", ");
    const example = output.split("\nexample ")[1] ?? "";
    throw new Error(`${figure("calls")} calls, of which at fault: ${counts}. ${example}`);
  }
  // By Little's law, calls in flight are throughput times latency. wrk says nothing of a call that is never answered,
  // but its connection is missing here.
  const inFlight = (figure("calls") * figure("mean")) / figure("micros");
  if (inFlight < connections / 2) {
    throw new Error(
      `${inFlight.toFixed(1)} of ${connections} connections were in use: some calls were never answered.`,
    );
  }
  return {
    calls: figure("calls"),
    micros: figure("micros"),
    p50: figure("p50"),
    p99: figure("p99"),
    cpuMicros: figure("cpu_micros"),
  };
}
