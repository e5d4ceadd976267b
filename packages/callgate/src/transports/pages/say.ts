import type { ServerResponse } from "node:http";
import { sendPage } from "./document.ts";
import { messageView } from "./views/message-view.ts";
import type { PageParts } from "./visit.ts";

export interface Said {
  readonly status: number;
  readonly words: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Says one thing, and nothing of any request. */
export function say(
  { gateName, places }: Pick<PageParts, "gateName" | "places">,
  response: ServerResponse,
  { status, words, headers = {} }: Said,
): void {
  const title = status < 500 ? "That does not work" : "Not at the moment";
  const main = messageView(title, words, { href: places.root, words: "To the approvals" });
  sendPage(response, gateName, { status, title, main, headers });
}
