import { fieldWords } from "./field-words.ts";

const LONGEST = 200;

/**
 * What a preview says in one line, for lists: its plain values in their order, without the action, which the tool's name
 * says. What is nested is left to those who open it. Undefined where nothing is left.
 */
export function previewLine(preview: Readonly<Record<string, unknown>>): string | undefined {
  const said = Object.entries(preview).flatMap(([name, value]) => {
    if (name === "action") return [];
    const text = plainText(value);
    return text === undefined ? [] : [`${fieldWords(name)}: ${text}`];
  });
  if (said.length === 0) return undefined;
  const line = said.join(" · ").replaceAll(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? String(value) : undefined;
}
