import { sees } from "../../callers/visible.ts";
import { demandsOf } from "../../gate/served/served.ts";
import type { CheckedGate, CheckedTool } from "../checked-gate.ts";
import type { Found } from "../finding.ts";
import { wordsWithStems } from "../words/word-stems.ts";
import { commonWords, type Likeness, likeness, toLikened } from "./likeness.ts";

/** Between what people said overlaps and what they said belongs side by side: see `likeness.test.ts`. */
export const ENOUGH = 0.62;
const MOST_SAID = 6;

/** Tools that are much alike, where some caller sees both. */
export function overlapsIn({ config, tools, callers }: CheckedGate): readonly Found[] {
  const enough = config.check?.likeness ?? ENOUGH;
  const common = new Map(
    [...Map.groupBy(tools, ({ domain }) => domain)].map(([domain, own]) => [domain, commonWords(own)] as const),
  );
  const likened = tools.map((tool) => ({
    tool,
    of: toLikened(tool, common.get(tool.domain) ?? new Set()),
    seenBy: seenBy(tool, callers),
  }));
  return likened.flatMap((one, at) =>
    likened.slice(at + 1).flatMap((other) => {
      if (!one.seenBy.some((caller) => other.seenBy.includes(caller))) return [];
      if (isSuccessor(one.tool, other.tool) || isSuccessor(other.tool, one.tool)) return [];
      const like = likeness(one.of, other.of);
      return like.total < enough ? [] : [overlap(one.tool, other.tool, like)];
    }),
  );
}

function seenBy({ served }: CheckedTool, callers: CheckedGate["callers"]): readonly string[] {
  return callers
    .filter(({ is, subject }) => is !== "imagined" && sees(subject, demandsOf(served)))
    .map(({ name }) => name);
}

/** What takes a tool's place is meant to be like it. */
function isSuccessor({ served }: CheckedTool, { name }: CheckedTool): boolean {
  return served.declaration.deprecated?.use === name;
}

function overlap(one: CheckedTool, other: CheckedTool, { total, words: stems, fields }: Likeness): Found {
  const words = wordsWithStems(one.served.description, new Set(stems));
  const shared = [
    ...(words.length > 0 ? [`descriptions share ${some(words)}`] : []),
    ...(fields.length > 0 ? [`both take ${some(fields)}`] : []),
  ];
  const why = shared.length === 0 ? "" : `: ${shared.join("; ")}`;
  return {
    at: one.place,
    message: `It is much like "${other.name}" of domain "${other.domain.name}" (${total.toFixed(2)})${why}.`,
    others: [other.name],
  };
}

function some(words: readonly string[]): string {
  const more = words.length > MOST_SAID ? `, … (${words.length})` : "";
  return `${words.slice(0, MOST_SAID).join(", ")}${more}`;
}
