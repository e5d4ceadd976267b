import { hash } from "node:crypto";

/** A payload as it is recorded: whole, or as valid JSON that says how long it was, what its hash is, and how it began. */
export function cutPayload(text: string | undefined, mostBytes: number): string | undefined {
  if (text === undefined || text.length * 3 <= mostBytes) return text;
  const bytes = Buffer.byteLength(text);
  if (bytes <= mostBytes) return text;
  const sha256 = hash("sha256", text, "hex");
  const withHead = (letters: number): string =>
    JSON.stringify({ truncated: true, bytes, sha256, head: text.slice(0, letters).toWellFormed() });
  let letters = Math.min(text.length, mostBytes);
  let cut = withHead(letters);
  // Quotes and letters beyond ASCII take more than a byte each; how many there are only shows when they are written.
  while (letters > 0) {
    const over = Buffer.byteLength(cut) - mostBytes;
    if (over <= 0) return cut;
    letters = Math.max(
      0,
      Math.min(letters - Math.ceil(over / 6), Math.floor((letters * mostBytes) / (mostBytes + over))),
    );
    cut = withHead(letters);
  }
  return cut;
}

/** A text of a client's or tool's own, no longer than it helps a reader. */
export function cutText(text: string | undefined, mostLetters: number): string | undefined {
  if (text === undefined || text.length <= mostLetters) return text;
  return `${text.slice(0, mostLetters).toWellFormed()}… (${text.length - mostLetters} more)`;
}
