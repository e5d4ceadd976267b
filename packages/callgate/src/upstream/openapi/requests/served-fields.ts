import { closestTo } from "../../../define/closest.ts";
import { DefinitionError, type DefinitionPlace } from "../../../define/definition-error.ts";
import type { FixedValue, OperationOptions } from "../operation-options.ts";
import type { InputField, RequestFields } from "./input-fields.ts";

/** A field that callers fill, under the name that they know it by. */
export interface ServedField extends InputField {
  readonly servedName: string;
}

/** A field that the config fills. */
export interface FixedField extends InputField {
  readonly value: FixedValue;
}

export interface ServedFields {
  readonly served: readonly ServedField[];
  readonly fixed: readonly FixedField[];
}

/** What APIs of models take as a name. */
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** Which fields callers fill, under which names, and which the config fills. `kept` are no business of either. */
export function serveFields(
  { fields }: RequestFields,
  { omit = [], fixed = {}, rename = {} }: Pick<OperationOptions, "omit" | "fixed" | "rename">,
  { place, kept }: { readonly place: DefinitionPlace; readonly kept: (field: InputField) => boolean },
): ServedFields {
  const find = (selector: string, setting: string): InputField => findField(fields, selector, { setting, place });
  const omitted = new Set(omit.map((selector) => find(selector, "omit")));
  const values = new Map(Object.entries(fixed).map(([selector, value]) => [find(selector, "fixed"), value]));
  const names = new Map(Object.entries(rename).map(([selector, name]) => [find(selector, "rename"), name]));
  for (const field of omitted) {
    if (!field.required || values.has(field)) continue;
    throw new DefinitionError(place, `it omits "${field.name}", which the API demands.`, "Give it a value by `fixed`.");
  }
  const served = fields
    .filter((field) => !omitted.has(field) && !values.has(field) && !kept(field))
    .map((field) => ({ ...field, servedName: names.get(field) ?? field.name }));
  refuseCollisions(served, place);
  return { served, fixed: [...values].map(([field, value]) => ({ ...field, value })) };
}

/** A field by its name, or by place and name where several have it. */
export function findField(
  fields: readonly InputField[],
  selector: string,
  { setting, place }: { readonly setting: string; readonly place: DefinitionPlace },
): InputField {
  const found = fields.filter(({ name, place: at }) => selector === name || selector === qualified(at, name));
  const [field] = found;
  if (field !== undefined && found.length === 1) return field;
  const names = fields.map((each) => each.name);
  const near = closestTo(selector, names);
  throw new DefinitionError(
    place,
    `its \`${setting}\` names "${selector}", which is ${found.length === 0 ? "no parameter or field of it" : "there more than once"}.`,
    found.length > 0
      ? `Say which: ${found.map(({ place: at, name }) => `"${qualified(at, name)}"`).join(" or ")}.`
      : near === undefined
        ? `It has ${names.join(", ") || "none"}.`
        : `Did you mean "${near}"?`,
  );
}

function refuseCollisions(served: readonly ServedField[], place: DefinitionPlace): void {
  const byName = new Map<string, ServedField>();
  for (const field of served) {
    const { servedName: name } = field;
    const selector = qualified(field.place, field.name);
    if (!NAME.test(name)) {
      const better = name.replaceAll(/[^A-Za-z0-9_.-]+/g, "_").replaceAll(/^_+|_+$/g, "");
      throw new DefinitionError(
        place,
        `its argument "${name}" has a name that models cannot use.`,
        `Give it another: rename: { ${JSON.stringify(selector)}: ${JSON.stringify(better || "value")} }.`,
      );
    }
    const other = byName.get(name);
    if (other !== undefined) {
      throw new DefinitionError(
        place,
        `it has two arguments "${name}": ${qualified(other.place, other.name)} and ${selector}.`,
        `Rename one: rename: { ${JSON.stringify(selector)}: ${JSON.stringify(`${field.place}_${field.name}`)} }.`,
      );
    }
    byName.set(name, field);
  }
}

function qualified(place: InputField["place"], name: string): string {
  return place === "content" ? name : `${place}.${name}`;
}
