import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Host } from "../wire/exchange.ts";
import type { LegacyLoader } from "../wire/legacy-handler.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import { defaultSubscriptionLimits, type SubscriptionLimits } from "../wire/subscriptions.ts";
import { Admission, allowOrigin, answerPreflight } from "./http/admission.ts";
import { Connections } from "./http/connections.ts";
import { ContractDocuments } from "./http/contract-documents.ts";
import { Endpoint } from "./http/endpoint.ts";
import { LazyPages, type PagesLoader } from "./http/lazy-pages.ts";
import { refuse, sendJson } from "./http/refuse.ts";

/** What `/ready` says; further members are shown as they are. */
export interface ReadyStatus {
  readonly ready: boolean;
  readonly [detail: string]: unknown;
}

/** Bounds on what one client, or all together, may hold. Times in milliseconds. */
export interface HttpLimits {
  /** One more is closed at once. */
  readonly maxConnections: number;
  readonly maxHeaderBytes: number;
  /** Bytes of unfinished bodies over all requests; as many may wait in line for their turn. */
  readonly maxPendingBytes: number;
  /** A stream with more than this waiting for its reader is cut off. */
  readonly maxBufferedBytes: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** A stream that is quiet for this long gets a comment; a client that takes nothing for so long is cut off. */
  readonly streamKeepAliveMs: number;
  readonly subscriptions: SubscriptionLimits;
}

export interface HttpOptions {
  readonly host: Host;
  /** What serves 2025 clients, loaded when the first one comes; left out, they are told what is served. */
  readonly legacy?: LegacyLoader;
  readonly allowedOrigins?: readonly string[];
  readonly allowedHosts?: readonly string[];
  /** Where people reach the gate; its host is accepted in `Host`. */
  readonly publicUrl?: string;
  /** The pages at `/approvals`, loaded when the first browser comes; left out, there are none. */
  readonly pages?: PagesLoader;
  /** The keys at `/.well-known/jwks.json`, by which what the gate signs is verified; left out, there are none. */
  readonly publicKeys?: () => readonly object[];
  /** 1 MiB unless said otherwise. */
  readonly maxBodyBytes?: number;
  readonly limits?: Partial<HttpLimits>;
  readonly status: () => ReadyStatus;
}

export interface HttpServer {
  /** Begins to listen; port 0 takes a free one. Rejects where the address cannot be had. */
  listen(address: {
    readonly port: number;
    readonly hostname: string;
  }): Promise<{ readonly url: string; readonly port: number }>;
  /** Tells clients with each answer that its connection ends, so that they come back elsewhere. Calls are taken as before. */
  drain(): void;
  /** Takes no more connections, ends subscriptions, lets calls finish and answers arrive for `graceMs`, then closes what is left. */
  close(options: { readonly graceMs: number }): Promise<void>;
}

const defaultLimits: HttpLimits = {
  maxConnections: 10_000,
  maxHeaderBytes: 16 * 1024,
  maxPendingBytes: 64 * 1024 * 1024,
  maxBufferedBytes: 1024 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 65_000,
  streamKeepAliveMs: 15_000,
  subscriptions: defaultSubscriptionLimits,
};

const notFound = '{"error":"There is nothing at this path. MCP is at /mcp."}';

/** Serves a host over MCP's Streamable HTTP at `/mcp` and `/mcp/<domain>`, with `/health`, `/ready`, `/tools` and the pages beside it. */
export function createHttpServer(options: HttpOptions): HttpServer {
  const limits = { ...defaultLimits, ...options.limits };
  const allowedHosts = [...(options.allowedHosts ?? [])];
  if (options.publicUrl !== undefined) allowedHosts.push(new URL(options.publicUrl).host);
  const endpoint = new Endpoint({
    host: options.host,
    legacy: options.legacy,
    body: { maxBytes: options.maxBodyBytes ?? 1024 * 1024, pending: { held: 0, most: limits.maxPendingBytes } },
    subscriptions: limits.subscriptions,
    keepAliveMs: limits.streamKeepAliveMs,
    maxBufferedBytes: limits.maxBufferedBytes,
  });
  const pages = options.pages && new LazyPages(options.pages, options.host);
  const documents = new ContractDocuments(options.host);
  const allowedOrigins = options.allowedOrigins ?? [];
  let admission = new Admission({ allowedOrigins, allowedHosts });
  let draining = false;

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    if (draining) response.shouldKeepAlive = false;
    const path = pathOf(request.url ?? "/");
    if (answersAnybody(path, response, options)) return;
    const refusal = admission.refusal(request);
    if (refusal !== undefined)
      return refuse(request, response, rpcError(rpcCode.forbidden, refusal, { httpStatus: 403 }));
    if (pages?.takes(path) === true) return pages.serve(request, response, path);
    serveClient(request, response, { path, endpoint, documents });
  };
  const server = createNodeServer(limits, serve).on("connection", () => endpoint.connected());
  const connections = new Connections(server);

  return {
    listen: async ({ port, hostname }) => {
      await listening(server, port, hostname);
      // As it stands in URLs and in `Host`.
      const host = hostname.includes(":") ? `[${hostname}]` : hostname;
      admission = new Admission({ allowedOrigins, allowedHosts: [...allowedHosts, host] });
      const { port: bound } = server.address() as AddressInfo;
      return { url: `http://${host}:${bound}`, port: bound };
    },
    drain: () => {
      draining = true;
    },
    close: async ({ graceMs }) => {
      draining = true;
      await Promise.all([endpoint.close({ graceMs }), connections.close(graceMs)]);
    },
  };
}

interface Clients {
  readonly path: string;
  readonly endpoint: Endpoint;
  readonly documents: ContractDocuments;
}

/** Clients of MCP, and programs that fetch what it is about; browsers may ask for both where their page is allowed to. */
function serveClient(request: IncomingMessage, response: ServerResponse, { path, endpoint, documents }: Clients): void {
  const isDocument = documents.takes(path);
  const domain = isDocument ? undefined : domainOf(path);
  if (domain === null) return sendJson(response, 404, notFound);
  if (request.method === "OPTIONS") return answerPreflight(request, response);
  allowOrigin(request, response);
  if (isDocument) documents.serve(request, response, path);
  else endpoint.serve(request, response, domain);
}

function createNodeServer(limits: HttpLimits, serve: RequestListener): Server {
  const options = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
  };
  const server = createServer(options, serve);
  server.maxConnections = limits.maxConnections;
  // A client that asks before it sends is answered by the same checks; the body is asked for once they are passed.
  server.on("checkContinue", serve);
  return server;
}

function listening(server: Server, port: number, hostname: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
}

/** The domain that a path names; undefined for the whole gate, null where there is no endpoint at all. */
function domainOf(path: string): string | undefined | null {
  if (path === "/mcp") return undefined;
  if (!path.startsWith("/mcp/")) return null;
  const name = path.slice("/mcp/".length);
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : null;
}

/** What is no secret, and is asked for by who knows no key and no host name; true where this was it. */
function answersAnybody(path: string, response: ServerResponse, options: HttpOptions): boolean {
  if (path === "/health") sendJson(response, 200, '{"status":"ok"}');
  else if (path === "/ready") sendReady(response, options.status());
  else if (path === "/.well-known/jwks.json" && options.publicKeys !== undefined)
    sendKeys(response, options.publicKeys());
  else return false;
  return true;
}

/** A key set (RFC 7517). A key is here before it signs for longer than anybody may keep this. */
function sendKeys(response: ServerResponse, keys: readonly object[]): void {
  response.setHeader("cache-control", "public, max-age=60");
  sendJson(response, 200, JSON.stringify({ keys }));
}

function sendReady(response: ServerResponse, status: ReadyStatus): void {
  sendJson(response, status.ready ? 200 : 503, JSON.stringify(status));
}
