// All of them but tab and line feed: what moves a cursor, writes a clipboard or turns the order of letters round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text as a terminal may show it, whoever wrote it: what would steer the terminal stands there as `\u001b`. Of JSON
 * it is the same JSON.
 */
export function toVisible(text: string): string {
  return text.replaceAll(UNSEEN, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same on one line. */
export function toVisibleLine(text: string): string {
  return toVisible(text.replaceAll(/\s+/g, " "));
}
