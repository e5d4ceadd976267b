import * as ajvModule from "ajv/dist/2020.js";
import { mergeEvaluated } from "ajv/dist/compile/util.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { compareSchemas, type SchemaPair } from "../../packages/callgate/src/contract/compare-schemas.ts";
import { judgeShortLists } from "../../packages/callgate/src/gate/compile/short-lists.ts";
import { Dice } from "../durability/proof/dice.ts";
import { documents, edited, parts } from "./schema-arbitrary.ts";
import { Values } from "./values.ts";

type Document = { readonly [keyword: string]: unknown };

/** What was compared, and how often there was something to be judged. */
export interface Tally {
  pairs: number;
  /** Pairs that were called compatible, and in which something differs. */
  compatible: number;
  /** Values of those that the one side takes, each tried on the other. */
  values: number;
}

/** Asked of pairs that were called compatible. */
export interface Asked extends Pick<SchemaPair, "side" | "undeclared"> {
  readonly before: Document;
  readonly after: Document;
}

const VALUES_A_PAIR = 40;

const pairs = fc
  .record({
    before: documents,
    edits: fc.array(fc.tuple(fc.nat(), parts), { minLength: 1, maxLength: 3 }),
    side: fc.constantFrom("input" as const, "output" as const),
    undeclared: fc.constantFrom("ignored" as const, "counted" as const),
  })
  .map(({ before, edits, side, undeclared }): Asked => {
    const after = edits.reduce<Document>(
      (schema, [seed, fresh]) => edited(schema, new Dice(seed), fresh) as Document,
      before,
    );
    return { before, after: { ...after, $defs: after["$defs"] ?? before["$defs"] }, side, undeclared };
  });

/** Compares generated pairs; throws with the smallest pair and value that a comparison was wrong about. */
export function judgePairs({
  runs,
  seed,
  tally,
}: {
  readonly runs: number;
  readonly seed: number;
  readonly tally: Tally;
}): void {
  const property = fc.property(pairs, fc.nat(), (pair, chance) => {
    fc.pre(JSON.stringify(pair.before) !== JSON.stringify(pair.after) && isSchema(pair.before) && isSchema(pair.after));
    tally.pairs += 1;
    const wrong = counterexample(pair, new Dice(chance), tally);
    if (wrong === undefined) return;
    throw new Error(`called compatible, but ${JSON.stringify(wrong)} says otherwise`);
  });
  fc.assert(property, { numRuns: runs, seed, maxSkipsPerRun: 1_000 });
}

/** A value that shows that two schemas which were called compatible are not. */
export function counterexample(pair: Asked, dice: Dice, tally: Tally): unknown {
  const changes = compareSchemas(pair);
  if (changes.some(({ verdict }) => verdict === "breaking")) return undefined;
  const isInput = pair.side === "input";
  // What is sent was made for the old schema, what is answered is made by the new one.
  const [source, judge] = isInput ? [pair.before, pair.after] : [pair.after, pair.before];
  const isClosed = isInput && pair.undeclared === "ignored";
  if (isClosed && deniesWhatItNames(source)) return undefined;
  const offered = isClosed ? declared(source) : source;
  const [gives, takes] = [compiled(offered), compiled(judge)];
  if (gives === undefined || takes === undefined) return undefined;
  tally.compatible += 1;
  const [sent, asked] = [new Values(source, dice), new Values(judge, dice)];
  for (let tried = 0; tried < VALUES_A_PAIR; tried += 1) {
    const value = dice.pick([sent, asked]).next();
    if (isBlindTo(value, [offered, judge]) || judged(gives, value) !== true) continue;
    tally.values += 1;
    if (judged(takes, value) === false) return value;
  }
  return undefined;
}

// Compiled schemas are not kept under their own: there are too many.
const ajv = new ajvModule.Ajv2020({ strict: false, logger: false, addUsedSchema: false, ownProperties: true });
addFormats.default(ajv);
judgeShortLists(ajv, ajvModule, mergeEvaluated);

/** What is no schema after its edits is none of an author's either: no gate starts with it. */
function isSchema(schema: Document): boolean {
  return ajv.validateSchema(schema) === true;
}

/** Beside `unevaluatedProperties` ajv takes a field for known whose name every object inherits. */
function isBlindTo(value: unknown, schemas: readonly Document[]): boolean {
  return JSON.stringify(value).includes('"toString"') && JSON.stringify(schemas).includes("unevaluatedProperties");
}

function compiled(schema: Document): ajvModule.ValidateFunction | undefined {
  try {
    return ajv.compile(schema);
  } catch {
    return undefined;
  } finally {
    ajv.removeSchema(schema);
  }
}

/** Some of the code that ajv makes of nested forms breaks down: then it has no judgement. */
function judged(validate: ajvModule.ValidateFunction, value: unknown): boolean | undefined {
  try {
    return validate(value);
  } catch {
    return undefined;
  }
}

const PARTS = ["items", "additionalProperties"];
const FORMS = ["anyOf", "oneOf", "allOf"];

/** Where `not` may refer to a definition, a closed one makes more of the value possible and not less. */
function deniesWhatItNames(schema: Document): boolean {
  const text = JSON.stringify(schema);
  return text.includes('"not":') && text.includes('"$ref":');
}

/** The same schema for values that hold no fields but those that it names, wherever it names some. */
function declared(schema: Document): Document {
  const { $defs = {} } = schema as { $defs?: Record<string, unknown> };
  const own = closed(inPlace(schema)) as Document;
  return {
    ...own,
    $defs: Object.fromEntries(Object.entries($defs).map(([name, each]) => [name, closed(inPlace(each))])),
  };
}

function closed(schema: unknown): unknown {
  if (!isDocument(schema) || !namesFields(schema) || Object.hasOwn(schema, "unevaluatedProperties")) return schema;
  return { ...schema, unevaluatedProperties: false };
}

/** Parts of the value are closed, and forms of the value itself are left to whom they belong to. */
function inPlace(schema: unknown): unknown {
  if (!isDocument(schema)) return schema;
  const changed: Record<string, unknown> = { ...schema };
  for (const keyword of PARTS) if (Object.hasOwn(schema, keyword)) changed[keyword] = closed(inPlace(schema[keyword]));
  for (const keyword of ["properties", "patternProperties"])
    if (isDocument(schema[keyword])) changed[keyword] = mapped(schema[keyword], (each) => closed(inPlace(each)));
  if (Array.isArray(schema["prefixItems"]))
    changed["prefixItems"] = schema["prefixItems"].map((each) => closed(inPlace(each)));
  for (const keyword of FORMS) if (Array.isArray(schema[keyword])) changed[keyword] = schema[keyword].map(inPlace);
  for (const keyword of ["then", "else"]) if (isDocument(schema[keyword])) changed[keyword] = inPlace(schema[keyword]);
  return changed;
}

function namesFields(schema: unknown): boolean {
  if (!isDocument(schema)) return false;
  if (Object.hasOwn(schema, "properties")) return true;
  const forms = FORMS.flatMap((keyword) => (schema[keyword] ?? []) as unknown[]);
  return [...forms, ...["if", "then", "else"].map((keyword) => schema[keyword])].some(namesFields);
}

function mapped(record: Document, map: (value: unknown) => unknown): Document {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function isDocument(schema: unknown): schema is Document {
  return typeof schema === "object" && schema !== null && !Array.isArray(schema);
}
