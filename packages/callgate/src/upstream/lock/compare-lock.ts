import type { Change, Verdict } from "../../contract/change.ts";
import { compareSchemas } from "../../contract/compare-schemas.ts";
import type { SchemaChange } from "../../contract/schema-change.ts";
import { QuestionBudget } from "../../contract/subsumption/subsumption.ts";
import type { Effect } from "../../define/effect.ts";
import { toCanonicalJson } from "../../ledger/digest.ts";
import { PatternTrials } from "../../patterns/pattern-trials.ts";
import type { JsonObject } from "../../wire/exchange.ts";
import { isStricter } from "../serve/effect-of.ts";
import { to2020 } from "../serve/to-2020-12.ts";
import { LISTS, type LockedItem, type LockedList, type LockedUpstream, nameIn } from "./locked.ts";
import { LetterBudget, type Suspicion, suspicionsIn } from "./suspicious-text.ts";

/** Of schemas that a server has changed, all together: a thousand usual tools take 130,000. */
const MOST_QUESTIONS = 200_000;

/**
 * What becomes of a thing until a person accepts what it is now: the accepted form goes on being served; it is withdrawn,
 * because the server may not take that form any more; it is not served yet.
 */
export type Standing = "served" | "withdrawn" | "held_back";

/** Something that a server offers otherwise than was accepted. */
export interface Finding {
  readonly list: LockedList;
  /** Its name, address or template, as the server has it. */
  readonly name: string;
  readonly kind: "new" | "changed" | "gone";
  readonly verdict: Verdict;
  readonly changes: readonly Change[];
  readonly suspicions: readonly Suspicion[];
  readonly standing: Standing;
  /** Why it is not served; empty where it is. */
  readonly why: string;
}

/** What findings are judged by, beside the two forms. */
export interface Comparing {
  /** What the config makes of a tool. */
  readonly effectOf: (listed: JsonObject) => Effect;
  /** The name under which a tool is served, by the server's own. */
  readonly servedAs: (name: string) => string;
  /** Names under which tools of others are served. */
  readonly others: ReadonlySet<string>;
}

/** Every difference between what was accepted and what is offered now; each thing is judged by itself, whatever is in the others. */
export function compareLock(accepted: LockedUpstream, now: LockedUpstream, comparing: Comparing): readonly Finding[] {
  const own = new Set(now.tools.map((item) => nameIn("tools", item)));
  const { others, servedAs } = comparing;
  const budget = new LetterBudget();
  const stranger = { patterns: new PatternTrials(), questions: new QuestionBudget(MOST_QUESTIONS) };
  return LISTS.flatMap((list) => {
    const before = byName(list, accepted);
    const after = byName(list, now);
    return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((name): readonly Finding[] => {
      const [was, is] = [before.get(name), after.get(name)];
      if (was?.sha256 === is?.sha256) return [];
      const beside = { others, own, budget, ...(list === "tools" && { servedAs: servedAs(name) }) };
      const common = { list, name, suspicions: is === undefined ? [] : suspicionsIn(is.listed, beside) };
      if (was === undefined) return [{ ...common, ...isNew }];
      if (is === undefined) return [{ ...common, ...isGone }];
      const pair = { list, was: was.listed, is: is.listed, ...stranger };
      return [{ ...common, kind: "changed", ...changed(pair, comparing) }];
    });
  });
}

const isNew = {
  kind: "new",
  verdict: "additive",
  changes: [],
  standing: "held_back",
  why: "nobody has accepted it yet",
} as const;

const isGone = {
  kind: "gone",
  verdict: "breaking",
  changes: [],
  standing: "withdrawn",
  why: "the server offers it no more",
} as const;

function byName(list: LockedList, locked: LockedUpstream): ReadonlyMap<string, LockedItem> {
  return new Map(locked[list].map((item) => [nameIn(list, item), item]));
}

interface Pair {
  readonly list: LockedList;
  readonly was: JsonObject;
  readonly is: JsonObject;
  /** Of all that the server offers together. */
  readonly patterns: PatternTrials;
  readonly questions: QuestionBudget;
}

function changed(pair: Pair, comparing: Comparing): Pick<Finding, "verdict" | "changes" | "standing" | "why"> {
  const name = nameIn(pair.list, { listed: pair.is });
  const changes = changesOrUnjudged(pair, comparing).map((change): Change => ({ tool: name, ...change }));
  const breaking = changes.filter(({ verdict }) => verdict === "breaking");
  const verdict =
    breaking.length > 0 ? "breaking" : (changes.find((each) => each.verdict === "additive")?.verdict ?? "wording");
  const standing = breaking.length > 0 ? "withdrawn" : "served";
  return { verdict, changes, standing, why: breaking.map(({ message }) => message).join(" ") };
}

/** What nobody has foreseen in one thing must not keep the others from being judged. */
function changesOrUnjudged(pair: Pair, comparing: Comparing): readonly SchemaChange[] {
  try {
    return changesIn(pair, comparing);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const message = `It cannot be compared with what was accepted (${problem}).`;
    return [{ verdict: "breaking", rule: `${WORDS[pair.list]}.unjudged`, pointer: "", message, fields: [] }];
  }
}

function changesIn(pair: Pair, comparing: Comparing): readonly SchemaChange[] {
  if (pair.list === "tools") return [...schemaChanges(pair), ...effectChanges(pair, comparing), ...otherChanges(pair)];
  if (pair.list === "prompts") return [...argumentChanges(pair), ...otherChanges(pair)];
  return otherChanges(pair);
}

/** What callers were told must still be taken, and what they are given must still be what they were told. */
function schemaChanges({ was, is, patterns, questions }: Pair): readonly SchemaChange[] {
  const changes: SchemaChange[] = [];
  const pairs = [
    ["inputSchema", "input"],
    ["outputSchema", "output"],
  ] as const;
  for (const [field, side] of pairs) {
    const [before, after] = [was[field], is[field]].map(asSchema);
    if (toCanonicalJson(before ?? null) === toCanonicalJson(after ?? null)) continue;
    const pointer = `/${field}`;
    if (before === undefined || after === undefined) {
      const verdict = before === undefined ? "additive" : "breaking";
      const message = before === undefined ? "The result has a schema now." : "The result has no schema any more.";
      changes.push({ verdict, rule: `${side}.declared`, pointer, message, fields: [] });
    } else {
      const found = compareSchemas({ before, after, side, undeclared: "ignored", patterns, questions });
      changes.push(...found.map((change) => ({ ...change, pointer: `${pointer}${change.pointer}` })));
    }
  }
  return changes;
}

function asSchema(schema: unknown): JsonObject | undefined {
  return typeof schema === "object" && schema !== null ? to2020(schema as JsonObject) : undefined;
}

/** A tool that is served as less than it now says it is would pass by what the gate demands of it. */
function effectChanges({ was, is }: Pair, { effectOf }: Comparing): readonly SchemaChange[] {
  const [before, after] = [effectOf(was), effectOf(is)];
  if (!isStricter(before, after)) return [];
  const message = `It says of itself now that it is ${after}; it was served as ${before}.`;
  return [{ verdict: "breaking", rule: "tool.effect", pointer: "/annotations", message, fields: [] }];
}

interface PromptArgument {
  readonly name?: unknown;
  readonly required?: unknown;
}

function argumentChanges({ was, is }: Pair): readonly SchemaChange[] {
  const [before, after] = [argumentsOf(was), argumentsOf(is)];
  const told = (rule: string, name: string, message: string): SchemaChange => {
    return { verdict: "breaking", rule: `prompt.${rule}`, pointer: "/arguments", message, fields: [name] };
  };
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const needed = [...after].filter(([name, required]) => required && before.get(name) !== true).map(([name]) => name);
  return [
    ...gone.map((name) => told("removed", name, `It takes no "${name}" any more.`)),
    ...needed.map((name) => told("required", name, `It needs "${name}" now.`)),
  ];
}

function argumentsOf(listed: JsonObject): ReadonlyMap<string, boolean> {
  const given = Array.isArray(listed["arguments"]) ? (listed["arguments"] as readonly PromptArgument[]) : [];
  return new Map(given.map(({ name, required }) => [String(name), required === true]));
}

const WORDS = { tools: "tool", resources: "resource", resourceTemplates: "template", prompts: "prompt" } as const;
const SCHEMAS = new Set(["inputSchema", "outputSchema"]);

/** Whatever else stands there: words, hints, icons, `_meta`. */
function otherChanges({ list, was, is }: Pair): readonly SchemaChange[] {
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((field) => !SCHEMAS.has(field))
    .toSorted();
  return fields
    .filter((field) => toCanonicalJson(was[field] ?? null) !== toCanonicalJson(is[field] ?? null))
    .map((field) => {
      const message = `Its ${field} ${is[field] === undefined ? "is gone" : was[field] === undefined ? "is new" : "is another one"}.`;
      return { verdict: "wording", rule: `${WORDS[list]}.${field}`, pointer: `/${field}`, message, fields: [] };
    });
}
