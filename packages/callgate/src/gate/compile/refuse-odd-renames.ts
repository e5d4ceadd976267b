import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { ToolDeclaration } from "../../define/tool.ts";
import { refuseOddValues } from "../../settings/refuse-odd-values.ts";
import { RENAMED_KINDS } from "../../settings/tool-kinds.ts";

/** Refuses former names of fields that lead nowhere, or that are still in use. */
export function refuseOddRenames(
  { renamed = {} }: ToolDeclaration,
  known: ReadonlySet<string>,
  place: DefinitionPlace,
): void {
  const unknown = Object.keys(renamed).find((field) => field !== "from" && field !== "fields");
  if (unknown !== undefined)
    throw new DefinitionError(place, `its renamed has a field "${unknown}".`, "Use `from` and `fields`.");
  refuseOddValues(renamed, RENAMED_KINDS, { place, within: "renamed." });
  for (const [former, now] of Object.entries(renamed.fields ?? {})) {
    if (!known.has(now))
      throw new DefinitionError(
        place,
        `its former field "${former}" leads to "${now}", which is no field of its input.`,
        "Name the field by which it goes now.",
      );
    if (known.has(former))
      throw new DefinitionError(
        place,
        `its former field "${former}" is a field of its input still.`,
        "Leave it out of one of them.",
      );
  }
}
