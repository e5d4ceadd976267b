import { fileURLToPath } from "node:url";
import { findBookingsCall } from "../find-bookings.ts";
import type { Target } from "../targets.ts";

/** A way to the same server. */
export interface HopTarget extends Target {
  /** What the server behind it speaks. */
  readonly reaches: "HTTP" | "stdio";
}

type Given = Pick<HopTarget, "name" | "about"> & Partial<HopTarget>;

function hop(file: string, given: Given): HopTarget {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const served = { kind: "peer", store: "sqlite", path: "/mcp", era: "2026-07-28", call: findBookingsCall } as const;
  return { script, reaches: "HTTP", ...served, ...given };
}

/** The server that every hop over HTTP reaches; it never takes part itself. */
export const upstreamTarget: HopTarget = hop("upstream-http.ts", {
  name: "hop-upstream",
  about: "node:http, JSON.parse and JSON.stringify",
});

/** Every way, in the order in which a round visits them. */
export const hopTargets: readonly HopTarget[] = [
  hop("upstream-http.ts", { name: "direct", about: "no hop: the server itself, with the hop's core" }),
  hop("nginx.ts", { name: "nginx", about: "nginx, proxy_pass with connections that stay open: the floor" }),
  hop("callgate-http.ts", {
    name: "callgate",
    about: "Callgate with everything on: key, schemas, limits, an audit on the disk",
    kind: "gate",
  }),
  hop("mcp-proxy-http.ts", {
    name: "mcp-proxy",
    about: "mcp-proxy's functions with the official client behind them: its command starts stdio servers alone",
  }),
  hop("callgate-stdio.ts", {
    name: "callgate-stdio",
    about: "the same gate before the same server over stdio",
    kind: "gate",
    reaches: "stdio",
  }),
  hop("mcp-proxy-stdio.ts", {
    name: "mcp-proxy-stdio",
    about: "mcp-proxy's command before the same server over stdio",
    reaches: "stdio",
  }),
];
