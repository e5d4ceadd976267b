import { numberOf, UNSEEN } from "../../approvals/unseen.ts";
import { rulesMatching } from "../lock/suspicious-text.ts";

/** Longer words of a server are cut. */
export const MOST_LETTERS = 4_000;
/** Of all words of one failure together. */
const MOST_TOGETHER = 20_000;

/** What a server says that is no result: its words, and the rules that they match. */
export interface ServerWords<Says = readonly string[]> {
  readonly server: string;
  readonly says: Says;
  readonly suspicious?: readonly string[];
}

/**
 * Words of a server in an error: they are nobody's orders, and every letter of them is seen. What stands there `beside`
 * them is looked over with them.
 */
export function serverWords(server: string, texts: readonly string[], beside: readonly unknown[] = []): ServerWords {
  return flagged(server, inAll(texts), [...texts, ...beside]);
}

/** The same of what it says for a log, which may be any JSON: where that is long, it is a text, and cut. */
export function serverLog(server: string, said: unknown): ServerWords<unknown> {
  const written = JSON.stringify(said) ?? "";
  const says = written.length > MOST_LETTERS ? cut(allSeen(typeof said === "string" ? said : written)) : allSeen(said);
  return flagged(server, says, [said]);
}

/** The same as one line of text, with the server's name before its words. */
export function serverLine(server: string, text: string): string {
  const { says, suspicious = [] } = flagged(server, shown(text), [text]);
  return `${server} says${suspicious.length > 0 ? ` (suspicious: ${suspicious.join(", ")})` : ""}: ${says}`;
}

function flagged<Says>(server: string, says: Says, read: readonly unknown[]): ServerWords<Says> {
  const suspicious = rulesMatching(read);
  return { server, says, ...(suspicious.length > 0 && { suspicious }) };
}

function inAll(texts: readonly string[]): readonly string[] {
  const says: string[] = [];
  let left = MOST_TOGETHER;
  for (const text of texts) {
    if (left <= 0) return [...says, `(${texts.length - says.length} more)`];
    const words = cut(shown(text), left);
    says.push(words);
    left -= words.length + 1;
  }
  return says;
}

/** What is cut off is not looked at. */
function shown(text: string): string {
  return cut(seen(text.slice(0, 2 * MOST_LETTERS)));
}

export function cut(text: string, most: number = MOST_LETTERS): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

/** A text whose letters that one would not see stand there by their numbers. */
export function seen(text: string): string {
  return text.replaceAll(UNSEEN, (letter) => `[${numberOf(letter)}]`);
}

/** The same of each text in a value, names of members included. */
export function allSeen<Value>(value: Value): Value;
export function allSeen(value: unknown): unknown {
  if (typeof value === "string") return seen(value);
  if (Array.isArray(value)) return value.map((each) => allSeen<unknown>(each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [seen(name), allSeen<unknown>(member)]));
}
