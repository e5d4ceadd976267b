import { CALLERS } from "../settings/tool-kinds.ts";
import type { Verdict } from "./change.ts";
import type { SchemaChange } from "./schema-change.ts";
import type { ToolContract } from "./tool-contract.ts";

interface Pair {
  readonly before: ToolContract;
  readonly after: ToolContract;
}
type Rule = (pair: Pair) => readonly SchemaChange[];

function told(field: keyof ToolContract, verdict: Verdict, message: string): SchemaChange {
  return { verdict, rule: `tool.${field}`, pointer: `/${field}`, message, fields: [] };
}

/** A value of an order in which each demands more than the one before. */
function ranked(field: "effect" | "approval", order: readonly string[], words: string): Rule {
  return ({ before: { [field]: was }, after: { [field]: is } }) => {
    if (was === is) return [];
    const grows = order.indexOf(is) > order.indexOf(was);
    return [told(field, grows ? "breaking" : "additive", `${words} is "${is}" now; it was "${was}".`)];
  };
}

/** Something that a caller must have to see the tool. */
function needed(field: "scope" | "rollout", words: string): Rule {
  return ({ before: { [field]: was }, after: { [field]: is } }) => {
    if (was === is) return [];
    if (is === undefined) return [told(field, "additive", `It needs no ${words} any more; it needed "${was}".`)];
    const before = was === undefined ? "" : `; it needed "${was}"`;
    return [told(field, "breaking", `It needs the ${words} "${is}" now${before}.`)];
  };
}

/** Those who see the tool, of whom none may be left out; `unlessSaid` are those who see it where nothing is said. */
function among(field: "modes" | "kinds", unlessSaid: readonly string[]): Rule {
  return ({ before, after }) => {
    const [was, is] = [before[field] ?? unlessSaid, after[field] ?? unlessSaid];
    const lost = was.filter((each) => !is.includes(each));
    const won = is.filter((each) => !was.includes(each));
    if (lost.length > 0) return [told(field, "breaking", `Its ${field} leave out ${lost.join(", ")} now.`)];
    return won.length > 0 ? [told(field, "additive", `Its ${field} take in ${won.join(", ")} now.`)] : [];
  };
}

function words(field: "title" | "description"): Rule {
  return ({ before, after }) =>
    before[field] === after[field] ? [] : [told(field, "wording", `It has another ${field}.`)];
}

const rules: readonly Rule[] = [
  ({ before, after }) =>
    before.version === after.version
      ? []
      : [told("version", "additive", `Its version is ${after.version} now; it was ${before.version}.`)],
  ({ before, after }) =>
    before.domain === after.domain
      ? []
      : [
          told(
            "domain",
            "breaking",
            `It is at the endpoint of "${after.domain}" now; it was at that of "${before.domain}".`,
          ),
        ],
  ranked("effect", ["read", "write", "destructive"], "Its effect"),
  ranked("approval", ["none", "client", "owner", "operator", "two"], "The approval that it demands"),
  needed("scope", "scope"),
  needed("rollout", "flag"),
  among("modes", ["teammates and agents"]),
  among("kinds", CALLERS),
  ({ before: { timeoutMs: was }, after: { timeoutMs: is } }) =>
    was === is
      ? []
      : [told("timeoutMs", is < was ? "breaking" : "additive", `Its deadline is ${is} ms now; it was ${was} ms.`)],
  ({ before, after }) =>
    before.longRunning === after.longRunning
      ? []
      : [
          told(
            "longRunning",
            "breaking",
            after.longRunning ? "It may answer with a task now." : "It gives no tasks any more.",
          ),
        ],
  ({ before, after }) =>
    before.accountField === after.accountField
      ? []
      : [
          told(
            "accountField",
            "breaking",
            `The account of a known client goes into ${after.accountField ?? "no argument"} now.`,
          ),
        ],
  ({ before, after }) => {
    const kept = new Set([after.name, ...(after.renamed?.from ?? [])]);
    const lost = (before.renamed?.from ?? []).filter((name) => !kept.has(name));
    return lost.length === 0 ? [] : [told("renamed", "breaking", `It no longer answers to ${lost.join(", ")}.`)];
  },
  ({ before, after }) => {
    const now = after.renamed?.fields ?? {};
    const lost = Object.keys(before.renamed?.fields ?? {}).filter((name) => !Object.hasOwn(now, name));
    const message = `It no longer takes ${lost.join(", ")} for what is called otherwise now.`;
    return lost.length === 0 ? [] : [{ ...told("renamed", "breaking", message), fields: lost }];
  },
  ({ before, after }) => {
    const won = (after.renamed?.from ?? []).filter((name) => !before.renamed?.from?.includes(name));
    return won.length === 0 ? [] : [told("renamed", "additive", `It answers to ${won.join(", ")} too.`)];
  },
  ({ before, after }) => {
    const was = before.renamed?.fields ?? {};
    const won = Object.entries(after.renamed?.fields ?? {}).filter(([name]) => !Object.hasOwn(was, name));
    const message = `It takes ${won.map(([name, now]) => `\`${name}\` for \`${now}\``).join(", ")}.`;
    return won.length === 0 ? [] : [told("renamed", "additive", message)];
  },
  words("title"),
  words("description"),
  ({ before, after }) =>
    JSON.stringify(before.deprecated) === JSON.stringify(after.deprecated)
      ? []
      : [told("deprecated", "wording", deprecatedWords(after))],
];

function deprecatedWords({ deprecated }: ToolContract): string {
  if (deprecated === undefined) return "It is no longer deprecated.";
  const { since, use } = deprecated;
  return `It is deprecated since ${since}${use === undefined ? "" : `: use ${use}`}.`;
}

/** What the change of a tool's rules means to callers who could use it as it was. */
export function compareRules(before: ToolContract, after: ToolContract): readonly SchemaChange[] {
  return rules.flatMap((rule) => rule({ before, after }));
}
