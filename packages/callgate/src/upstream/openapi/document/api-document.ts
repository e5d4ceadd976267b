import type { DefinitionPlace } from "../../../define/definition-error.ts";
import { DefinitionError } from "../../../define/definition-error.ts";
import { follow, pointerSteps } from "../../../define/json-pointer.ts";
import type { JsonObject } from "../../../wire/exchange.ts";

/** A description of an API in OpenAPI, as JSON. */
export interface ApiDocument {
  readonly version: "3.0" | "3.1";
  readonly root: JsonObject;
  /** Where its problems are told of. */
  readonly place: DefinitionPlace;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object of a field; an empty one where there is none. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The text of a field; undefined where it is no text. */
export function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The objects of a list; none where there is no list. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** What a reference of the document leads to. Nothing is followed out of the document (SECURITY 25). */
export function lookUp({ root, place }: ApiDocument, reference: string): unknown {
  if (!reference.startsWith("#")) {
    throw new DefinitionError(
      place,
      `its document refers to "${reference}", which is another file.`,
      "Bundle the files into one first (`npx @redocly/cli bundle`), and serve that.",
    );
  }
  const found = follow(root, pointerSteps(decodeFragment(reference.slice(1))));
  if (found !== undefined) return found;
  throw new DefinitionError(place, `its document refers to "${reference}", which is not there.`, "Mend the document.");
}

/** What is meant by an object of the document that may be a reference, or one to a reference. */
export function resolve(document: ApiDocument, node: unknown): JsonObject {
  const followed = new Set<string>();
  let current = node;
  while (isObject(current) && typeof current["$ref"] === "string") {
    const reference = current["$ref"];
    if (followed.has(reference)) {
      throw new DefinitionError(document.place, `its reference "${reference}" leads to itself.`, "Mend the document.");
    }
    followed.add(reference);
    current = lookUp(document, reference);
  }
  if (isObject(current)) return current;
  throw new DefinitionError(
    document.place,
    `its document has ${JSON.stringify(current)?.slice(0, 60)} where an object belongs.`,
    "Mend the document.",
  );
}

/** The pointer in the fragment of a reference. */
export function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
