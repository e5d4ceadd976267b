import type { IncomingMessage, ServerResponse } from "node:http";
import { ownExchange } from "../../gate/call/own-exchange.ts";
import type { ErrorAnswer, Host, PreparedText, WantedContract } from "../../wire/exchange.ts";
import { toInternalError } from "../../wire/internal-error.ts";
import { ClientHeaders } from "./client-headers.ts";
import { sendJson } from "./refuse.ts";

const ALL = "/tools";
const METHOD = "callgate/contracts";
/** Callers see different contracts under one address: nobody keeps them for others, nor without asking again. */
const CACHING = { "cache-control": "private, no-cache", vary: "authorization, cookie, origin" };

/** The contracts of tools as plain documents at `/tools` and `/tools/<name>@<version>`, for programs that speak no MCP. */
export class ContractDocuments {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  takes(path: string): boolean {
    return this.#host.contracts !== undefined && (path === ALL || path.startsWith(`${ALL}/`));
  }

  serve(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return sendJson(response, 405, '{"error":{"message":"Only GET and HEAD are served here."}}');
    }
    void this.#find(request, path)
      .catch((error: unknown) => toInternalError(this.#host, "contracts could not be given", error))
      .then((found) => ("kind" in found ? sendError(response, found) : sendDocument(request, response, found)));
  }

  async #find(request: IncomingMessage, path: string): Promise<PreparedText | ErrorAnswer> {
    const wanted = wantedBy(path);
    const exchange = ownExchange({
      method: METHOD,
      params: { ...wanted },
      // Nothing is waited for that could be given up.
      signal: new AbortController().signal,
      transport: "http",
      presented: new ClientHeaders(request),
    });
    const found = await this.#host.contracts?.(exchange, wanted);
    if (found === undefined) throw new Error("this host has no contracts");
    return found;
  }
}

/** What a path names: `/tools/find_rooms@2`, or without a version. A name that is none of a tool is one that is not there. */
function wantedBy(path: string): WantedContract | undefined {
  if (path === ALL) return undefined;
  const [, name = "", version] = /^([^@]*)(?:@(.*))?$/.exec(decoded(path.slice(ALL.length + 1))) ?? [];
  if (version === undefined) return { name, version: undefined };
  return { name, version: /^[1-9]\d*$/.test(version) ? Number(version) : 0 };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function sendDocument(request: IncomingMessage, response: ServerResponse, { bytes, tag }: PreparedText): void {
  const headers = { ...CACHING, etag: `"${tag}"` };
  if (isKnown(request.headers["if-none-match"], tag)) return void response.writeHead(304, headers).end();
  response.writeHead(200, { ...headers, "content-type": "application/json", "content-length": bytes.length });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

/** RFC 9110, 13.1.2: any of those that the client has, compared weakly. */
function isKnown(header: string | undefined, tag: string): boolean {
  const tags = header?.split(",").map((each) => each.trim().replace(/^W\//, "")) ?? [];
  return tags.includes("*") || tags.includes(`"${tag}"`);
}

function sendError(response: ServerResponse, { httpStatus, httpHeaders, message, data }: ErrorAnswer): void {
  const { code } = (data ?? {}) as { readonly code?: unknown };
  for (const [name, value] of Object.entries({ ...CACHING, ...httpHeaders })) response.setHeader(name, value);
  sendJson(response, httpStatus, JSON.stringify({ error: { code, message } }));
}
