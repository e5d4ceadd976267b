import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { ToolDeclaration } from "../../define/tool.ts";

const TOOL_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Refuses a tool that could not work or be chosen: its name, words, schemas and functions. */
export function refuseUnusable(declaration: ToolDeclaration, place: DefinitionPlace): void {
  if (!TOOL_NAME.test(declaration.name)) {
    throw new DefinitionError(
      place,
      "its name will not do.",
      "Use lower-case letters, digits and underscores, verb first: find_bookings.",
    );
  }
  if (typeof declaration.description !== "string" || declaration.description.trim().length < 10) {
    throw new DefinitionError(
      place,
      "it has no description.",
      "Say what it does, when to use it and what it gives: a model chooses by that.",
    );
  }
  if (declaration.input === undefined) {
    throw new DefinitionError(place, "it has no input schema.", "Declare one, if only z.object({}).");
  }
  if (declaration.include !== undefined && declaration.output === undefined) {
    throw new DefinitionError(
      place,
      "it has optional parts but no output.",
      "Declare `output`, which the parts are added to.",
    );
  }
  const needed = declaration.effect === "read" ? (["run"] as const) : (["plan", "commit"] as const);
  for (const name of needed) {
    if (typeof (declaration as unknown as Record<string, unknown>)[name] !== "function") {
      throw new DefinitionError(place, `it is a ${declaration.effect} without \`${name}\`.`, `Add ${name}(…).`);
    }
  }
}
