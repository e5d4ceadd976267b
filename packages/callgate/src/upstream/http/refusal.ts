import { retryAfterMs } from "../retry-after.ts";
import { readMessage } from "../session/read-message.ts";
import { nonsense, readReply, unreachable } from "../session/reply.ts";
import { UpstreamError } from "../upstream-error.ts";
import type { HttpReply } from "./exchange.ts";

const DEFAULT_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10 * 60_000;

/** What an answer says that is no 2xx. `id` is that of the request. */
export function refusalOf(name: string, reply: HttpReply, id: number): UpstreamError {
  const { status, headers } = reply;
  const retryAfter = retryAfterMs(headers["retry-after"], LONGEST_RETRY_MS);
  if (status === 401 || status === 403) {
    const words =
      status === 401 ? "does not take the gate's credential" : "does not allow this to the gate's credential";
    return new UpstreamError({ kind: "unauthorized", status }, `${name} ${words} (${status}).`);
  }
  if (status === 429 || (status === 503 && retryAfter !== undefined)) {
    const words = `${name} wants to be left alone for a while (${status}).`;
    const mayBeDone = status === 503;
    return new UpstreamError({ kind: "busy", retryAfterMs: retryAfter ?? DEFAULT_RETRY_MS, mayBeDone }, words);
  }
  const own = ownError(name, reply, id);
  if (own !== undefined) return own;
  // What stands before it says that it is not there; whether it was reached before, nobody knows.
  if (status === 502 || status === 503 || status === 504)
    return unreachable(name, true, { what: `is away (${status})` });
  const what =
    status < 400 ? `sends elsewhere (${status}), which is not followed` : `answers with HTTP status ${status}`;
  return new UpstreamError({ kind: "nonsense", status }, `${name} ${what}.`);
}

/** Errors of the protocol come with many a status. */
function ownError(name: string, { body, contentType }: HttpReply, id: number): UpstreamError | undefined {
  if (contentType !== "application/json") return undefined;
  const message = readMessage(body);
  if (message.kind !== "response" || (message.id !== id && message.id !== null && message.id !== undefined))
    return undefined;
  const reply = readReply(name, message.message);
  return reply instanceof UpstreamError && reply.fault.kind === "refused" ? reply : undefined;
}

/** What a 2xx is worth nothing as. */
export function notAnAnswer(name: string, { status, contentType }: HttpReply): UpstreamError {
  return nonsense(
    name,
    `answers with ${status} and ${contentType === "" ? "nothing" : contentType} instead of JSON or events`,
  );
}
