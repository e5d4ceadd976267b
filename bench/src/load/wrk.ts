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
  /** The core that the load generator may use. */
  readonly core: number;
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
  return toLoadResult(stdout);
}

/** Reads the summary line that the Lua script prints. */
export function toLoadResult(output: string): LoadResult {
  const line = output.split("\n").find((candidate) => candidate.startsWith("bench "));
  if (line === undefined) throw new Error(`wrk gave no summary:\n${output}`);
  const figures = new Map(line.split(" ").map((pair) => pair.split("=") as [string, string]));
  const figure = (name: string): number => {
    const value = Number(figures.get(name));
    if (!Number.isFinite(value)) throw new Error(`wrk's summary has no ${name}: ${line}`);
    return value;
  };
  const wrong = figure("wrong");
  const failed = figure("failed");
  if (wrong + failed > 0 || figure("calls") === 0) {
    const example = output.split("\nexample ")[1] ?? "";
    throw new Error(`${figure("calls")} calls, ${wrong} wrong answers, ${failed} failed requests. ${example}`);
  }
  return {
    calls: figure("calls"),
    micros: figure("micros"),
    p50: figure("p50"),
    p99: figure("p99"),
    cpuMicros: figure("cpu_micros"),
  };
}
