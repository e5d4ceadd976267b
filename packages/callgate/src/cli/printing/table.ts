import { toVisibleLine } from "./visible-text.ts";

/** Rows as a table with a head, a line each, columns as wide as they must be; `(none)` where there are no rows. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "(none)";
  const lines = [head.map((title) => title.toUpperCase()), ...rows.map((row) => row.map(toVisibleLine))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A time for people: to the second, in UTC as recorded. */
export function shortTime(iso: string | undefined): string {
  return iso === undefined ? "" : iso.slice(0, 19).replace("T", " ");
}

/** One line of a text, cut where it is longer. */
export function shortText(text: string | undefined, most: number): string {
  const line = (text ?? "").replaceAll(/\s+/g, " ");
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
