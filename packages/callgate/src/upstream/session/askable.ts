import type { InputRequest } from "../../define/input-required.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import type { RequestOptions } from "../connection.ts";

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
