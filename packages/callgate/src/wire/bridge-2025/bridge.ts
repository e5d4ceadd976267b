import type { ClientCapabilities, JSONRPCMessage } from "@modelcontextprotocol/server";
import type { ErrorAnswer, Host, JsonObject } from "../exchange.ts";
import { isJsonObject, type RequestFrame, type RequestId, readFrame } from "../json-rpc.ts";
import type {
  LegacyChannel,
  LegacyConversation,
  LegacyHandler,
  LegacyReply,
  LegacyRequest,
} from "../legacy-handler.ts";
import { encodeError } from "../revisions/2026-07-28/encode.ts";
import { rpcCode, rpcError } from "../rpc-error.ts";
import { Conversation } from "./conversation.ts";
import { identifyAtDoor } from "./door.ts";
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

  async handle(request: LegacyRequest): Promise<void> {
    const { httpMethod, presented, reply } = request;
    const revision = presented.header("mcp-protocol-version");
    if (this.#closing) return refuse(reply, null, closing);
    if (revision !== undefined && !bridgedRevisions.includes(revision)) return refuse(reply, null, wrongVersion);
    const frame = httpMethod === "POST" ? readFrame(request.body) : undefined;
    const id = frame?.kind === "request" ? frame.id : null;
    const method = frame !== undefined && "method" in frame ? frame.method : httpMethod;
    const caller = await identifyAtDoor(this.#host, { ...request, method, revision: revision ?? "" });
    if (caller.kind === "error") return refuse(reply, id, caller);
    const visitor = { ...request, subject: caller.subject };
    if (frame?.kind === "request" && method === "initialize") return this.#initialize(frame, visitor);
    const sessionId = presented.header("mcp-session-id");
    if (sessionId === undefined) return refuse(reply, id, noSession);
    const session = await this.#sessions.find(sessionId, visitor);
    if (session === undefined) return refuse(reply, id, unknownSession);
    if (httpMethod === "DELETE") {
      await this.#sessions.end(sessionId);
      reply.acknowledge(204);
    } else if (httpMethod === "GET") {
      await listen(session, request);
    } else {
      receive(session, request, id);
    }
  }

  converse(channel: LegacyChannel): LegacyConversation {
    return new Conversation(this.#host, channel);
  }

  async close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#closing = true;
    await this.#sessions.close(graceMs);
  }

  async #initialize({ id, params }: RequestFrame, visitor: LegacyRequest & Visitor): Promise<void> {
    const { reply } = visitor;
    const client = readClient(params);
    if (client === undefined) return refuse(reply, id, badHandshake);
    if (!isAcceptable(reply)) return refuse(reply, id, notAcceptable);
    const session = this.#sessions.create(visitor);
    let sessionId: string | undefined;
    try {
      const result = await session.initialize({ ...client });
      if (result === undefined) return refuse(reply, id, badHandshake);
      const refusal = await this.#admission(session, visitor);
      if (refusal !== undefined) return refuse(reply, id, refusal);
      sessionId = this.#sessions.admit(session, client, visitor);
      if (sessionId === undefined) return refuse(reply, id, tooMany);
      const httpHeaders = { "mcp-session-id": sessionId };
      reply.conclude(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`, {
        httpStatus: 200,
        httpHeaders,
      });
    } finally {
      if (sessionId === undefined) await session.close();
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

async function listen(session: Session, request: LegacyRequest): Promise<void> {
  const { reply } = request;
  if (!reply.accepts.stream) return refuse(reply, null, notAcceptable);
  const refusal = await session.listen(reply, request);
  if (refusal !== undefined) refuse(reply, null, refusal);
}

function receive(session: Session, request: LegacyRequest, id: RequestId | null): void {
  const { reply } = request;
  // The transport has judged its shape.
  const message = request.body as JSONRPCMessage;
  if (id === null) {
    session.tell(message, request);
    return reply.acknowledge(202);
  }
  if (!isAcceptable(reply)) return refuse(reply, id, notAcceptable);
  const obstacle = session.obstacleTo(id);
  if (obstacle !== undefined) return refuse(reply, id, obstacle);
  session.request(message as JSONRPCMessage & { id: RequestId }, request, reply);
}

function isAcceptable({ accepts }: LegacyReply): boolean {
  return accepts.json || accepts.stream;
}

function refuse(reply: LegacyReply, id: RequestId | null, error: ErrorAnswer): void {
  reply.conclude(encodeError(id, error), error);
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
const noSession = invalid(
  "Mcp-Session-Id is missing: send initialize first, or MCP-Protocol-Version: 2026-07-28, which needs no session.",
  400,
);
const unknownSession = invalid("There is no such session. Send initialize again.", 404);
const notAcceptable = invalid("Accept must allow application/json and text/event-stream.", 406);
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
