import { numberOf, UNSEEN } from "../../approvals/unseen.ts";

// Every control character but tab and line feed, and what turns the order of letters round.
const STEERING = /\r(?!\n)|(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text as a terminal may show it, whoever wrote it: what would steer the terminal stands there as `\u001b`. Of JSON
 * it is the same JSON.
 */
export function toVisible(text: string): string {
  return text.replaceAll(STEERING, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same on one line. */
export function toVisibleLine(text: string): string {
  return toVisible(text.replaceAll(/\s+/g, " "));
}

/**
 * Somebody else's words, whole, for a person who decides by them: a letter that one would not see stands there by its
 * number. What a terminal shows otherwise goes through `toVisible`, which leaves such letters as they are.
 */
export function toSeen(text: string): string {
  return text.replaceAll(UNSEEN, (letter) => `[${numberOf(letter)}]`);
}

/** The same on one line, in which nothing begins another one. */
export function toSeenLine(text: string): string {
  return toSeen(text).replaceAll(/[\n\t]/g, (letter) => `[${numberOf(letter)}]`);
}
