import type { CallLog } from "../../define/context.ts";
import type { InputRequest } from "../../define/input-required.ts";
import { toSignal } from "../../define/stop.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { metaKey, revision } from "../../wire/revisions/2026-07-28/revision.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import type { Discovery, RequestOptions, UpstreamAnswer, UpstreamChange, UpstreamMethod } from "../connection.ts";
import { UpstreamError } from "../upstream-error.ts";
import { askDiscover } from "./ask-discover.ts";
import { hidesNothing, isAskable, leadsNowhereElse } from "./askable.ts";
import { changeOf } from "./change-of.ts";
import { Following } from "./following.ts";
import { hear } from "./hear.ts";
import { changingLists, keepListening } from "./keep-listening.ts";
import { KnownHeaders } from "./known-headers.ts";
import type { Link, Said } from "./link.ts";
import { type Lists, listAll, ofTheGate } from "./list-all.ts";
import type { OnlyCall } from "./only-call.ts";
import { nonsense } from "./reply.ts";
import { ResourceStream } from "./resource-stream.ts";
import type { Session } from "./session.ts";
import { standardHeaders } from "./standard-headers.ts";
import { tellsOfResources } from "./tells-of-resources.ts";
import { withEnvelope } from "./with-envelope.ts";

export interface ModernSessionOptions {
  readonly name: string;
  readonly link: Link;
  /** What `server/discover` has answered. */
  readonly discovered: JsonObject;
  readonly onChange: (change: UpstreamChange) => void;
  readonly log: CallLog;
  /** Where the transport does not tell to which call words belong. */
  readonly only?: OnlyCall<RunningCall>;
}

/** A request that waits for its answer. */
export interface RunningCall {
  readonly subject: string;
  readonly options: RequestOptions;
}

const hasInputRounds: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

/** Requests that stand alone, each with its envelope; MCP 2026-07-28. */
export class ModernSession implements Session {
  readonly isSpent = false;
  readonly #options: ModernSessionOptions;
  readonly #headers = new KnownHeaders();
  readonly #closing = new AbortController();
  readonly #following: Following;

  constructor(options: ModernSessionOptions) {
    this.#options = options;
    const { signal } = this.#closing;
    const stream = new ResourceStream({ ...options, signal });
    this.#following = new Following({ tell: (uris) => stream.tell(uris), signal });
  }

  async discover(signal: AbortSignal): Promise<Discovery> {
    const { name, link } = this.#options;
    const discovered = await askDiscover(link, signal);
    const { instructions } = discovered;
    const lists = await this.#lists(discovered, signal);
    this.#headers.learn(lists.tools);
    return {
      revision,
      server: serverOf(discovered),
      instructions: typeof instructions === "string" ? instructions : undefined,
      ...lists,
    };

    function serverOf(result: JsonObject): JsonObject {
      const meta = result["_meta"];
      const info = isJsonObject(meta) ? meta[metaKey.serverInfo] : undefined;
      return isJsonObject(info) ? info : { name };
    }
  }

  async request(method: UpstreamMethod, params: JsonObject, options: RequestOptions): Promise<UpstreamAnswer> {
    const whole = hasInputRounds.has(method) ? withAnswers(params, options) : params;
    try {
      return this.#answer(await this.#send(method, whole, options));
    } catch (error) {
      if (method !== "tools/call" || !isHeaderMismatch(error) || this.#headers.isLearnt) throw error;
      // The tool wants an argument repeated in a header, which only its list says: nothing was done.
      this.#headers.learn((await this.#lists(this.#options.discovered, toSignal(options.signal))).tools);
      return this.#answer(await this.#send(method, whole, options));
    }
  }

  async ping(signal: AbortSignal): Promise<void> {
    await askDiscover(this.#options.link, signal);
  }

  /** Hears of changes of lists, for as long as the session lasts and the server offers it. */
  listen(): void {
    const { link, discovered, onChange } = this.#options;
    const lists = changingLists(discovered["capabilities"]);
    if (lists.length === 0) return;
    void keepListening({
      link,
      notifications: Object.fromEntries(lists.map((list) => [`${list}ListChanged`, true])),
      onChange,
      onBack: () => {
        for (const kind of lists) onChange({ kind });
      },
      signal: this.#closing.signal,
    });
  }

  async follow(uris: ReadonlySet<string>): Promise<void> {
    if (tellsOfResources(this.#options.discovered["capabilities"])) await this.#following.follow(uris);
  }

  close(): Promise<void> {
    this.#closing.abort(new Error("the session is closed"));
    return this.#options.link.close();
  }

  /** What the server says beside every request, or of one that its transport cannot tell. */
  aside(said: Said): void {
    const change = changeOf(said);
    const call = this.#options.only?.current;
    if (change !== undefined) this.#options.onChange(change);
    else if (call !== undefined) hear(said, call.options);
  }

  #send(method: UpstreamMethod, params: JsonObject, options: RequestOptions): Promise<JsonObject> {
    const { only } = this.#options;
    const asked = this.#ask(method, params, options);
    if (only === undefined) return asked;
    const call = { subject: options.subject.id, options };
    only.begin(call);
    return asked.finally(() => only.end(call));
  }

  #ask(method: UpstreamMethod, params: JsonObject, options: RequestOptions): Promise<JsonObject> {
    const { subject, signal, trace, canAsk, hears } = options;
    return this.#options.link.ask({
      method,
      params: withEnvelope(params, { traceparent: trace.traceparent, hears, capabilities: capabilitiesOf(canAsk) }),
      subject,
      signal,
      during: (said) => hear(said, options),
      headers:
        method === "tools/call"
          ? { ...standardHeaders(method, params), ...this.#headers.of(params, options.paramHeaders) }
          : standardHeaders(method, params),
    });
  }

  #answer(result: JsonObject): UpstreamAnswer {
    const { name } = this.#options;
    const { resultType } = result;
    if (resultType === undefined || resultType === "complete") return { kind: "result", result };
    if (resultType !== "input_required") throw nonsense(name, "answers with a kind of result that was not asked for");
    const { inputRequests = {}, requestState } = result;
    if (!isJsonObject(inputRequests) || !Object.values(inputRequests).every(isInputRequest)) {
      throw nonsense(name, "asks the client for what is no question, or sends people where nobody should be sent");
    }
    if (!Object.values(inputRequests as Record<string, InputRequest>).every(isWithoutHidden))
      throw nonsense(name, "asks the client for what has hidden letters in its names or values");
    return {
      kind: "input_required",
      requests: inputRequests as Record<string, InputRequest>,
      state: typeof requestState === "string" ? { requestState } : {},
    };
  }

  #lists({ capabilities }: JsonObject, signal: AbortSignal): Promise<Lists> {
    const { name, link } = this.#options;
    return listAll({
      name,
      capabilities: isJsonObject(capabilities) ? capabilities : {},
      signal,
      ask: (method, params) =>
        link.ask({
          ...ofTheGate,
          method,
          params: withEnvelope(params, { capabilities: {} }),
          headers: standardHeaders(method, params),
          signal,
        }),
    });
  }
}

function capabilitiesOf(canAsk: RequestOptions["canAsk"]): JsonObject {
  const capabilities: Record<string, JsonObject> = {};
  if (canAsk("elicitation/create"))
    capabilities["elicitation"] = canAsk("elicitation/create", "url") ? { form: {}, url: {} } : { form: {} };
  if (canAsk("sampling/createMessage")) capabilities["sampling"] = {};
  if (canAsk("roots/list")) capabilities["roots"] = {};
  return capabilities;
}

function withAnswers(params: JsonObject, { inputResponses, state }: RequestOptions): JsonObject {
  const requestState = isJsonObject(state) ? state["requestState"] : undefined;
  return {
    ...params,
    ...(Object.keys(inputResponses).length > 0 && { inputResponses }),
    ...(typeof requestState === "string" && { requestState }),
  };
}

function isInputRequest(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { method, params } = value;
  return typeof method === "string" && isAskable(method) && leadsNowhereElse(isJsonObject(params) ? params : undefined);
}

function isWithoutHidden({ method, params }: InputRequest): boolean {
  return hidesNothing(method, params);
}

function isHeaderMismatch(error: unknown): boolean {
  return (
    error instanceof UpstreamError && error.fault.kind === "refused" && error.fault.code === rpcCode.headerMismatch
  );
}
