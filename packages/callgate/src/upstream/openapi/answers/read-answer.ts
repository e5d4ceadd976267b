import { eachText } from "../../../secrets/each-text.ts";
import type { ApiAnswer } from "./api-answer.ts";

type Read = Pick<ApiAnswer, "kind" | "body">;

/** The bytes of an answer by what it says that they are. */
export function readBytes(bytes: Uint8Array, contentType = "", secrets: readonly string[]): Read {
  if (bytes.length === 0) return { kind: "empty", body: undefined };
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType);
  let text: string;
  try {
    text = new TextDecoder(isJson ? "utf-8" : charsetIn(contentType), { fatal: true }).decode(bytes);
  } catch {
    return { kind: "unreadable", body: undefined };
  }
  const hide = (within: string): string =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, "[credential]"), within);
  if (!isJson) return { kind: "text", body: hide(text) };
  try {
    const body = parseExactly(text);
    // A backslash may spell any letter: what was written is not what is read.
    const mayHold = text.includes("\\") || secrets.some((secret) => text.includes(secret));
    return { kind: "json", body: mayHold ? eachText(body, hide) : body };
  } catch {
    return { kind: "unreadable", body: hide(text) };
  }
}

/** UTF-8 unless the answer says otherwise, as older systems do; JSON is always in UTF-8. */
function charsetIn(contentType: string): string {
  return /;\s*charset="?([^\s";]+)/i.exec(contentType)?.[1] ?? "utf-8";
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
