/** JSON for people: indented. */
export function printedJson(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? "null";
}
