import { FieldNames } from "../../audit/secret-fields.ts";
import type { JsonSchemaObject } from "../../gate/compile/json-schema.ts";
import type { CheckedGate } from "../checked-gate.ts";
import type { Found } from "../finding.ts";
import type { InputValue } from "../input-values.ts";
import type { RulesOf } from "../rule.ts";

const BOUNDED_FORMATS: ReadonlySet<unknown> = new Set(
  "date date-time time duration uuid email ipv4 ipv6 hostname".split(" "),
);
const ID = /(?:^|_)ids?$|[a-z]Ids?$/;
/** A server's schema is taken as it was accepted. */
const OF_SERVERS =
  "Ask whoever keeps the server to say it in its schema; or let it pass with a reason, by `check.allow` (docs/checking.md).";
const BY_INPUT = "Say it in the API's description, or where the operation is served: `input: (schema) => …`.";
const SHOWS_ONE = /\be\.g\.|\bsuch as\b|\blike\b|\bfor example\b|["'`“]|\w_\d|\w_cursor\b/i;
const secretNames = new FieldNames([]);

type FieldRule =
  | "output-missing"
  | "field-undescribed"
  | "enum-undescribed"
  | "id-example"
  | "string-unbounded"
  | "array-unbounded"
  | "object-free"
  | "secret-input";

/** What tools take and give. */
export const fieldRules: RulesOf<FieldRule> = {
  "output-missing": {
    severity: "warning",
    isOfServers: true,
    finds: "a tool without an output schema",
    reason:
      "Without it nothing is checked of what leaves, fields that were not meant to leave do, and programs cannot rely on the answer.",
    cure: "Declare `output`.",
    cures: {
      upstream: OF_SERVERS,
      openapi:
        "Describe the answer in the API's description, or where the operation is served: `output: (schema) => …`.",
    },
    find: ({ tools }) =>
      tools
        .filter(({ served }) => served.declaration.output === undefined)
        .map(({ place }) => ({ at: place, message: "It has no output schema." })),
  },
  "field-undescribed": {
    severity: "warning",
    isOfServers: true,
    finds: "an argument that nothing is said of",
    reason: "A model fills it by guessing from the name.",
    cure: 'Say what it is, in which unit or form, and what leaving it out means: `.describe("…")`.',
    cures: { upstream: OF_SERVERS, openapi: BY_INPUT },
    find: inputs(
      (value) => isField(value) && !isDescribed(value) && value.schema["enum"] === undefined,
      (paths) => `Nothing is said of ${paths}.`,
    ),
  },
  "enum-undescribed": {
    severity: "warning",
    isOfServers: true,
    finds: "a choice between values that nothing is said of",
    reason: "Values are short names of a team's own; a model that does not know them picks the likeliest.",
    cure: 'Say what the values mean, or what is chosen: `.describe("confirmed: to come; completed: over")`.',
    cures: { upstream: OF_SERVERS, openapi: BY_INPUT },
    find: inputs(
      (value) => isField(value) && !isDescribed(value) && value.schema["enum"] !== undefined,
      (paths) => `Nothing is said of the values of ${paths}.`,
    ),
  },
  "id-example": {
    severity: "note",
    isOfServers: true,
    finds: "an id of which no example is given",
    reason: "A model that has not seen one takes a name for an id.",
    cure: 'Give one, `.describe("e.g. book_000123")`, and name the tool that gives them: `from`.',
    cures: { upstream: OF_SERVERS, openapi: BY_INPUT },
    find: inputs(isUnshownId, (paths) => `No example of ${paths} is given.`),
  },
  "string-unbounded": {
    severity: "note",
    isOfServers: true,
    finds: "a text of any length in an input",
    reason: "A model that pastes a whole page into a name is stopped by nothing before your backend.",
    cure: "Bound it: `.max(100)`, a pattern, a format, or the values that there are.",
    cures: { upstream: OF_SERVERS, openapi: BY_INPUT },
    find: inputs(
      ({ schema }) => isUnboundedText(schema),
      (paths) => `Of any length: ${paths}.`,
    ),
  },
  "array-unbounded": {
    severity: "warning",
    isOfServers: true,
    finds: "a list of any length in an input",
    reason:
      "One call with ten thousand ids is one call for every limit of the gate, and ten thousand for your backend.",
    cure: "Bound it: `.max(50)`.",
    cures: { upstream: OF_SERVERS, openapi: BY_INPUT },
    find: inputs(
      ({ schema }) => schema["type"] === "array" && schema["maxItems"] === undefined,
      (paths) => `Of any number of items: ${paths}.`,
    ),
  },
  "object-free": {
    severity: "warning",
    isOfServers: true,
    finds: "a part of an input that takes anything",
    reason: "A model invents fields that nobody reads, and the gate cannot say what is wrong with them.",
    cure: "Declare its fields. Where the names are free, declare the values: `z.record(z.string(), z.number())`.",
    cures: { upstream: OF_SERVERS, openapi: BY_INPUT },
    find: inputs(isFree, (paths) => `Whatever is sent is taken: ${paths}.`),
  },
  "secret-input": {
    severity: "warning",
    finds: "an argument that is named like a secret",
    reason:
      "What a model is to pass it has to know: it stands in its context, in transcripts, and in the logs of others.",
    cure: "Keep secrets with the backend (`credentials`), or let them ride along for this domain alone: `key::domainKey`.",
    find: inputs(isSecret, (paths) => `Named like a secret: ${paths}.`),
  },
};

/** A rule over every value of every input: one finding a tool, with the paths. */
function inputs(
  isFound: (value: InputValue) => boolean,
  say: (paths: string) => string,
): (gate: Pick<CheckedGate, "tools">) => readonly Found[] {
  return ({ tools }) =>
    tools.flatMap(({ place, values }) => {
      const paths = [...new Set(values.filter(isFound).map(({ path }) => path || "the input"))];
      if (paths.length === 0) return [];
      const [field = ""] = paths;
      const isOne = paths.length === 1 && field !== "the input";
      return [{ at: isOne ? { ...place, field } : place, message: say(paths.join(", ")) }];
    });
}

function isField({ name, schema }: InputValue): boolean {
  return name !== undefined && schema["const"] === undefined;
}

function isDescribed({ schema }: InputValue): boolean {
  const { description } = schema;
  if (typeof description === "string" && description.trim() !== "") return true;
  const branches = schema["anyOf"] ?? schema["oneOf"];
  return (
    Array.isArray(branches) &&
    branches.every((branch: unknown) => typeof (branch as JsonSchemaObject | null)?.["description"] === "string")
  );
}

function isUnshownId({ name, schema }: InputValue): boolean {
  if (name === undefined || !ID.test(name)) return false;
  const items = schema["items"] as JsonSchemaObject | undefined;
  const own = schema["type"] === "array" ? { ...items } : schema;
  if (own["type"] !== "string") return false;
  const shown = ["examples", "enum", "const", "format", "pattern", "default"].some((keyword) =>
    Object.hasOwn(own, keyword),
  );
  const words = [schema["description"], own["description"]].filter((each) => typeof each === "string");
  return !shown && !SHOWS_ONE.test(words.join(" "));
}

function isUnboundedText(schema: JsonSchemaObject): boolean {
  if (schema["type"] !== "string" || BOUNDED_FORMATS.has(schema["format"])) return false;
  return ["maxLength", "enum", "const", "pattern"].every((keyword) => schema[keyword] === undefined);
}

const SAYS_WHAT: readonly string[] = ["type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "if", "not"];

function isFree({ path, schema }: InputValue): boolean {
  if (SAYS_WHAT.every((keyword) => schema[keyword] === undefined)) return true;
  if (schema["type"] !== "object") return false;
  const others = schema["additionalProperties"];
  const takesOthers =
    others === true || (typeof others === "object" && others !== null && Object.keys(others).length === 0);
  // The gate closes an input that does not say otherwise.
  if (takesOthers || path === "") return takesOthers;
  const names = Object.keys(schema["properties"] ?? {}).length > 0 || schema["patternProperties"] !== undefined;
  return !names && others === undefined && !UNIONS.some((union) => schema[union] !== undefined);
}

const UNIONS = ["anyOf", "oneOf", "allOf"] as const;

function isSecret({ name, schema }: InputValue): boolean {
  if (name === undefined || schema["type"] === "boolean" || /cursor|page/i.test(name)) return false;
  if (schema["format"] === "password") return true;
  const secrecy = secretNames.judge(name);
  return secrecy === "secret" || (secrecy === "plural" && schema["type"] !== "integer" && schema["type"] !== "number");
}
