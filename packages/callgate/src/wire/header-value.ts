import { isUtf8 } from "node:buffer";

const prefix = "=?base64?";
const suffix = "?=";
const canonicalBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The text behind a header value: what stands in `=?base64?…?=` is decoded, anything else is literal. `null` where
 * the encoding is broken. MCP 2026-07-28, Streamable HTTP, "Value Encoding".
 */
export function decodeHeaderValue(value: string): string | null {
  if (!value.startsWith(prefix) || !value.endsWith(suffix)) return value;
  const encoded = value.slice(prefix.length, -suffix.length);
  if (!canonicalBase64.test(encoded)) return null;
  const bytes = Buffer.from(encoded, "base64");
  return isUtf8(bytes) ? bytes.toString("utf8") : null;
}

/** What a header can carry as it is: printable ASCII that does not begin or end with a space. */
const literal = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;

/** A text as a header value: as it is where it can be, else in Base64. The reverse of {@link decodeHeaderValue}. */
export function encodeHeaderValue(text: string): string {
  if (literal.test(text) && !(text.startsWith(prefix) && text.endsWith(suffix))) return text;
  return `${prefix}${Buffer.from(text, "utf8").toString("base64")}${suffix}`;
}
