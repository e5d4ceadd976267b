import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { type Content, html, Markup } from "./markup.ts";
import { style } from "./style.ts";

/** A page, before it is framed by what all pages have. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly main: Markup;
  /** Who is signed in, and the way out. */
  readonly account?: Content;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes to this page at once: an address within these pages. */
  readonly goTo?: string;
}

const styleHash = createHash("sha256").update(style).digest("base64");

/**
 * No script runs, nothing is loaded, forms go nowhere else, nobody frames it, nothing keeps it. The referrer stays
 * within the gate; without any, browsers would send `Origin: null` with its own forms, as strangers' pages do.
 */
const pageHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  "x-robots-tag": "noindex, nofollow",
};

/** Answers with a page; to `HEAD` with its headers alone. */
export function sendPage(response: ServerResponse, gateName: string, page: Page): void {
  const text = documentOf(gateName, page).text;
  const length = { "content-length": Buffer.byteLength(text) };
  response.writeHead(page.status, { ...pageHeaders, ...page.headers, ...length });
  response.end(response.req.method === "HEAD" ? undefined : text);
}

/** Sends the browser on, so that going back or loading again repeats nothing. */
export function sendSeeOther(
  response: ServerResponse,
  location: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(303, { ...pageHeaders, ...headers, location, "content-length": 0 });
  response.end();
}

function documentOf(gateName: string, { title, main, account, goTo }: Page): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${goTo !== undefined && html`<meta http-equiv="refresh" content="0; url=${goTo}">`}
<title>${title} · ${gateName}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header><strong>${gateName}</strong>${account}</header>
<main>
${main}
</main>
</body>
</html>
`;
}
