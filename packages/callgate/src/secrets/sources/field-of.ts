/** Splits `name#field`. */
export function splitField(name: string): readonly [name: string, field: string | undefined] {
  const at = name.lastIndexOf("#");
  return at === -1 ? [name, undefined] : [name.slice(0, at), name.slice(at + 1)];
}

/** A secret, or a field of it where it is JSON. */
export function fieldOf(text: string | undefined, field: string | undefined): string | undefined {
  if (field === undefined || text === undefined) return text;
  return toText(membersOf(text)[field]);
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // The parser's own words would quote the secret.
  }
  throw new Error("it has no fields: it is not the text of a JSON object");
}

/** Numbers and the like as they are written; anything larger as JSON. */
export function toText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
