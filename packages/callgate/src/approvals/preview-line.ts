import { fieldWords } from "./field-words.ts";

const LONGEST = 200;

/**
 * What a preview says in one line, for lists: its plain values in their order, those within objects among them, without
 * the action, which the tool's name says. Lists are left to those who open it. Undefined where nothing is left.
 */
export function previewLine(preview: Readonly<Record<string, unknown>>): string | undefined {
  const { action: _, ...values } = preview;
  const said = plainValues(values);
  if (said.length === 0) return undefined;
  const line = said.join(" · ").replaceAll(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function plainValues(values: object): readonly string[] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return plainValues(value);
    const text = plainText(value);
    return text === undefined ? [] : [`${fieldWords(name)}: ${text}`];
  });
}

function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? String(value) : undefined;
}
