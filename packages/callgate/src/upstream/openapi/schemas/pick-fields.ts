import { closestTo } from "../../../define/closest.ts";
import { DefinitionError, type DefinitionPlace } from "../../../define/definition-error.ts";
import type { JsonObject } from "../../../wire/exchange.ts";
import { isObject, objectOf } from "../document/api-document.ts";

interface Picking {
  readonly definitions: JsonObject;
  readonly place: DefinitionPlace;
}

/** The schema with the named fields alone; lists on the way are gone through. */
export function pickFields(schema: JsonObject, paths: readonly string[], picking: Picking): JsonObject {
  return picked(
    schema,
    paths.map((path) => path.split(".")),
    picking,
  );
}

function picked(schema: JsonObject, paths: readonly (readonly string[])[], picking: Picking): JsonObject {
  const own = followed(schema, picking);
  if (isObject(own["items"])) return { ...own, items: picked(own["items"], paths, picking) };
  const properties = objectOf(own["properties"]);
  const byName = Map.groupBy(paths, ([name = ""]) => name);
  const entries = [...byName].map(([name, below]): [string, unknown] => {
    const property = properties[name];
    if (!Object.hasOwn(properties, name)) return refuse(below[0] ?? [name], { properties, picking });
    const deeper = below.map(([, ...rest]) => rest).filter((rest) => rest.length > 0);
    const whole = deeper.length < below.length;
    return [name, whole || !isObject(property) ? property : picked(property, deeper, picking)];
  });
  const { required, additionalProperties: _open, ...rest } = own;
  const kept = Array.isArray(required) ? required.filter((name) => byName.has(name)) : [];
  return { ...rest, properties: Object.fromEntries(entries), ...(kept.length > 0 && { required: kept }) };
}

function followed(schema: JsonObject, { definitions }: Picking): JsonObject {
  const reference = schema["$ref"];
  if (typeof reference !== "string") return schema;
  const { $ref: _reference, ...beside } = schema;
  return {
    ...followed(objectOf(definitions[reference.slice("#/$defs/".length)]), { definitions, place: {} }),
    ...beside,
  };
}

function refuse(
  path: readonly string[],
  { properties, picking }: { readonly properties: JsonObject; readonly picking: Picking },
): never {
  const names = Object.keys(properties);
  const near = closestTo(path[0] ?? "", names);
  throw new DefinitionError(
    picking.place,
    `its \`pick\` names "${path.join(".")}", and the result has no field "${path[0]}" there.`,
    near !== undefined
      ? `Did you mean "${near}"?`
      : names.length > 0
        ? `It has ${names.join(", ")}.`
        : "What is a choice between schemas is narrowed by `output`.",
  );
}
