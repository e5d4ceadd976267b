/** Keywords that no value is refused by, or that only speak together with another one. */
const SILENT: ReadonlySet<string> = new Set([
  "title",
  "description",
  "examples",
  "$comment",
  "deprecated",
  "readOnly",
  "writeOnly",
  "default",
  "$schema",
  "$id",
  "$defs",
  "definitions",
  "then",
  "else",
  "minContains",
  "maxContains",
]);

/** Whether a keyword refuses no value by itself. */
export function isSilent(keyword: string): boolean {
  return SILENT.has(keyword);
}
