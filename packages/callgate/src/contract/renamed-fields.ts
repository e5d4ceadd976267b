import type { SchemaObject } from "./subsumption/schema-document.ts";
import type { ToolContract } from "./tool-contract.ts";

const FORMS = ["oneOf", "anyOf", "allOf"];

/** The old input in the words of now: fields whose former names are still taken stand under their new ones. */
export function withNewNames(before: ToolContract, after: ToolContract): SchemaObject {
  const known = before.renamed?.fields ?? {};
  const fresh = Object.entries(after.renamed?.fields ?? {}).filter(([former]) => !Object.hasOwn(known, former));
  return fresh.length === 0 ? before.input : renamed(before.input, new Map(fresh));
}

function renamed(schema: SchemaObject, names: ReadonlyMap<string, string>): SchemaObject {
  const { properties, required, dependentRequired } = schema;
  const changed: Record<string, unknown> = { ...schema };
  const now = (name: string): string => names.get(name) ?? name;
  if (isObject(properties)) changed["properties"] = byNewName(properties, now);
  if (Array.isArray(required)) changed["required"] = required.map((name) => now(String(name)));
  if (isObject(dependentRequired)) {
    const others = Object.entries(dependentRequired).map(
      ([name, brought]) => [now(name), (brought as string[]).map(now)] as const,
    );
    changed["dependentRequired"] = Object.fromEntries(others);
  }
  for (const keyword of FORMS) {
    const forms = schema[keyword];
    if (Array.isArray(forms)) changed[keyword] = forms.map((form) => (isObject(form) ? renamed(form, names) : form));
  }
  return changed;
}

function byNewName(properties: SchemaObject, now: (name: string) => string): SchemaObject {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [now(name), property]));
}

function isObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
