import type { IncomingMessage, ServerResponse } from "node:http";

export interface AdmissionOptions {
  /** Origins of pages that may call, beside the gate's own: `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
  /** Further values of `Host` that are this gate, with or without a port. */
  readonly allowedHosts: readonly string[];
}

const loopback: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const rememberedHosts = 256;

/**
 * Keeps other people's web pages out: a page that reaches a local gate by DNS rebinding names a foreign `Host`, any
 * other page names its `Origin`.
 */
export class Admission {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;
  /** Host values already found good: parsing one costs more than the rest of the check. */
  readonly #known = new Set<string>();

  constructor(options: AdmissionOptions) {
    this.#origins = new Set(options.allowedOrigins.map((origin) => origin.toLowerCase().replace(/\/$/, "")));
    this.#hosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  }

  /** Why this request is refused, as a sentence; undefined where it may pass. */
  refusal(request: IncomingMessage): string | undefined {
    const { host, origin } = request.headers;
    if (host === undefined || !this.#isOwnHost(host)) {
      return "This Host is not served here. The gate's allowedHosts or publicUrl name the hosts it answers for.";
    }
    if (origin !== undefined && !this.#isOwnOrigin(origin.toLowerCase(), host.toLowerCase())) {
      return "This Origin is not allowed. The gate's allowedOrigins name the pages that may call it.";
    }
    return undefined;
  }

  #isOwnHost(host: string): boolean {
    if (this.#known.has(host)) return true;
    const value = host.toLowerCase();
    const name = hostName(value);
    if (name === undefined || !(loopback.has(name) || this.#hosts.has(name) || this.#hosts.has(value))) return false;
    if (this.#known.size < rememberedHosts) this.#known.add(host);
    return true;
  }

  #isOwnOrigin(origin: string, host: string): boolean {
    if (this.#origins.has(origin)) return true;
    const at = URL.parse(origin);
    if (at === null || (at.protocol !== "http:" && at.protocol !== "https:")) return false;
    if (at.host === host) return true;
    // A page of one's own machine may call a gate of one's own machine, whatever their ports.
    return loopback.has(at.hostname) && loopback.has(hostName(host) ?? "");
  }
}

/** The host without its port, from lower case; undefined where it is no host. */
function hostName(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.exec(host)?.[1];
}

/** Lets an allowed page read the answer. Nothing is said to clients that are no pages. */
export function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const origin = request.headers.origin;
  if (origin === undefined) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", "mcp-session-id, www-authenticate, retry-after, etag");
  response.setHeader("vary", "origin");
}

/** Answers a browser that asks beforehand whether it may call. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  allowOrigin(request, response);
  response.writeHead(204, {
    "access-control-allow-methods": "POST, GET, DELETE",
    "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
    "access-control-max-age": "600",
  });
  response.end();
}
