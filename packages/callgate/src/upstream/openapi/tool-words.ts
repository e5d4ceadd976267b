import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { Operation } from "./document/operations.ts";
import type { OperationOptions } from "./operation-options.ts";

const MOST_DESCRIPTION = 1_000;

/** The name of an operation's tool: the author's, else its id as tools are named: `listPets` becomes `list_pets`. */
export function toolNameOf({ name }: Operation, { as }: Pick<OperationOptions, "as">, place: DefinitionPlace): string {
  if (as !== undefined) return as;
  if (/^[A-Z]+ \//.test(name)) {
    throw new DefinitionError(place, "it has no id, and so no name.", 'Give it one, verb first: as: "find_pets".');
  }
  return toSnakeCase(name);
}

export function toSnakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .toLowerCase();
}

/** The author's words, else the document's: what it is called, and the first that it says of it. */
export function descriptionOf(
  { definition }: Operation,
  { description }: Pick<OperationOptions, "description">,
): string {
  if (description !== undefined) return description;
  const [summary, words] = [definition["summary"], definition["description"]].map((text) =>
    typeof text === "string" ? text.trim() : "",
  );
  const parts = [summary ?? "", words ?? ""].filter((text, at, all) => text !== "" && all.indexOf(text) === at);
  const whole = parts.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(" ");
  return whole.length <= MOST_DESCRIPTION ? whole : `${whole.slice(0, MOST_DESCRIPTION - 1)}…`;
}
