import { maskedText } from "../../audit/mask.ts";
import type { Stop } from "../../define/stop.ts";
import { knownSecrets } from "../../secrets/known-secrets.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { isJsonObject } from "../../wire/json-rpc.ts";
import { seen } from "../serve/server-words.ts";
import { UpstreamError } from "../upstream-error.ts";

/** A message that answers; `fault` is why it is not taken as others are. */
export interface Answer {
  readonly message: JsonObject;
  readonly fault?: string;
}

/** Longer words of a server are cut: they end in messages for people and models. */
const MOST_WORDS = 1_000;

/** The result in what answers a request of this method; of an answer that is not taken, only lists, whose things are judged one by one. */
export function readAnswer(name: string, { message, fault }: Answer, method: unknown): JsonObject | UpstreamError {
  if (fault === undefined || (typeof method === "string" && method.endsWith("/list"))) return readReply(name, message);
  return nonsense(name, `answers what is ${fault}`);
}

/** The result in a JSON-RPC response, every field kept; an `UpstreamError` where it is an error, or none of both. */
export function readReply(name: string, message: JsonObject): JsonObject | UpstreamError {
  const { result, error } = message;
  if (isJsonObject(result) && error === undefined) return result;
  if (!isJsonObject(error) || result !== undefined)
    return nonsense(name, "answered with neither a result nor an error");
  const { code, message: words, data } = error;
  if (!Number.isSafeInteger(code)) return nonsense(name, "answered with an error that has no code");
  const said = typeof words === "string" ? knownSecrets.maskStart(words, MOST_WORDS, maskedText) : "no message";
  return new UpstreamError(
    { kind: "refused", code: code as number, words: said, data },
    `${name} says no (${String(code)}): ${seen(said.replaceAll(/\s+/g, " "))}`,
  );
}

export function nonsense(name: string, what: string, options?: ErrorOptions): UpstreamError {
  return new UpstreamError({ kind: "nonsense" }, `${name} ${what}.`, options);
}

export function unreachable(
  name: string,
  sent: boolean,
  { what, cause }: { what: string; cause?: unknown },
): UpstreamError {
  return new UpstreamError(
    { kind: "unreachable", sent },
    `${name} ${what}.`,
    cause === undefined ? undefined : { cause },
  );
}

/** It is there, and says that it knows nothing of what was agreed on: nothing was done. */
export function forgotten(name: string, what: string): UpstreamError {
  return new UpstreamError({ kind: "unreachable", sent: false, isForgotten: true }, `${name} ${what}.`);
}

/** Whoever asks has no time left: the request is not sent. */
export function tooLate(name: string, signal: Stop): UpstreamError {
  const fault = { kind: "timeout", isUnsent: true } as const;
  return new UpstreamError(fault, `${name} was not asked: no time was left.`, { cause: signal.reason });
}

/** A request was given up before its answer came. */
export function gaveUp(name: string, signal: Stop): UpstreamError {
  return new UpstreamError({ kind: "timeout" }, `${name} gave no answer in time.`, { cause: signal.reason });
}
