import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { ToolDeclaration } from "../../define/tool.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Refuses a deprecation that does not say since when, or by what else: callers are told both. */
export function refuseOddDeprecation({ name, deprecated }: ToolDeclaration, place: DefinitionPlace): void {
  if (deprecated === undefined) return;
  const { since, use } = deprecated;
  if (!DATE.test(since) || Number.isNaN(Date.parse(since)))
    throw new DefinitionError(
      place,
      `it is deprecated since "${since}", which is no date.`,
      "Write one like 2026-11-01.",
    );
  if (typeof use !== "string" || use === "" || use === name)
    throw new DefinitionError(
      place,
      "its deprecation names no other tool.",
      "Name in `use` what is to be called instead.",
    );
}
