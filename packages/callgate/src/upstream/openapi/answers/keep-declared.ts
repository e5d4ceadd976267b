import { follow, pointerSteps } from "../../../define/json-pointer.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { decodeFragment, isObject, objectOf } from "../document/api-document.ts";

/**
 * The value without fields, and without items of tuples, that its schema (JSON Schema 2020-12) does not declare: what an
 * API adds one day, or never wrote down, does not leave the gate. What any branch of a choice or condition declares is
 * declared. An object of whose fields nothing is said is kept whole, and so is one of which it is said that it may have
 * further ones, but for what is undeclared in those.
 */
export function keepDeclared(schema: JsonObject, value: unknown): unknown {
  return keep([schema], value, schema);
}

function keep(schemas: readonly unknown[], value: unknown, root: JsonObject): unknown {
  if (typeof value !== "object" || value === null) return value;
  const judges = new Set<JsonObject>();
  for (const schema of schemas) addJudges(judges, schema, { value, root });
  return Array.isArray(value) ? keepItems([...judges], value, root) : keepFields([...judges], value, root);
}

/** Adds every schema that says something of the same value, each once. */
function addJudges(
  judges: Set<JsonObject>,
  schema: unknown,
  judged: { readonly value: object; readonly root: JsonObject },
): void {
  if (!isObject(schema) || judges.has(schema)) return;
  judges.add(schema);
  const depending = Object.entries(objectOf(schema["dependentSchemas"]))
    .filter(([name]) => Object.hasOwn(judged.value, name))
    .map(([, part]) => part);
  const parts = ["allOf", "anyOf", "oneOf", "if", "then", "else"].flatMap((keyword) => schema[keyword] ?? []);
  for (const part of [targetOf(schema["$ref"], judged.root), ...parts, ...depending]) addJudges(judges, part, judged);
}

function targetOf(reference: unknown, root: JsonObject): unknown {
  if (typeof reference !== "string" || !/^#(?:$|\/)/.test(reference)) return undefined;
  return follow(root, pointerSteps(decodeFragment(reference.slice(1))));
}

function keepFields(judges: readonly JsonObject[], value: object, root: JsonObject): unknown {
  const keywords = ["properties", "patternProperties", "additionalProperties", "unevaluatedProperties"];
  if (!judges.some((schema) => keywords.some((keyword) => schema[keyword] !== undefined))) return value;
  const entries = Object.entries(value).flatMap(([name, field]) => {
    const declarations = declarationsOf(
      judges.flatMap((schema) => fieldIn(schema, name)),
      judges.map((schema) => schema["unevaluatedProperties"]),
    );
    return declarations.length === 0 ? [] : [[name, keep(declarations, field, root)] as const];
  });
  return Object.fromEntries(entries);
}

function keepItems(judges: readonly JsonObject[], value: readonly unknown[], root: JsonObject): unknown {
  const keywords = ["prefixItems", "items", "unevaluatedItems"];
  if (!judges.some((schema) => keywords.some((keyword) => schema[keyword] !== undefined))) return value;
  return value.flatMap((item, at) => {
    const declarations = declarationsOf(
      judges.map((schema) => itemIn(schema, at)),
      judges.map((schema) => schema["unevaluatedItems"]),
    );
    return declarations.length === 0 ? [] : [keep(declarations, item, root)];
  });
}

/** What allows a part of a value: `unevaluated` counts where nothing else says anything of it. */
function declarationsOf(said: readonly unknown[], unevaluated: readonly unknown[]): readonly unknown[] {
  const evaluated = said.filter((schema) => schema !== undefined);
  const counting = evaluated.length > 0 ? evaluated : unevaluated;
  return counting.filter((schema) => schema !== undefined && schema !== false);
}

/** What one schema alone says of a field. */
function fieldIn(schema: JsonObject, name: string): readonly unknown[] {
  const properties = objectOf(schema["properties"]);
  const named = Object.hasOwn(properties, name) ? [properties[name]] : [];
  const matching = Object.entries(objectOf(schema["patternProperties"]))
    .filter(([pattern]) => new RegExp(pattern, "u").test(name))
    .map(([, field]) => field);
  const own = [...named, ...matching];
  return own.length > 0 ? own : [schema["additionalProperties"]];
}

/** What one schema alone says of an item. */
function itemIn({ prefixItems, items }: JsonObject, at: number): unknown {
  return Array.isArray(prefixItems) && at < prefixItems.length ? (prefixItems as unknown[])[at] : items;
}
