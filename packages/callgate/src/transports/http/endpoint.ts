import type { IncomingMessage, ServerResponse } from "node:http";
import { answerCall } from "../../wire/answer-call.ts";
import { Call, type CallOrigin } from "../../wire/call.ts";
import { eraOf } from "../../wire/era.ts";
import type { ErrorAnswer, Host } from "../../wire/exchange.ts";
import { toInternalError } from "../../wire/internal-error.ts";
import { type NotificationFrame, type RequestFrame, readFrame } from "../../wire/json-rpc.ts";
import type { LegacyHandler, LegacyLoader, LegacyRequest } from "../../wire/legacy-handler.ts";
import { type Admitted, Codec, unsupportedRevision } from "../../wire/revisions/2026-07-28/codec.ts";
import { encodeError } from "../../wire/revisions/2026-07-28/encode.ts";
import { claimedRevision } from "../../wire/revisions/2026-07-28/envelope.ts";
import { compareHeaders, type StandardHeaders } from "../../wire/revisions/2026-07-28/standard-headers.ts";
import { rpcCode, rpcError } from "../../wire/rpc-error.ts";
import { JsonFault, parseStrictJson } from "../../wire/strict-json.ts";
import { type SubscriptionLimits, Subscriptions } from "../../wire/subscriptions.ts";
import { type Accepts, isJsonType, readAccept } from "./accept.ts";
import { type BodyLimits, readBody } from "./body.ts";
import { BusySign } from "./busy.ts";
import { ClientHeaders } from "./client-headers.ts";
import { refuse, sendJson } from "./refuse.ts";
import { Reply, type ReplyContext } from "./reply.ts";
import { Turns } from "./turns.ts";

export interface EndpointOptions {
  readonly host: Host;
  readonly legacy: LegacyLoader | undefined;
  readonly body: BodyLimits;
  readonly subscriptions: SubscriptionLimits;
  readonly keepAliveMs: number;
  readonly maxBufferedBytes: number;
}

/** Streams of a subscription carry small events; one that is behind by this much is not being read. */
const subscriptionBufferedBytes = 64 * 1024;

/** The MCP endpoint: takes each request to its era, and the modern ones to the host. */
export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #codec: Codec;
  readonly #subscriptions: Subscriptions;
  readonly #replies: ReplyContext;
  readonly #subscribed: ReplyContext;
  readonly #turns: Turns;
  readonly #busy = new BusySign();
  #legacy: Promise<LegacyHandler> | undefined;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#turns = new Turns({ mostBytes: options.body.pending.most });
    this.#codec = new Codec(options.host);
    this.#subscriptions = new Subscriptions(options.host, this.#codec, options.subscriptions);
    const { keepAliveMs, maxBufferedBytes } = options;
    this.#replies = { codec: this.#codec, keepAliveMs, maxBufferedBytes };
    this.#subscribed = { ...this.#replies, maxBufferedBytes: subscriptionBufferedBytes };
  }

  /** Told of each connection that comes in. */
  connected(): void {
    this.#turns.connected();
  }

  /** Serves one request to `/mcp` or to a domain's endpoint. Host and Origin have been judged. */
  serve(request: IncomingMessage, response: ServerResponse, domain: string | undefined): void {
    if (request.method === "POST") return this.#post(request, response, domain);
    const { headers, method: httpMethod } = request;
    const ofSession = (httpMethod === "GET" || httpMethod === "DELETE") && headers["mcp-session-id"] !== undefined;
    if (ofSession && this.#options.legacy !== undefined) {
      return void this.#serveLegacy(request, response, { httpMethod, body: undefined, bytes: 0, endpoint: domain });
    }
    refuse(request, response, methodNotAllowed);
  }

  /** Ends the subscriptions with their final results; lets calls of 2025 clients finish for `graceMs`. */
  async close(options: { readonly graceMs: number }): Promise<void> {
    this.#subscriptions.endAll();
    const legacy = await this.#legacy?.catch(() => undefined);
    await legacy?.close(options);
  }

  #post(request: IncomingMessage, response: ServerResponse, domain: string | undefined): void {
    const { headers } = request;
    const { body } = this.#options;
    if (!isJsonType(headers["content-type"])) return refuse(request, response, notJson);
    const encoding = headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") return refuse(request, response, encoded);
    if (Number(headers["content-length"]) > body.maxBytes) return refuse(request, response, tooLarge(body.maxBytes));
    if (headers.expect !== undefined) response.writeContinue();
    readBody(request, body, (bytes) => {
      if (bytes === "too_large") refuse(request, response, tooLarge(body.maxBytes));
      else if (bytes === "overloaded") refuse(request, response, overloaded);
      else if (this.#turns.mayBegin()) this.#receive(request, response, { bytes, domain });
      else this.#line(request, response, { bytes, domain });
    });
  }

  /** Lets a request wait for its turn, or refuses it. */
  #line(
    request: IncomingMessage,
    response: ServerResponse,
    post: { readonly bytes: Buffer; readonly domain: string | undefined },
  ): void {
    const refuseIt = (): void => {
      this.#busy.show(request, response);
      this.#options.host.onRefused?.(request.socket.remoteAddress);
    };
    const isLet = this.#turns.wait({
      bytes: post.bytes.length,
      isWanted: () => !request.socket.destroyed,
      begin: () => this.#receive(request, response, post),
      refuse: refuseIt,
    });
    if (!isLet) refuseIt();
  }

  #receive(
    request: IncomingMessage,
    response: ServerResponse,
    post: { bytes: Buffer; domain: string | undefined },
  ): void {
    let message: unknown;
    try {
      message = parseStrictJson(post.bytes);
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      return refuse(request, response, rpcError(error.code, error.message, { httpStatus: 400 }));
    }
    const frame = readFrame(message);
    if (frame.kind === "invalid") {
      const error = rpcError(rpcCode.invalidRequest, frame.reason, { httpStatus: 400 });
      return sendJson(response, 400, encodeError(frame.id, error));
    }
    const { headers } = request;
    const version = one(headers["mcp-protocol-version"]);
    const era = frame.kind === "response" ? "legacy" : eraOf(frame, version);
    if (era === "legacy") {
      if (this.#options.legacy !== undefined) {
        const bytes = post.bytes.length;
        const parsed = { httpMethod: "POST", body: message, bytes, endpoint: post.domain } as const;
        return void this.#serveLegacy(request, response, parsed);
      }
      const error = frame.kind === "response" ? noResponses : unsupportedRevision(version);
      return sendJson(response, 400, encodeError(frame.kind === "request" ? frame.id : null, error));
    }
    // Only messages with a method get as far as an era of their own.
    const sent = frame as RequestFrame | NotificationFrame;
    if (typeof era === "object") {
      return sendJson(response, era.httpStatus, encodeError(sent.kind === "request" ? sent.id : null, era));
    }
    const standard = { protocolVersion: version, method: one(headers["mcp-method"]), name: one(headers["mcp-name"]) };
    if (sent.kind === "notification") return takeNotification(response, sent, standard);
    const presented = new ClientHeaders(request);
    this.#answer(sent, standard, {
      response,
      accepts: readAccept(headers.accept),
      origin: {
        transport: "http",
        endpoint: post.domain,
        presented,
        paramHeaders: presented,
        inputBytes: post.bytes.length,
      },
    });
  }

  #answer(
    frame: RequestFrame,
    headers: StandardHeaders,
    from: { response: ServerResponse; accepts: Accepts; origin: CallOrigin },
  ): void {
    const { response, accepts, origin } = from;
    const { id, method } = frame;
    const admitted = this.#codec.admit(frame, headers);
    const reply = new Reply(response, accepts, this.#replies);
    if (!accepts.json && !accepts.stream) return reply.answer(id, notAcceptable);
    if (admitted.kind === "error") return reply.answer(id, admitted);
    if (method === "subscriptions/listen") return void this.#listen(frame, admitted, from);
    const call = new Call({ method, params: admitted.params, meta: admitted.meta }, origin, reply);
    void answerCall(this.#options.host, this.#codec, call).then((answer) => reply.answer(id, answer));
  }

  async #listen(
    frame: RequestFrame,
    admitted: Admitted,
    from: { response: ServerResponse; accepts: Accepts; origin: CallOrigin },
  ): Promise<void> {
    const reply = new Reply(from.response, from.accepts, this.#subscribed);
    if (!from.accepts.stream) return reply.answer(frame.id, notAcceptable);
    const { params, meta } = admitted;
    const call = new Call({ method: frame.method, params, meta }, from.origin, reply);
    const refusal = await this.#subscriptions.open(call, frame.id, reply);
    if (refusal !== undefined) reply.answer(frame.id, refusal);
  }

  async #serveLegacy(
    request: IncomingMessage,
    response: ServerResponse,
    parsed: Omit<LegacyRequest, "presented" | "reply">,
  ): Promise<void> {
    try {
      const handler = await this.#loadLegacy();
      const context = parsed.httpMethod === "GET" ? this.#subscribed : this.#replies;
      const reply = new Reply(response, readAccept(request.headers.accept), context);
      await handler?.handle({ ...parsed, presented: new ClientHeaders(request), reply });
    } catch (error) {
      const internal = toInternalError(this.#options.host, "the bridge for 2025 clients broke", error);
      if (!response.headersSent) refuse(request, response, internal);
      else response.destroy();
    }
  }

  /** A bridge that did not load is tried again by the next client. */
  #loadLegacy(): Promise<LegacyHandler> | undefined {
    this.#legacy ??= this.#options.legacy?.().catch((error: unknown) => {
      this.#legacy = undefined;
      throw error;
    });
    return this.#legacy;
  }
}

/** Takes a notification: nothing a modern client can say over HTTP changes anything but by closing its stream. */
function takeNotification(response: ServerResponse, frame: NotificationFrame, headers: StandardHeaders): void {
  const differing = compareHeaders(frame.method, claimedRevision(frame.params), headers);
  if (differing !== undefined) return sendJson(response, differing.httpStatus, encodeError(null, differing));
  response.writeHead(202).end();
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}

function tooLarge(maxBytes: number): ErrorAnswer {
  return rpcError(rpcCode.invalidRequest, `The body is larger than ${maxBytes} bytes.`, { httpStatus: 413 });
}

const notJson = rpcError(rpcCode.invalidRequest, "Content-Type must be application/json.", { httpStatus: 415 });
const encoded = rpcError(rpcCode.invalidRequest, "Content-Encoding is not supported: send plain JSON.", {
  httpStatus: 415,
});
const overloaded = rpcError(rpcCode.limited, "Too many large requests at once. Try again in a moment.", {
  httpStatus: 503,
  httpHeaders: { "retry-after": "1" },
});
const notAcceptable = rpcError(
  rpcCode.invalidRequest,
  "Accept must allow application/json, and text/event-stream for subscriptions.",
  { httpStatus: 406 },
);
const methodNotAllowed = rpcError(rpcCode.invalidRequest, "Only POST is served here.", {
  httpStatus: 405,
  httpHeaders: { allow: "POST" },
});
const noResponses = rpcError(rpcCode.invalidRequest, "Responses cannot be posted here.", { httpStatus: 400 });
