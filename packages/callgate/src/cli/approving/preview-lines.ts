import { fieldWords } from "../../approvals/field-words.ts";
import { toSeen } from "../printing/visible-text.ts";

/** What would happen, a line a value, each as it stands; what nested values belong to is told by their indent. */
export function previewLines(value: Readonly<Record<string, unknown>>, indent = "  "): readonly string[] {
  return Object.entries(value).flatMap(([name, each]) => labelled(toSeen(fieldWords(name)), each, indent));
}

function labelled(label: string, value: unknown, indent: string): readonly string[] {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${indent}${label}: (none)`];
    return [`${indent}${label}:`, ...value.flatMap((each, at) => labelled(String(at + 1), each, inner))];
  }
  if (typeof value === "object" && value !== null) {
    if (Object.keys(value).length === 0) return [`${indent}${label}: (empty)`];
    return [`${indent}${label}:`, ...previewLines(value as Readonly<Record<string, unknown>>, inner)];
  }
  const [first = "", ...more] = toSeen(toText(value)).split("\n");
  return [`${indent}${label}: ${first}`, ...more.map((line) => `${inner}${line}`)];
}

function toText(value: unknown): string {
  if (value === "") return "(empty)";
  if (value === null || value === undefined) return "(none)";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : JSON.stringify(value);
}
