import { generateLoad } from "./load/wrk.ts";
import type { Cores } from "./machine.ts";
import type { ServerProcess } from "./server-process.ts";

/** What one target did in one round. */
export interface Sample {
  readonly callsPerSecond: number;
  readonly cpuMicrosPerCall: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly residentBytes: number;
  /** Share of the round that the server's core worked for it: below about 0.95 it was waiting, not working. */
  readonly serverBusy: number;
  /** The same of the load generator: near 1 it was the bottleneck. */
  readonly loadBusy: number;
}

export interface RoundOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly cores: Cores;
}

/** Loads one server while it alone may run, and reads what that cost it. */
export async function measureRound(server: ServerProcess, options: RoundOptions): Promise<Sample> {
  server.resume();
  const before = server.readUsage();
  const load = await generateLoad({
    request: server.request,
    markers: server.target.call.markers,
    firstNumber: server.takeNumbers(),
    connections: options.connections,
    seconds: options.seconds,
    core: options.cores.load,
  });
  const after = server.readUsage();
  server.pause();
  const cpuMicros = after.cpuMicros - before.cpuMicros;
  return {
    callsPerSecond: (load.calls / load.micros) * 1e6,
    cpuMicrosPerCall: cpuMicros / load.calls,
    p50Micros: load.p50,
    p99Micros: load.p99,
    residentBytes: after.residentBytes,
    serverBusy: cpuMicros / load.micros,
    loadBusy: load.cpuMicros / load.micros,
  };
}
