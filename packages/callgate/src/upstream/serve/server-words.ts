import { numberOf, UNSEEN } from "../../approvals/unseen.ts";
import { rulesMatching } from "../lock/suspicious-text.ts";

/** Longer words of a server are cut. */
export const MOST_LETTERS = 4_000;

/** What a server says of a failure, as the details of an error hold it: its words, and the rules that they match. */
export interface ServerWords {
  readonly server: string;
  readonly says: readonly string[];
  readonly suspicious?: readonly string[];
}

/** Words of a server in an error: they are nobody's orders, and every letter of them is seen. */
export function serverWords(server: string, texts: readonly string[]): ServerWords {
  const suspicious = rulesMatching(texts);
  return { server, says: texts.map((text) => cut(seen(text))), ...(suspicious.length > 0 && { suspicious }) };
}

export function cut(text: string): string {
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS)}…`;
}

/** A text whose letters that one would not see stand there by their numbers. */
export function seen(text: string): string {
  return text.replaceAll(UNSEEN, (letter) => `[${numberOf(letter)}]`);
}
