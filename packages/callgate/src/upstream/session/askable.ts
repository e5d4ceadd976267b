import type { InputRequest } from "../../define/input-required.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { RequestOptions } from "../connection.ts";
import { seen } from "../serve/server-words.ts";

const askable: ReadonlySet<string> = new Set(["elicitation/create", "sampling/createMessage", "roots/list"]);

/** Whether that is something that a client can be asked at all. */
export function isAskable(method: string): method is InputRequest["method"] {
  return askable.has(method);
}

/** Whether the client of a call can be asked it. */
export function canBeAsked(
  { method, params }: { readonly method: string; readonly params?: JsonObject | undefined },
  canAsk: RequestOptions["canAsk"],
): boolean {
  return canAsk(method as InputRequest["method"], params?.["mode"] === "url" ? "url" : undefined);
}

/** Whether a question leads people to no address but one that is a secret between them and it: an `https:`, or of their own machine. */
export function leadsNowhereElse(params: JsonObject | undefined): boolean {
  if (params?.["mode"] !== "url") return true;
  const url = URL.parse(String(params["url"]));
  if (url?.protocol === "http:") return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  return url?.protocol === "https:";
}

/** Members of a question that are read, and no part of its answer. */
const READ: ReadonlySet<string> = new Set(["message", "title", "description", "enumNames", "_meta"]);

/**
 * Whether every letter is seen of what people give back when they answer: the names of fields, and the values that they
 * choose or are offered. Those cannot be shown otherwise than the server knows them.
 */
export function hidesNothing(method: string, params: JsonObject | undefined): boolean {
  return method !== "elicitation/create" || isSeen(params ?? {});
}

function isSeen(value: unknown): boolean {
  if (typeof value === "string") return seen(value) === value;
  if (Array.isArray(value)) return value.every(isSeen);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(
    ([name, member]) => seen(name) === name && (isRead(name, member) || isSeen(member)),
  );
}

/** A field may have such a name too: then it is an object. */
function isRead(name: string, member: unknown): boolean {
  return READ.has(name) && (typeof member === "string" || Array.isArray(member) || name === "_meta");
}
