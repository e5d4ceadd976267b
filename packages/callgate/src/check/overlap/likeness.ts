import type { CheckedTool } from "../checked-gate.ts";
import { wordStems, wordsOfName } from "../words/word-stems.ts";

/** Verbs that mean the same to somebody who chooses by them; one and many are two things. */
const SAME_VERBS: readonly (readonly string[])[] = [
  ["get", "read", "show", "fetch", "retrieve", "describe", "view", "open", "load", "display"],
  ["find", "list", "search", "query", "browse", "enumerate", "discover", "lookup"],
  ["create", "add", "make", "insert", "register", "new", "open", "build"],
  ["update", "edit", "change", "modify", "set", "patch", "adjust", "amend"],
  ["delete", "remove", "drop", "erase", "purge", "destroy"],
  ["send", "post", "submit", "dispatch", "deliver"],
  ["cancel", "abort", "stop", "terminate", "end", "void"],
  ["check", "validate", "verify", "test"],
  ["run", "execute", "perform"],
];

/** What everything pages or answers with, and so says nothing of a tool. */
const COMMON_FIELDS: ReadonlySet<string> = new Set(["limit", "cursor", "page", "offset", "pagesize", "sort", "order"]);

const FEWEST_NEIGHBOURS = 5;

/** A tool as it is compared with others. */
export interface Likened {
  readonly name: string;
  readonly effect: string;
  readonly verb: string;
  /** What it is done to, by the name. */
  readonly subject: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

/** How much two tools are alike, each part between 0 and 1. */
export interface Likeness {
  readonly total: number;
  /** By their stems. */
  readonly words: readonly string[];
  readonly fields: readonly string[];
}

/** What of a tool is compared. Words that most of its neighbours are described with tell none of them from another. */
export function toLikened(
  { name, served, values }: Pick<CheckedTool, "name" | "served" | "values">,
  common: ReadonlySet<string>,
): Likened {
  const [verb = "", ...others] = wordsOfName(name);
  const fields = values.flatMap((value) =>
    value.name === undefined ? [] : [value.name.toLowerCase().replaceAll(/[_-]/g, "")],
  );
  return {
    name,
    effect: served.effect,
    verb,
    subject: wordStems(others.join(" ")),
    words: new Set([...wordStems(served.description)].filter((word) => !common.has(word))),
    fields: new Set(fields.filter((field) => !COMMON_FIELDS.has(field))),
  };
}

/** Words in the descriptions of more than half of these tools, where they are enough of them to say so. */
export function commonWords(tools: readonly Pick<CheckedTool, "served">[]): ReadonlySet<string> {
  if (tools.length < FEWEST_NEIGHBOURS) return new Set();
  const counts = new Map<string, number>();
  for (const { served } of tools)
    for (const word of wordStems(served.description)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count > tools.length / 2).map(([word]) => word));
}

/**
 * How much two tools are alike. Weights and threshold are set by the pairs of `likeness.test.ts`: pairs of which
 * people say that one would do, and pairs that belong side by side.
 */
export function likeness(one: Likened, other: Likened): Likeness {
  const names = (isSameVerb(one.verb, other.verb) ? 0.4 : 0) + 0.6 * shareOf(one.subject, other.subject);
  const words = shareOf(one.words, other.words);
  const neither = one.fields.size === 0 && other.fields.size === 0;
  const fields = neither ? 0.5 : shareOf(one.fields, other.fields);
  const plain = 0.45 * names + 0.35 * words + 0.2 * fields;
  return {
    // What looks and what changes something is not mistaken for one another, nor are opposites.
    total: plain * (one.effect === other.effect ? 1 : 0.7) * (isSameVerb(one.verb, other.verb) ? 1 : 0.75),
    words: shared(one.words, other.words),
    fields: shared(one.fields, other.fields),
  };
}

function isSameVerb(one: string, other: string): boolean {
  return one === other || SAME_VERBS.some((verbs) => verbs.includes(one) && verbs.includes(other));
}

function shared(one: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] {
  return [...one].filter((each) => other.has(each));
}

/** The part of both that is in both. */
function shareOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = one.size + other.size;
  return both === 0 ? 0 : (2 * shared(one, other).length) / both;
}
