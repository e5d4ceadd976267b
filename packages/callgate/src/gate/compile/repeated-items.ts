import { takeSteps } from "./bounded-steps.ts";

/** What it takes to look for an item among those before it. */
const ITEM = 64;
/** What it takes to write a character of an item and to find it again. */
const CHARACTER = 48;

/** The last item of a list that equals one before it, and the last that it equals; undefined where no two are equal. */
export function repeatedItems(
  items: readonly unknown[],
): { readonly later: number; readonly earlier: number } | undefined {
  if (items.length < 2) return undefined;
  takeSteps(ITEM * items.length);
  let repeated: { later: number; earlier: number } | undefined;
  const scalars = new Map<unknown, number>();
  const texts = new Map<string, number>();
  for (let later = 0; later < items.length; later += 1) {
    const item = items[later];
    const isScalar = typeof item !== "object" || item === null;
    const key = isScalar ? item : countedText(item);
    const seen: Map<unknown, number> = isScalar ? scalars : texts;
    const earlier = seen.get(key);
    if (earlier !== undefined) repeated = { later, earlier };
    seen.set(key, later);
  }
  return repeated;
}

function countedText(item: object): string {
  const text = textOf(item);
  takeSteps(CHARACTER * text.length);
  return text;
}

/** The same for values that JSON Schema calls equal, and for no others. Canonical JSON throws for some that a tool may give. */
function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if ("toJSON" in value && typeof value.toJSON === "function") return textOf(value.toJSON());
  let text = "{";
  for (const name of Object.keys(value).toSorted()) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) text += `${JSON.stringify(name)}:${textOf(member)},`;
  }
  return `${text}}`;
}
