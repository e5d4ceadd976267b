import { closestTo } from "../../../define/closest.ts";
import { DefinitionError, type DefinitionPlace } from "../../../define/definition-error.ts";
import { nameOfStep, stepOf } from "../../../define/json-pointer.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { isObject, objectOf } from "../document/api-document.ts";
import type { DerivedOutput } from "../schemas/output-schema.ts";
import type { ApiPaging } from "./paging.ts";

interface Answering {
  readonly definitions: JsonObject;
  readonly place: DefinitionPlace;
}

/** Pages that are looked for where the document says that there is nothing would be lost without a word. */
export function refuseLostPages(
  paging: ApiPaging,
  { shape, schema }: Pick<DerivedOutput, "shape" | "schema">,
  answering: Answering,
): void {
  const { place, definitions } = answering;
  const body = shape === "items" || shape === "result" ? objectOf(schema["properties"])[shape] : schema;
  for (const [setting, pointer] of pointersOf(paging)) {
    if (pointer !== "" && !pointer.startsWith("/"))
      throw new DefinitionError(
        place,
        `its \`page.${setting}\` is "${pointer}", which is no JSON Pointer.`,
        `Write "/${pointer}".`,
      );
    if (shape === "status" || shape === "text") continue;
    const lost = findLost(body, pointer.split("/").slice(1), definitions);
    if (lost === undefined) continue;
    throw new DefinitionError(
      place,
      `its \`page.${setting}\` is "${pointer}", and by the document no answer has anything there.`,
      cureOf(lost),
    );
  }
}

function pointersOf(paging: ApiPaging): readonly (readonly [setting: string, pointer: string])[] {
  const { next, items, total }: { readonly next?: string; readonly items?: string; readonly total?: string } = paging;
  return Object.entries({ next, items, total }).flatMap(([setting, pointer]) =>
    pointer === undefined ? [] : [[setting, pointer] as const],
  );
}

/** Where a pointer leads nowhere: how far it led, the name that is not there, and those that are. */
interface Lost {
  readonly above: readonly string[];
  readonly part: string;
  readonly names: readonly string[];
}

function findLost(schema: unknown, parts: readonly string[], definitions: JsonObject): Lost | undefined {
  let here = [schema];
  for (const [at, part] of parts.entries()) {
    const name = nameOfStep(part);
    const said = here.flatMap((each) => [...allOf(each, definitions)]);
    const found = said.flatMap((each) => belowIn(each, name));
    if (found.length === 0) {
      if (said.some(isOpen) || !said.some(isClosed)) return undefined;
      const names = said.flatMap((each) => Object.keys(objectOf(each["properties"])));
      return { above: parts.slice(0, at), part, names };
    }
    here = found;
  }
  return undefined;
}

/** A schema with all that it refers to, joins or chooses from, at this depth. */
function* allOf(schema: unknown, definitions: JsonObject, seen = new Set<unknown>()): Iterable<JsonObject> {
  if (!isObject(schema) || seen.has(schema)) return;
  seen.add(schema);
  yield schema;
  const { $ref: reference } = schema;
  const branches = ["allOf", "anyOf", "oneOf"].flatMap((keyword) => schema[keyword] ?? []);
  const referred = typeof reference === "string" ? [definitions[reference.slice("#/$defs/".length)]] : [];
  for (const each of [...referred, ...branches]) yield* allOf(each, definitions, seen);
}

function belowIn(schema: JsonObject, name: string): readonly unknown[] {
  const properties = objectOf(schema["properties"]);
  const property = Object.hasOwn(properties, name) ? [properties[name]] : [];
  return /^\d+$/.test(name) && schema["items"] !== undefined ? [...property, schema["items"]] : property;
}

/** It says that there is more than it names. */
function isOpen({ additionalProperties = false, patternProperties }: JsonObject): boolean {
  return additionalProperties !== false || patternProperties !== undefined;
}

/** It says what there is. */
function isClosed({ properties, type = "object" }: JsonObject): boolean {
  return properties !== undefined || ![type].flat().includes("object");
}

function cureOf({ above, part, names }: Lost): string {
  const near = closestTo(part, names);
  if (near !== undefined) return `Did you mean "${["", ...above, stepOf(near)].join("/")}"?`;
  const there = names.length > 0 ? `There it has ${[...new Set(names)].join(", ")}.` : "There it has no fields.";
  return `${there} Where the API answers with it all the same, add it to the document.`;
}
