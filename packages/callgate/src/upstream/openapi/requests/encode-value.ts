import { unsayable } from "./unsayable.ts";

/** A value taken apart, as styles write it: one text, a list of texts, or texts by name. */
export type Flat =
  | { readonly kind: "one"; readonly text: string }
  | { readonly kind: "list"; readonly texts: readonly string[] }
  | { readonly kind: "fields"; readonly fields: readonly (readonly [name: string, text: string])[] };

/** Texts of a value that styles can write; what lies deeper than one level has no form there. */
export function flatten(name: string, value: unknown): Flat {
  if (Array.isArray(value)) return { kind: "list", texts: value.map((item) => textOf(name, item)) };
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([, item]) => item !== undefined);
    return { kind: "fields", fields: fields.map(([field, item]) => [field, textOf(name, item)] as const) };
  }
  return { kind: "one", text: textOf(name, value) };
}

export function textOf(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw unsayable(name, value === null ? "null cannot be said here" : "a value within a value cannot be said here");
}

/** Percent-encoding of everything but RFC 3986's unreserved characters. */
export function percent(name: string, text: string): string {
  if (!text.isWellFormed()) throw unsayable(name, "it is no well-formed Unicode");
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, hex);
}

/** The same, but what may stand in a query and parts nothing in it stays as it is (`allowReserved`). */
export function percentReserved(name: string, text: string): string {
  return percent(name, text).replaceAll(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C)/g, (escape) =>
    decodeURIComponent(escape),
  );
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Refuses texts in which a separator could be taken for one of the style's own. */
export function refuseSeparator(name: string, texts: readonly string[], separator: string): void {
  if (texts.some((text) => text.includes(separator))) {
    throw unsayable(name, `it may not contain ${JSON.stringify(separator)}, which separates values here`);
  }
}
