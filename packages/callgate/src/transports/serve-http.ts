import { setTimeout as passed } from "node:timers/promises";
import type { Gate } from "../gate/open/create-gate.ts";
import { BootError } from "../gate/served/served-domain.ts";
import { bridge2025 } from "../wire/bridge-2025/load-bridge.ts";
import { createHttpServer, type HttpLimits, type HttpServer } from "./http.ts";
import { approvalPages } from "./pages/load-pages.ts";
import { Readiness } from "./readiness.ts";

/** How long a gate that is told to stop goes on taking calls, so that load balancers learn of it. */
const DRAIN_DELAY_MS = 3_000;

/** Where a gate listens, and what it takes. */
export interface ServeHttpOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 unless said otherwise, and where it is empty: nobody but this machine. */
  readonly hostname?: string | undefined;
  readonly limits?: Partial<HttpLimits>;
}

/** A gate that is served over HTTP. */
export interface ServedGate {
  /** Where it listens, without a path: MCP is at `/mcp`. */
  readonly url: string;
  readonly port: number;
  /**
   * `/ready` says no at once, and calls are taken for a moment more where somebody asks it; calls in flight finish,
   * however long the longest tool may take; then the gate closes.
   * Resolves once nothing is left.
   */
  close(): Promise<void>;
}

/** Serves an open gate over HTTP, 2025 clients included. Rejects with `BootError` where the address cannot be had; the gate stays open then. */
export async function serveHttp(gate: Gate, options: ServeHttpOptions): Promise<ServedGate> {
  const readiness = new Readiness(gate);
  const server = createHttpServer({
    ...gate.config.server,
    host: gate.host,
    legacy: bridge2025(gate),
    pages: approvalPages(gate),
    publicKeys: () => gate.statements.publicKeys(),
    status: () => readiness.status(),
    ...(options.limits && { limits: options.limits }),
  });
  const address = { port: options.port, hostname: options.hostname || "127.0.0.1" };
  const { url, port } = await listen(server, address).catch((error: unknown) => {
    readiness.drain();
    throw error;
  });
  gate.servedAt(url);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    readiness.drain();
    gate.drain();
    server.drain();
    if (readiness.isWatched) await passed(gate.config.server?.drainDelayMs ?? DRAIN_DELAY_MS);
    await server.close({ graceMs: gate.graceMs });
    await gate.close();
  };
  return { url, port, close: () => (closed ??= close()) };
}

function nextPort(port: number): number {
  return port < 65_535 ? port + 1 : port - 1;
}

interface Address {
  readonly port: number;
  readonly hostname: string;
}

async function listen(server: HttpServer, address: Address): Promise<{ readonly url: string; readonly port: number }> {
  try {
    return await server.listen(address);
  } catch (cause) {
    const { port, hostname } = address;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      throw new BootError(
        `Port ${port} of ${hostname} is in use, perhaps by another gate. Choose another one, such as PORT=${nextPort(port)}; PORT=0 takes any that is free.`,
        { cause },
      );
    throw new BootError(`The gate cannot listen on port ${port} of ${hostname}: ${message}`, { cause });
  }
}
