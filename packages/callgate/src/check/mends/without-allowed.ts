import { escapePattern } from "../../define/escape-pattern.ts";
import type { Mend } from "../finding.ts";

type Reasons = Readonly<Record<string, string | undefined>>;

/** Takes a rule and its reason out of `check.allow`; where it is the only one, with the name that it was allowed for. */
export function withoutAllowed(name: string, reasons: Reasons, rule: string): Mend {
  const allowed = `${key(rule)}["'\`]${escapePattern(reasons[rule] ?? "")}["'\`]`;
  const isAlone = Object.keys(reasons).length === 1;
  const member = isAlone ? `${key(name)}\\{\\s*${allowed}\\s*,?\\s*\\}` : allowed;
  const lines = `(?<=\\n)[ \\t]*${member},?[ \\t]*\\r?\\n`;
  return { find: new RegExp(`${lines}|${member},?[ \\t]*`, "gu"), put: "" };
}

function key(name: string): string {
  return `(?<![\\w-])["'\`]?${escapePattern(name)}["'\`]?\\s*:\\s*`;
}
