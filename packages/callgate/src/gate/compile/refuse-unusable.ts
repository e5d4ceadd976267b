import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { DomainOptions } from "../../define/domain.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import { refuseOddFields } from "../../settings/refuse-odd-fields.ts";
import { refuseOddValues } from "../../settings/refuse-odd-values.ts";
import { SHORTEST_DESCRIPTION } from "../../settings/tool-kinds.ts";
import { BACKEND_KINDS, DOMAIN_FIELDS, TOOL_FIELDS } from "./known-fields.ts";

const TOOL_NAMES = {
  ours: [/^[a-z][a-z0-9_]{0,63}$/, "Use lower-case letters, digits and underscores, verb first: find_bookings."],
  theirs: [/^[A-Za-z0-9_.-]{1,64}$/, "Use letters, digits, underscores, dashes and dots, 64 at most."],
} as const;

/** Words of somebody else's may be few. */
const LEAST_LETTERS = { ours: SHORTEST_DESCRIPTION, theirs: 1 } as const;

/** Refuses a tool that could not work or be chosen: its name, words, schemas and functions. */
export function refuseUnusable(declaration: ToolDeclaration, place: DefinitionPlace, whose: "ours" | "theirs"): void {
  const [pattern, cure] = TOOL_NAMES[whose];
  if (!pattern.test(declaration.name)) throw new DefinitionError(place, "its name will not do.", cure);
  refuseOddFields(declaration, TOOL_FIELDS, place);
  const { description } = declaration;
  if (typeof description !== "string" || description.trim().length < LEAST_LETTERS[whose]) {
    throw new DefinitionError(
      place,
      description?.trim()
        ? `its description has fewer than ${LEAST_LETTERS[whose]} characters.`
        : "it has no description.",
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

const SAID_OF_A_DOMAIN = {
  owner: "Name the team that answers for it.",
  purpose: "Say in a sentence what it is for.",
  concern: "Say what must never happen.",
} as const;

/** Refuses a domain that nobody answers for, that does not say what it is for and what must never happen, or that says what nobody knows. */
export function refuseUnexplained(name: string, options: Readonly<DomainOptions<unknown>>): void {
  for (const [field, cure] of Object.entries(SAID_OF_A_DOMAIN)) {
    const said: unknown = options[field as keyof typeof SAID_OF_A_DOMAIN];
    if (typeof said !== "string" || said.trim() === "")
      throw new DefinitionError({ domain: name }, `it has no ${field}.`, cure);
  }
  const place = { domain: name };
  refuseOddFields(options, DOMAIN_FIELDS, place);
  if (options.backend !== undefined) refuseOddValues(options.backend, BACKEND_KINDS, { place, within: "backend." });
}
