import { closestTo } from "../../../define/closest.ts";
import { DefinitionError, type DefinitionPlace } from "../../../define/definition-error.ts";
import type { JsonSchema } from "../../../define/schema.ts";
import { isObject, objectOf } from "../document/api-document.ts";
import type { DerivedSchema, OperationOptions } from "../operation-options.ts";
import type { RequestFields } from "../requests/input-fields.ts";
import type { ServedField } from "../requests/served-fields.ts";
import type { Converted } from "./schema-converter.ts";
import { usedDefinitions } from "./used-definitions.ts";

interface InputParts {
  readonly served: readonly ServedField[];
  readonly fields: RequestFields;
  readonly definitions: Readonly<Record<string, Converted>>;
}

/** The tool's own input: every served field by its served name, as the author leaves it. */
export function inputSchemaOf(
  { served, fields, definitions }: InputParts,
  { input: edit }: Pick<OperationOptions, "input">,
  place: DefinitionPlace,
): JsonSchema {
  const properties = Object.fromEntries(
    served.map(({ servedName, schema }) => [servedName, isObject(schema) ? schema : {}]),
  );
  const derived = {
    type: "object",
    properties,
    required: served.filter(({ required }) => required).map(({ servedName }) => servedName),
    ...dependentOf(served, fields),
    $defs: definitions,
  };
  const copy = structuredClone(derived) as unknown as DerivedSchema;
  const edited = edit === undefined ? copy : edit(copy);
  refuseUnsent(edited, { served, place });
  return usedDefinitions(edited);
}

/** A body that may be left out is there as a whole or not at all. */
function dependentOf(served: readonly ServedField[], { requiredWithBody }: RequestFields): object {
  const nameOf = new Map(served.filter(({ place }) => place === "body").map((each) => [each.name, each.servedName]));
  const needed = requiredWithBody.map((name) => nameOf.get(name)).filter((name) => name !== undefined);
  if (needed.length === 0) return {};
  const others = [...nameOf.values()].map((name) => [name, needed.filter((other) => other !== name)] as const);
  return { dependentRequired: Object.fromEntries(others.filter(([, names]) => names.length > 0)) };
}

/** An argument that goes nowhere would be taken from callers in vain, and one that is missing fails every call. */
function refuseUnsent(
  edited: unknown,
  { served, place }: { readonly served: readonly ServedField[]; readonly place: DefinitionPlace },
): void {
  const names = Object.keys(objectOf(objectOf(edited)["properties"]));
  const known = served.map(({ servedName }) => servedName);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = closestTo(unknown, known);
    throw new DefinitionError(
      place,
      `its \`input\` has a field "${unknown}", which the operation does not.`,
      near === undefined ? "Take it out; `rename` gives a field another name." : `Did you mean "${near}"?`,
    );
  }
  const missing = served.find(({ required, servedName }) => required && !names.includes(servedName));
  if (missing === undefined) return;
  throw new DefinitionError(
    place,
    `its \`input\` leaves out "${missing.servedName}", which the API demands.`,
    "Give it a value by `fixed`.",
  );
}
