import type { IncomingMessage, ServerResponse } from "node:http";
import type { ClientCapabilities, JSONRPCMessage } from "@modelcontextprotocol/server";
import type { ErrorAnswer, Host, JsonObject } from "../exchange.ts";
import { isJsonObject, type RequestFrame, type RequestId, readFrame } from "../json-rpc.ts";
import type { LegacyChannel, LegacyConversation, LegacyHandler, LegacyRequest } from "../legacy-handler.ts";
import { encodeError } from "../revisions/2026-07-28/encode.ts";
import { rpcCode, rpcError } from "../rpc-error.ts";
import { Conversation } from "./conversation.ts";
import { identifyAtDoor } from "./door.ts";
import { HttpReply } from "./http-reply.ts";
import { bridgedRevisions } from "./revisions.ts";
import type { Session } from "./session.ts";
import type { SessionSealer } from "./session-id.ts";
import { defaultSessionLimits, type SessionLimits, Sessions, type Visitor } from "./sessions.ts";

export interface BridgeOptions {
  readonly host: Host;
  /** What seals session ids: processes with the same keys take up each other's sessions. */
  readonly sealer: SessionSealer;
  readonly limits?: Partial<SessionLimits>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** Streamable HTTP and stdio as the revisions of 2025 have them, in front of the same host. */
export class Bridge implements LegacyHandler {
  readonly #host: Host;
  readonly #sessions: Sessions;
  #closing = false;

  constructor(options: BridgeOptions) {
    const { host, sealer, clock = Date.now } = options;
    this.#host = host;
    this.#sessions = new Sessions({ host, sealer, clock, limits: { ...defaultSessionLimits, ...options.limits } });
  }

  async handle(request: IncomingMessage, response: ServerResponse, parsed: LegacyRequest): Promise<void> {
    const { headers } = request;
    const version = headers["mcp-protocol-version"];
    if (this.#closing) return fail(response, null, closing);
    if (version !== undefined && !bridgedRevisions.includes(String(version))) return fail(response, null, wrongVersion);
    const frame = request.method === "POST" ? readFrame(parsed.body) : undefined;
    const id = frame?.kind === "request" ? frame.id : null;
    const method = frame !== undefined && "method" in frame ? frame.method : String(request.method);
    const caller = await identifyAtDoor(this.#host, { ...parsed, method, revision: String(version ?? "") });
    if (caller.kind === "error") return fail(response, id, caller);
    const visitor = { ...parsed, subject: caller.subject };
    if (frame?.kind === "request" && method === "initialize") {
      return this.#initialize(frame, visitor, { response, reply: new HttpReply(response, headers.accept) });
    }
    const sessionId = headers["mcp-session-id"];
    if (typeof sessionId !== "string") return fail(response, id, noSession);
    const session = await this.#sessions.find(sessionId, visitor);
    if (session === undefined) return fail(response, id, unknownSession);
    if (request.method === "DELETE") {
      await this.#sessions.end(sessionId);
      return void response.writeHead(204).end();
    }
    const reply = new HttpReply(response, headers.accept);
    if (request.method === "GET") return listen(session, parsed, { response, reply });
    receive(session, parsed, { response, reply, id });
  }

  converse(channel: LegacyChannel): LegacyConversation {
    return new Conversation(this.#host, channel);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#sessions.close();
  }

  async #initialize(
    frame: RequestFrame,
    visitor: LegacyRequest & Visitor,
    { response, reply }: Replying,
  ): Promise<void> {
    const client = readClient(frame.params);
    if (client === undefined) return fail(response, frame.id, badHandshake);
    if (!reply.acceptable) return fail(response, frame.id, notAcceptable);
    const session = this.#sessions.create(visitor);
    try {
      const result = await session.initialize({ ...client });
      if (result === undefined) return fail(response, frame.id, badHandshake);
      const refusal = await this.#admission(session, visitor);
      if (refusal !== undefined) return reply.answer(encodeError(frame.id, refusal), refusal);
      const sessionId = this.#sessions.admit(session, client, visitor);
      if (sessionId === undefined) return reply.answer(encodeError(frame.id, tooMany), tooMany);
      response.setHeader("mcp-session-id", sessionId);
      reply.answer(`{"jsonrpc":"2.0","id":${JSON.stringify(frame.id)},"result":${result}}`);
    } finally {
      if (!response.hasHeader("mcp-session-id")) await session.close();
    }
  }

  /** Lets the audit have the session's beginning; one that cannot be recorded does not begin. */
  async #admission(session: Session, { presented, bytes }: LegacyRequest): Promise<ErrorAnswer | undefined> {
    const exchange = session.peer.exchange("initialize", {}, { presented, bytes });
    const outcome = await this.#host.listen(exchange, nothingWanted, { emit: () => {}, end: () => {} });
    if ("kind" in outcome) return outcome;
    outcome.close();
    return undefined;
  }
}

interface Replying {
  readonly response: ServerResponse;
  readonly reply: HttpReply;
}

async function listen(session: Session, parsed: LegacyRequest, { response, reply }: Replying): Promise<void> {
  if (!reply.streamable) return fail(response, null, notAcceptable);
  const refusal = await session.listen(reply, parsed);
  if (refusal !== undefined) reply.answer(encodeError(null, refusal), refusal);
}

function receive(
  session: Session,
  parsed: LegacyRequest,
  { response, reply, id }: Replying & { readonly id: RequestId | null },
): void {
  // The transport has judged its shape.
  const message = parsed.body as JSONRPCMessage;
  if (id === null) {
    session.tell(message, parsed);
    return void response.writeHead(202).end();
  }
  if (!reply.acceptable) return fail(response, id, notAcceptable);
  if (session.isRunning(id)) return fail(response, id, idInUse);
  session.request(message as JSONRPCMessage & { id: RequestId }, parsed, reply);
}

interface Client {
  readonly protocolVersion: string;
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly capabilities: ClientCapabilities;
}

/** What a client says of itself, down to what the gate uses; undefined where a part is missing. */
function readClient(params: JsonObject | undefined): Client | undefined {
  const { protocolVersion, clientInfo, capabilities } = params ?? {};
  if (typeof protocolVersion !== "string" || !isJsonObject(clientInfo) || !isJsonObject(capabilities)) return undefined;
  const { name, version } = clientInfo;
  if (typeof name !== "string" || typeof version !== "string") return undefined;
  return { protocolVersion, clientInfo: { name, version }, capabilities };
}

function fail(response: ServerResponse, id: RequestId | null, error: ErrorAnswer): void {
  const text = encodeError(id, error);
  response.writeHead(error.httpStatus, {
    ...error.httpHeaders,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

const nothingWanted = {
  toolsListChanged: false,
  promptsListChanged: false,
  resourcesListChanged: false,
  resourceSubscriptions: [],
};

const invalid = (message: string, httpStatus: number): ErrorAnswer =>
  rpcError(rpcCode.invalidRequest, message, { httpStatus });

const wrongVersion = invalid(
  `MCP-Protocol-Version is none that sessions are served in: ${bridgedRevisions.join(", ")}.`,
  400,
);
const noSession = invalid("Mcp-Session-Id is missing: send initialize first.", 400);
const unknownSession = invalid("There is no such session. Send initialize again.", 404);
const notAcceptable = invalid("Accept must allow application/json and text/event-stream.", 406);
const idInUse = invalid("A request with this id is still in flight.", 400);
const badHandshake = rpcError(
  rpcCode.invalidParams,
  "initialize needs protocolVersion, capabilities, and clientInfo with name and version.",
  { httpStatus: 400 },
);
const tooMany = rpcError(rpcCode.limited, "No further session: end one of yours, or say less in capabilities.", {
  httpStatus: 429,
  httpHeaders: { "retry-after": "30" },
});
const closing = rpcError(rpcCode.unavailable, "The gate is about to stop. Connect again.", {
  httpStatus: 503,
  httpHeaders: { "retry-after": "5" },
});
