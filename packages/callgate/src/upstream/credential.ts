import type { BackendHost } from "../define/backend-host.ts";
import type { MaybePromise } from "../define/maybe-promise.ts";
import type { Subject } from "../define/subject.ts";

/** Whom a request to an upstream is for, what it asks for, and how long is left for getting a token. */
export interface CredentialUse {
  /** Left out where the gate asks for itself: what the server offers, and whether it is well. */
  readonly subject?: Subject;
  /** The server's own name of the tool that is called, where it is a call of one. */
  readonly tool?: string;
  readonly signal: AbortSignal;
}

/** A server that a credential is shown to, where that is an MCP server over HTTP. */
export interface ReachedServer {
  readonly url: string;
}

/** What a server that already exists is shown, instead of anything that the client has presented. */
export interface UpstreamCredential {
  /**
   * Called before the first request, by whoever starts the domain's backend, with what the gate has lent to that:
   * `start: async (_, host) => { await credential?.open?.(host); … }`. Called again after each `close`: a gate that looks
   * at a server for the first time opens and closes it for that alone. A rejection means that the backend is down; then
   * it may be called again too.
   */
  open?(host: BackendHost, server?: ReachedServer): MaybePromise<void>;
  /** The headers of one request; names in lower case. A rejection means that the request is not made. */
  headers(use: CredentialUse): MaybePromise<Readonly<Record<string, string>>>;
  /**
   * The server has refused those headers (401), and demands others in its `WWW-Authenticate`, where it has one. True:
   * others are there by now, and one more try is worth it.
   */
  refused(use: CredentialUse, headers: Readonly<Record<string, string>>, challenge?: string): MaybePromise<boolean>;
  /** The same where the headers are right and allow too little (403, `insufficient_scope`). */
  lacks?(use: CredentialUse, headers: Readonly<Record<string, string>>, challenge: string): MaybePromise<boolean>;
  /** When the backend stops, or has been looked at; `open` may follow. */
  close?(): MaybePromise<void>;
}

/** Configs run unchecked: a text, or a secret without the way in which it is shown, is no credential. */
export function isCredential(value: unknown): value is UpstreamCredential {
  return typeof value === "object" && value !== null && "headers" in value && typeof value.headers === "function";
}
