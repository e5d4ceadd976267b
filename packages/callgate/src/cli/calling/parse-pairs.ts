import { closestTo } from "../../define/closest.ts";
import { CliError } from "../cli-error.ts";
import { type ArgumentSchema, argumentsOf, typesOf } from "./argument-types.ts";

export interface ToolInput {
  readonly name: string;
  readonly inputSchema: ArgumentSchema;
}

/** `key=value` words as a tool's arguments, each value read as its schema says. A repeated key makes a list. */
export function parsePairs(tool: ToolInput, words: readonly string[]): Record<string, unknown> {
  const known = argumentsOf(tool.inputSchema);
  const given = new Map<string, string[]>();
  for (const word of words) {
    const cut = word.indexOf("=");
    if (cut < 1) {
      throw new CliError("usage", `"${word}" is not key=value.`, {
        next: `Arguments of ${tool.name}: ${[...known.keys()].join(", ")}.`,
      });
    }
    const key = word.slice(0, cut);
    given.set(key, [...(given.get(key) ?? []), word.slice(cut + 1)]);
  }
  const parsed = [...given].map(([key, texts]) => {
    const schema = known.get(key);
    if (schema === undefined && known.size > 0) throw unknownArgument(tool.name, key, [...known.keys()]);
    return [key, parseValue(key, texts, schema ?? {})] as const;
  });
  return Object.fromEntries(parsed);
}

function parseValue(key: string, texts: readonly string[], schema: ArgumentSchema): unknown {
  const types = typesOf(schema);
  const [first = ""] = texts;
  if (types.has("array") && !first.startsWith("[")) return parseItems(key, texts, schema);
  if (texts.length > 1) throw new CliError("usage", `${key} is given ${texts.length} times, and takes one value.`);
  return parseOne(key, first, types);
}

/** A list is given as JSON, by repeating its key, or with commas between its items. */
function parseItems(key: string, texts: readonly string[], schema: ArgumentSchema): unknown[] {
  const itemTypes = typesOf((schema["items"] ?? {}) as ArgumentSchema);
  const items = texts.length === 1 ? (texts[0] ?? "").split(",").map((item) => item.trim()) : texts;
  return items.filter((item) => item !== "").map((item) => parseOne(key, item, itemTypes));
}

function parseOne(key: string, text: string, types: ReadonlySet<string>): unknown {
  // A text that looks like a number stays a text where the tool wants a text.
  if (types.has("string") && types.size === 1) return text;
  const value = parseJson(text);
  if (value !== undefined && (types.size === 0 || isOf(value, types))) return value;
  if (types.has("string") || types.size === 0) return text;
  throw new CliError("usage", `${key} must be ${[...types].join(" or ")}; "${text}" is not.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isOf(value: unknown, types: ReadonlySet<string>): boolean {
  if (value === null) return types.has("null");
  if (Array.isArray(value)) return types.has("array");
  if (typeof value === "number") return types.has("number") || (types.has("integer") && Number.isInteger(value));
  return types.has(typeof value);
}

function unknownArgument(tool: string, key: string, known: readonly string[]): CliError {
  const near = closestTo(key, known);
  const next = near === undefined ? `Its arguments: ${known.join(", ")}.` : `Did you mean ${near}?`;
  return new CliError("usage", `${tool} has no argument ${key}.`, { next });
}
