import { DefinitionError } from "../define/definition-error.ts";
import type { ToolDeclaration } from "../define/tool.ts";

const TOOL_NAME = /^[a-z][a-z0-9_]{0,63}$/;

interface Place {
  readonly domain: string;
  readonly tool: string;
}

/** Refuses a tool that could not work or be chosen: its name, words, schemas, functions and numbers. */
export function refuseUnusable(declaration: ToolDeclaration, place: Place): void {
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
  refuseOddNumbers(declaration, place);
}

/** A timer beyond this many milliseconds fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

function refuseOddNumbers(declaration: ToolDeclaration, place: Place): void {
  const numbers = {
    timeoutMs: LONGEST_TIMEOUT_MS,
    concurrency: Number.MAX_SAFE_INTEGER,
    maxResultBytes: Number.MAX_SAFE_INTEGER,
  } as const;
  for (const [name, most] of Object.entries(numbers)) {
    const value = declaration[name as keyof typeof numbers];
    if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) continue;
    throw new DefinitionError(place, `its ${name} is ${value}.`, `Use a whole number from 1 to ${most}.`);
  }
}
