import { isJsonObject } from "../../wire/json-rpc.ts";
import { rpcCode } from "../../wire/rpc-error.ts";
import { readMessage } from "../session/read-message.ts";
import type { HttpReply } from "./exchange.ts";

/** What servers on the official SDK of 2025 say with 400 before they look at a request, where they know no such session. */
const ofNoSession: ReadonlySet<unknown> = new Set(["Bad Request: No valid session ID provided", "Session not found"]);

/** And where a request comes without any. */
const ofSessions: ReadonlySet<unknown> = new Set([
  "Bad Request: No valid session ID provided",
  "Bad Request: Server not initialized",
  "Bad Request: Mcp-Session-Id header is required",
]);
const OF_REVISIONS = "Bad Request: Unsupported protocol version";

/** Whether a server says that it does not know the session, and has done nothing; beside 404, which the specification has for it. */
export function saysForgotten(reply: HttpReply): boolean {
  return ofNoSession.has(wordsOfNoRequest(reply));
}

/** Whether a server of 2025 says that it does not take a request of 2026, and has done nothing. */
export function saysOld(reply: HttpReply): boolean {
  const words = wordsOfNoRequest(reply);
  return ofSessions.has(words) || (typeof words === "string" && words.startsWith(OF_REVISIONS));
}

/** Whether a server of 2026 says that it does not take a request of 2025, and has done nothing. */
export function saysModern(reply: HttpReply): boolean {
  return errorOf(reply)?.error["code"] === rpcCode.unsupportedVersion;
}

/** An error that names the request is one of its own, and may come of work that was begun. Requests are numbered here. */
function wordsOfNoRequest(reply: HttpReply): unknown {
  const refusal = errorOf(reply);
  return typeof refusal?.id === "number" ? undefined : refusal?.error["message"];
}

function errorOf({ status, contentType, body }: HttpReply) {
  if (status !== 400 || contentType !== "application/json" || body.length > 1_000) return undefined;
  const message = readMessage(body);
  if (message.kind !== "response") return undefined;
  const { error } = message.message;
  return isJsonObject(error) ? { id: message.id, error } : undefined;
}
