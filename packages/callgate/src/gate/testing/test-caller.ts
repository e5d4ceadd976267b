import type { Answer, Exchange, JsonObject, Presented } from "../../wire/exchange.ts";
import type { Gate } from "../open/create-gate.ts";

/** What a call brings along beside its arguments. */
export interface Asked {
  readonly signal?: AbortSignal;
  /** `_meta` as sent. */
  readonly meta?: JsonObject;
  readonly capabilities?: JsonObject;
  readonly progressToken?: string;
  readonly logLevel?: string;
  readonly endpoint?: string;
  readonly remoteAddress?: string;
  readonly traceparent?: string;
  /** Further members of `params`: `requestState`, `inputResponses`. */
  readonly params?: JsonObject;
  readonly onNotify?: (method: string, params: JsonObject) => void;
}

/** The details of a failed call, as the model reads them. */
export interface SaidError {
  readonly code: string;
  readonly category: string;
  readonly message: string;
  readonly next: string | undefined;
  readonly retry: unknown;
  readonly details: Readonly<Record<string, unknown>> | undefined;
}

/** An answer taken apart. */
export interface Reply {
  readonly answer: Answer;
  /** The whole result, parsed; undefined for a JSON-RPC error. */
  readonly result: Readonly<Record<string, unknown>> | undefined;
  readonly structured: Readonly<Record<string, unknown>> | undefined;
  readonly meta: Readonly<Record<string, unknown>>;
  /** The texts of `content`. */
  readonly texts: readonly string[];
  /** What went wrong, as a tool's error or as a JSON-RPC error. */
  readonly error: SaidError | undefined;
  readonly code: string | undefined;
}

/** Calls a gate as the wire does, with one credential. */
export class TestCaller {
  readonly #gate: Gate;
  readonly #presented: (address: string | undefined) => Presented;

  constructor(gate: Gate, credential: string | undefined) {
    this.#gate = gate;
    this.#presented = (remoteAddress) => ({
      authorization: credential === undefined ? undefined : `Bearer ${credential}`,
      remoteAddress: remoteAddress ?? "192.0.2.1",
      local: false,
      header: () => undefined,
    });
  }

  call(tool: string, input: Readonly<Record<string, unknown>> = {}, asked: Asked = {}): Promise<Reply> {
    return this.request("tools/call", { name: tool, arguments: input, ...asked.params }, asked);
  }

  async request(method: string, params: JsonObject, asked: Asked = {}): Promise<Reply> {
    return toReply(await this.#gate.host.handle(this.exchange(method, params, asked)));
  }

  /** The tools that this caller sees, by name. */
  async tools(endpoint?: string): Promise<Map<string, JsonObject>> {
    const { result } = await this.request("tools/list", {}, endpoint === undefined ? {} : { endpoint });
    const tools = (result?.["tools"] ?? []) as JsonObject[];
    return new Map(tools.map((tool) => [String(tool["name"]), tool]));
  }

  exchange(method: string, params: JsonObject, asked: Asked = {}): Exchange {
    return {
      method,
      params,
      meta: {
        clientInfo: { name: "test", version: "1" },
        clientCapabilities: asked.capabilities ?? {},
        logLevel: asked.logLevel,
        progressToken: asked.progressToken,
        traceparent: asked.traceparent,
        tracestate: undefined,
        baggage: undefined,
        all: asked.meta ?? {},
      },
      revision: "2026-07-28",
      transport: "memory",
      endpoint: asked.endpoint,
      presented: this.#presented(asked.remoteAddress),
      inputBytes: 100,
      signal: asked.signal ?? new AbortController().signal,
      paramHeaders: undefined,
      notify: (name, told) => asked.onNotify?.(name, told),
    };
  }
}

function toReply(answer: Answer): Reply {
  if (answer.kind === "error") {
    const code = answer.data?.["code"];
    return {
      answer,
      result: undefined,
      structured: undefined,
      meta: {},
      texts: [],
      error: {
        code: typeof code === "string" ? code : String(answer.code),
        category: "",
        message: answer.message,
        next: undefined,
        retry: answer.data?.["retry"],
        details: answer.data,
      },
      code: typeof code === "string" ? code : String(answer.code),
    };
  }
  const result = JSON.parse(`{${answer.members}}`) as Record<string, unknown>;
  const meta = JSON.parse(`{${answer.meta ?? ""}}`) as Record<string, unknown>;
  const content = (result["content"] ?? []) as readonly { readonly type: string; readonly text?: string }[];
  const error = meta["io.callgate/error"] as SaidError | undefined;
  return {
    answer,
    result,
    structured: result["structuredContent"] as Reply["structured"],
    meta,
    texts: content.flatMap(({ text }) => (text === undefined ? [] : [text])),
    error,
    code: error?.code,
  };
}
