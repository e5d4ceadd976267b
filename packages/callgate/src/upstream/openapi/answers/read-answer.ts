import { eachText } from "../../../secrets/each-text.ts";
import type { ApiAnswer } from "./api-answer.ts";

type Read = Pick<ApiAnswer, "kind" | "body">;

/** The bytes of an answer by what it says that they are. */
export function readBytes(bytes: Uint8Array, contentType: string | undefined, secrets: readonly string[]): Read {
  if (bytes.length === 0) return { kind: "empty", body: undefined };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { kind: "unreadable", body: undefined };
  }
  const hide = (within: string): string =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, "[credential]"), within);
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType ?? "")) return { kind: "text", body: hide(text) };
  try {
    const body = parseExactly(text);
    // A backslash may spell any letter: what was written is not what is read.
    const mayHold = text.includes("\\") || secrets.some((secret) => text.includes(secret));
    return { kind: "json", body: mayHold ? eachText(body, hide) : body };
  } catch {
    return { kind: "unreadable", body: hide(text) };
  }
}

/**
 * JSON whose whole numbers are what the API wrote: one that JavaScript would round, as the long ids of some APIs,
 * becomes its digits as text, so that no call is ever made with a neighbour's id.
 */
function parseExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" &&
    Number.isInteger(value) &&
    !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(context?.source ?? "")
      ? context?.source
      : value,
  );
}
