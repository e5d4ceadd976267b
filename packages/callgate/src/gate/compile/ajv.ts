import { createRequire } from "node:module";
import type * as AjvModule from "ajv/dist/2020.js";
import type * as UtilModule from "ajv/dist/compile/util.js";
import type { FormatDefinition } from "ajv/dist/types/index.js";
import type * as FormatsModule from "ajv-formats";
import { schemaPlaces } from "../../contract/schema-places.ts";
import type { SchemaObject } from "../../contract/subsumption/schema-document.ts";
import { boundedPattern } from "./bounded-pattern.ts";
import { forgetSteps, takeSteps } from "./bounded-steps.ts";
import { isFullDate } from "./date-format.ts";
import { priceKeywords } from "./priced-keywords.ts";
import { judgeShortLists } from "./short-lists.ts";

// Definitions are judged at once, so what is loaded on demand must be there at once too.
const load = createRequire(import.meta.url);

/** Which fields of a value count: `own` alone, or, at half the price, those as well under which every object inherits something. */
type Fields = "own" | "any";
const instances = new Map<Fields, AjvModule.Ajv2020>();

const INHERITED = new RegExp(`"(?:${Object.getOwnPropertyNames(Object.prototype).join("|")})"`);

/** ajv for JSON Schema 2020-12, loaded for the first plain JSON Schema: a gate with none of them starts without it. */
export function ajv2020(fields: Fields = "any"): AjvModule.Ajv2020 {
  let instance = instances.get(fields);
  if (instance === undefined) instances.set(fields, (instance = create(fields)));
  return instance;
}

/** Compiles a schema, which is this text as JSON. A field named `toString` is there only where a value brings it along. */
export function compileSchema(schema: object, text: string): AjvModule.ValidateFunction {
  // A schema is a value, too: it is held against the schema of schemas.
  forgetSteps();
  const whole = text.includes('"__proto__"') ? withProtoSeen(text) : schema;
  return ajv2020(INHERITED.test(text) ? "own" : "any").compile(text.includes('"$ref":"#"') ? withName(whole) : whole);
}

/** ajv finds what `#` means only where a schema has a name. */
function withName(schema: object): object {
  return { $id: "urn:callgate:schema", ...schema };
}

/** ajv passes over a property that is called so, and takes a pattern of the same meaning. */
function withProtoSeen(text: string): object {
  const schema = JSON.parse(text) as SchemaObject;
  for (const place of schemaPlaces(schema).values()) {
    const { properties, patternProperties } = place as { properties?: SchemaObject; patternProperties?: SchemaObject };
    if (properties === undefined || !Object.hasOwn(properties, "__proto__")) continue;
    const { ["__proto__"]: own, ...others } = properties;
    const pattern = { "^__proto__$": { allOf: [own, patternProperties?.["^__proto__$"] ?? true] } };
    Object.assign(place, { properties: others, patternProperties: { ...patternProperties, ...pattern } });
  }
  return schema;
}

function create(fields: Fields): AjvModule.Ajv2020 {
  const module = load("ajv/dist/2020.js") as typeof AjvModule;
  const addFormats = load("ajv-formats") as typeof FormatsModule.default;
  // Two tools may bring schemas of one `$id`: none of them is kept under its name.
  const instance = new module.Ajv2020({
    addUsedSchema: false,
    allErrors: false,
    useDefaults: true,
    strict: false,
    ownProperties: fields === "own",
    code: { regExp: boundedPattern },
  });
  addFormats.default(instance);
  const { compare } = addFormats.default.get("date") as FormatDefinition<string>;
  instance.addFormat("date", { validate: isFullDate, ...(compare !== undefined && { compare }) });
  const url = addFormats.default.get("url") as RegExp;
  instance.addFormat("url", (text) => {
    // Its pattern tries all that comes after each colon.
    takeSteps(text.split(":").length * text.length);
    return url.test(text);
  });
  const { mergeEvaluated } = load("ajv/dist/compile/util.js") as typeof UtilModule;
  judgeShortLists(instance, module, mergeEvaluated);
  priceKeywords(instance, module);
  return instance;
}
