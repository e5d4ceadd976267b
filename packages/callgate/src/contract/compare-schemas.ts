import { isDeepStrictEqual } from "node:util";
import { stepOf } from "../define/json-pointer.ts";
import { PatternTrials } from "../patterns/pattern-trials.ts";
import type { Side, Verdict } from "./change.ts";
import { compareDefaults } from "./compare-defaults.ts";
import { compareWords } from "./compare-words.ts";
import { fieldsAt, type SchemaChange } from "./schema-change.ts";
import { type Direction, sentenceOf } from "./sentences.ts";
import { SchemaDocument, type SchemaObject } from "./subsumption/schema-document.ts";
import type { Gap } from "./subsumption/situation.ts";
import { gapsBetween, type QuestionBudget } from "./subsumption/subsumption.ts";

/** Two schemas of one thing, and how they are to be judged. */
export interface SchemaPair {
  readonly before: SchemaObject;
  readonly after: SchemaObject;
  /** What is sent must still be taken (`input`); what is answered must still be what it was (`output`). */
  readonly side: Exclude<Side, "tool">;
  /**
   * What becomes of arguments which the old input neither named nor refused. `ignored`: nobody was told of them, so that
   * a new optional field under such a name breaks nobody. `counted`: they were taken, and are refused where they do not
   * fit the new field.
   */
  readonly undeclared: "ignored" | "counted";
  /** What may be asked for this pair and others together; what is beyond cannot be told. */
  readonly questions?: QuestionBudget;
  /** By which patterns are tried, where schemas of one stranger are compared that are more than these two. */
  readonly patterns?: PatternTrials;
}

/**
 * Every difference between two JSON Schemas (2020-12), judged: no change that is called additive or wording refuses what
 * was taken (input), or gives what was not given (output). What cannot be told is breaking.
 */
export function compareSchemas(pair: SchemaPair): readonly SchemaChange[] {
  if (isDeepStrictEqual(pair.before, pair.after)) return [];
  const { questions, patterns = new PatternTrials() } = pair;
  const before = new SchemaDocument("before:", pair.before, patterns);
  const after = new SchemaDocument("after:", pair.after, patterns);
  const tightened = gapsBetween(before.root, after.root, questions).map((gap) => toChange(gap, "tightened", pair));
  const widened = gapsBetween(after.root, before.root, questions).map((gap) => toChange(gap, "widened", pair));
  const found = [...dialects(pair), ...tightened, ...widened, ...compareDefaults(before, after, pair.side)];
  const breaking = found.filter(({ verdict }) => verdict === "breaking");
  const told = new Set(breaking.map(placeOf));
  const additive = found.filter((change) => change.verdict === "additive" && !told.has(placeOf(change)));
  const words = compareWords(pair.before, pair.after, rootOf(pair.side));
  return [...once(breaking), ...once(additive), ...words];
}

function toChange(found: Gap, direction: Direction, pair: SchemaPair): SchemaChange {
  const gap = asFieldChange(found, direction);
  return {
    verdict: verdictOf(gap, direction, pair),
    rule: `${pair.side}.${gap.rule}`,
    pointer: gap.pointer,
    message: sentenceOf(gap, direction, rootOf(pair.side)),
    fields: [...fieldsAt(gap.pointer), ...namesOf(gap).filter((name) => !fieldsAt(gap.pointer).includes(name))],
  };
}

/** A field that only one side names has come or gone, by the direction in which one looks. */
function asFieldChange(gap: Gap, direction: Direction): Gap {
  if (gap.rule !== "declared" && gap.rule !== "undeclared") return gap;
  const hasCome = (gap.rule === "declared") === (direction === "tightened");
  const pointer = gap.rule === "declared" ? gap.pointer : fieldPointer(gap);
  return { ...gap, rule: hasCome ? "added" : "removed", pointer };
}

function fieldPointer({ pointer, about = [] }: Gap): string {
  const holder = pointer.replace(/\/(additionalProperties|unevaluatedProperties|properties\/[^/]*)$/, "");
  return `${holder}/properties/${stepOf(String(about[0]))}`;
}

const ABOUT_FIELDS: ReadonlySet<string> = new Set(["required", "dependentRequired", "added", "removed"]);

function namesOf({ rule, about = [] }: Gap): readonly string[] {
  return ABOUT_FIELDS.has(rule) ? about.map(String) : [];
}

function verdictOf(
  { rule, isGuess, isHarmless }: Gap,
  direction: Direction,
  { side, undeclared }: SchemaPair,
): Verdict {
  const isHarmful = (direction === "tightened") === (side === "input");
  // Whoever sent or read it finds out by nothing that it is gone.
  if (rule === "removed" && isGuess !== true) return "breaking";
  if (rule === "unknown") return "breaking";
  if (rule === "added" && direction === "tightened" && (undeclared === "ignored" || isHarmless === true))
    return "additive";
  return isHarmful ? "breaking" : "additive";
}

/** In another dialect the same words may mean something else. */
function dialects({ before, after, side }: SchemaPair): readonly SchemaChange[] {
  if (before["$schema"] === after["$schema"]) return [];
  const message = `${rootOf(side)} is written in another dialect of JSON Schema now.`;
  return [{ verdict: "breaking", rule: `${side}.$schema`, pointer: "/$schema", message, fields: [] }];
}

function rootOf(side: SchemaPair["side"]): string {
  return { input: "The input", output: "The result", include: "The part" }[side];
}

function placeOf({ rule, pointer, fields }: SchemaChange): string {
  return `${rule} ${pointer} ${fields.join(" ")}`;
}

function once(changes: readonly SchemaChange[]): readonly SchemaChange[] {
  return [...new Map(changes.map((change) => [placeOf(change), change])).values()];
}
