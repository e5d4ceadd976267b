import type { InputRequest, InputResponse } from "../define/input-required.ts";
import type { Stop } from "../define/stop.ts";
import type { Subject } from "../define/subject.ts";
import type { JsonObject } from "../wire/exchange.ts";
import type { ParamHeader } from "../wire/param-headers.ts";
import type { Unheld } from "./session/list-all.ts";

/** What a server offers: each item as its list shows it, every field kept, in the server's order, all pages. */
export interface Discovery {
  /** The revision that is spoken with it, e.g. `2026-07-28`. */
  readonly revision: string;
  /** What it says of itself: name and version at least. */
  readonly server: JsonObject;
  readonly instructions: string | undefined;
  readonly tools: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly unheld: readonly Unheld[];
}

/** What is asked of a server on behalf of a caller. */
export type UpstreamMethod = "tools/call" | "resources/read" | "prompts/get" | "completion/complete";

/** The caller's side of a request: for whom it is, how long it may take, and how the caller is reached meanwhile. */
export interface RequestOptions {
  readonly subject: Subject;
  /** Aborting it cancels the request at the server too, by its protocol's own means. */
  readonly signal: Stop;
  readonly trace: { readonly traceparent: string };
  /** Answers to what the server asked for in the round before, by its names; empty on the first. */
  readonly inputResponses: Readonly<Record<string, InputResponse>>;
  /** What that round's answer carried as `state`. */
  readonly state: unknown;
  readonly canAsk: (method: InputRequest["method"], mode?: "url") => boolean;
  readonly progress: (done: number, total?: number, message?: string) => void;
  /** Arguments of a tool that its contract wants repeated in headers; left out: what the server itself says of it. */
  readonly paramHeaders?: readonly ParamHeader[];
  readonly say: (level: "debug" | "info" | "notice" | "warning" | "error", words: unknown) => void;
  /** The least level that the caller wants to hear; undefined: none of it. */
  readonly hears: string | undefined;
}

/** A result as the server gave it, unknown fields included; or what it asks of the client first. */
export type UpstreamAnswer =
  | { readonly kind: "result"; readonly result: JsonObject }
  | {
      readonly kind: "input_required";
      readonly requests: Readonly<Record<string, InputRequest>>;
      /** JSON, to be given back with the answers. */
      readonly state: unknown;
    };

/** What a server tells of itself unasked. */
export type UpstreamChange =
  | { readonly kind: "tools" | "resources" | "prompts" }
  | { readonly kind: "resource"; readonly uri: string }
  /** It could be reached again, or cannot be reached any more. */
  | { readonly kind: "up" | "down" };

/** A server that already exists, as the gate reaches it: whatever its transport and its era. Rejects with `UpstreamError`. */
export interface UpstreamConnection {
  /** Everything that it offers right now. */
  discover(signal: AbortSignal): Promise<Discovery>;
  request(method: UpstreamMethod, params: JsonObject, options: RequestOptions): Promise<UpstreamAnswer>;
  /** Resolves when the server answers. */
  health(signal: AbortSignal): Promise<void>;
  /**
   * Has the server tell of changes of these resources, and of no others, as long as the connection lasts. Resolves once it
   * was told so; at once where it is away: then it is told when it is back, and each of the resources counts as changed.
   * Never rejects.
   */
  follow(uris: ReadonlySet<string>): Promise<void>;
  /** Gives back what ends the listening. */
  onChange(listener: (change: UpstreamChange) => void): () => void;
  /** Ends sessions, sockets and processes; requests under way are rejected. */
  close(): Promise<void>;
}
