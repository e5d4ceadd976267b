import { hash } from "node:crypto";

const HEAD_SHARE = 0.75;

/** A payload as it is recorded: whole, or as valid JSON that says how long it was, what its hash is, and how it began. */
export function cutPayload(text: string | undefined, mostBytes: number): string | undefined {
  if (text === undefined || text.length * 3 <= mostBytes) return text;
  const bytes = Buffer.byteLength(text);
  if (bytes <= mostBytes) return text;
  const head = text.slice(0, Math.floor(mostBytes * HEAD_SHARE)).toWellFormed();
  return JSON.stringify({ truncated: true, bytes, sha256: hash("sha256", text, "hex"), head });
}
