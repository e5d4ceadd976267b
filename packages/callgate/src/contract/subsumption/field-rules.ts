import type { Conjunction } from "./conjunction.ts";
import { ownMember } from "./own-member.ts";
import { type SchemaNode, type SchemaObject, takesNothing } from "./schema-document.ts";

/** Keywords by which a schema could speak of fields elsewhere than in its own properties. */
const ELSEWHERE = ["anyOf", "oneOf", "if", "dependentSchemas", "$ref", "$dynamicRef"];

function namesIn({ schema }: SchemaNode, keyword: string): readonly string[] {
  const held = schema[keyword];
  return typeof held === "object" && held !== null ? Object.keys(held) : [];
}

/** The names that a schema has properties for. */
export function propertyNames(node: SchemaNode): readonly string[] {
  return namesIn(node, "properties");
}

/** Whether a schema has a property of this name. */
function namesField({ schema: { properties } }: SchemaNode, name: string): boolean {
  return typeof properties === "object" && properties !== null && Object.hasOwn(properties, name);
}

/** The patterns that a schema has properties for. */
export function propertyPatterns(node: SchemaNode): readonly string[] {
  return namesIn(node, "patternProperties");
}

/** What holds for fields that are not named: `unevaluatedProperties` is the same where nothing else could name them. */
export function othersOf(node: SchemaNode): SchemaNode | undefined {
  if (Object.hasOwn(node.schema, "additionalProperties")) return node.document.child(node, "additionalProperties");
  if (!Object.hasOwn(node.schema, "unevaluatedProperties") || speaksElsewhere(node)) return undefined;
  return node.document.child(node, "unevaluatedProperties");
}

/** Whether fields may be spoken of by other schemas that hold for the same value. */
export function speaksElsewhere({ schema }: SchemaNode): boolean {
  return Object.hasOwn(schema, "allOf") || ELSEWHERE.some((keyword) => Object.hasOwn(schema, keyword));
}

/** What surely holds for the field of this name. */
export function fieldOf(narrow: Conjunction, name: string): Conjunction {
  return narrow.flatMap((node) => {
    const { document } = node;
    const own = namesField(node, name) ? [document.child(node, "properties", name)] : [];
    const patterns = propertyPatterns(node);
    const fitting = patterns.filter((pattern) => document.patterns.matches(pattern, name) === true);
    const held = [...own, ...fitting.map((pattern) => document.child(node, "patternProperties", pattern))];
    if (held.length > 0 || patterns.some((pattern) => document.patterns.matches(pattern, name) === undefined))
      return held;
    const others = othersOf(node);
    return others === undefined ? [] : [others];
  });
}

/** Whether any of the schemas says something of the field of this name, or could; those that name no field at all mean any. */
export function speaksOf(narrow: Conjunction, name: string): boolean {
  if (!narrow.some(({ schema }) => Object.hasOwn(schema, "properties"))) return true;
  return narrow.some(
    (node) =>
      namesField(node, name) ||
      propertyPatterns(node).length > 0 ||
      othersOf(node) !== undefined ||
      Object.hasOwn(node.schema, "unevaluatedProperties") ||
      Object.hasOwn(node.schema, "not") ||
      ELSEWHERE.some((keyword) => Object.hasOwn(node.schema, keyword) && !isFollowed(node, keyword)),
  );
}

/** What a reference leads to is among the schemas that are asked. */
function isFollowed(node: SchemaNode, keyword: string): boolean {
  return keyword === "$ref" && node.document.resolve(node) !== undefined;
}

/**
 * What surely holds for a field whose name is among no properties.
 *
 * @param fits The pattern that the name matches; undefined: any name that no pattern in `apart` matches.
 */
export function unnamedField(
  narrow: Conjunction,
  { fits, apart = [] }: { readonly fits?: string; readonly apart?: readonly string[] },
): Conjunction {
  return narrow.flatMap((node) => {
    const { document } = node;
    const patterns = propertyPatterns(node);
    if (fits !== undefined && patterns.includes(fits)) return [document.child(node, "patternProperties", fits)];
    const possible = patterns.filter((pattern) => !apart.includes(pattern));
    const others = othersOf(node);
    if (possible.length === 0) return others === undefined ? [] : [others];
    if (others === undefined) return [];
    const held = possible.map((pattern) => document.child(node, "patternProperties", pattern).schema);
    return [document.made(node, `some of ${possible.join(" ")} or others`, { anyOf: [...held, others.schema] })];
  });
}

/** Whether the field of this name can never be there. */
export function isForbidden(narrow: Conjunction, name: string): boolean {
  return fieldOf(narrow, name).some(takesNothing);
}

/** The fields that must be there. */
export function requiredNames(narrow: Conjunction): ReadonlySet<string> {
  const all = narrow.flatMap(({ schema }) => (schema["required"] as readonly string[] | undefined) ?? []);
  const required = new Set(all);
  for (const name of required)
    for (const { schema } of narrow) for (const other of namesBroughtBy(schema, name)) required.add(other);
  return required;
}

/** The fields that the one of this name brings along. */
export function namesBroughtBy({ dependentRequired }: SchemaObject, name: string): readonly string[] {
  return ownMember(dependentRequired as Readonly<Record<string, readonly string[]>> | undefined, name) ?? [];
}

/** How many fields there can be at most, where other names than these are not taken. */
export function mostFields(narrow: Conjunction): number {
  const closed = narrow.filter((node) => {
    const others = othersOf(node);
    return others !== undefined && takesNothing(others) && propertyPatterns(node).length === 0;
  });
  return Math.min(Infinity, ...closed.map((node) => propertyNames(node).length));
}
