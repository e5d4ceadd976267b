import { type CheckRuleId, type CheckSeverity, checkRuleIds } from "../define/check.ts";
import { isOpenApi } from "../upstream/openapi/is-openapi.ts";
import type { CheckedGate } from "./checked-gate.ts";
import type { Allowed, Finding, Found } from "./finding.ts";
import { rules } from "./rules/all-rules.ts";

/** What was found in a gate, and what was found and is meant to be so. */
export interface Judged {
  readonly findings: readonly Finding[];
  readonly allowed: readonly Allowed[];
}

/** What was found by trying rather than by looking. */
export interface Tried extends Found {
  readonly rule: CheckRuleId;
}

const FEWEST_LETTERS = 8;

/** Judges a gate by every rule that its config leaves on; what it allows, with a reason, is no finding. */
export function judgeGate(gate: CheckedGate, tried: readonly Tried[]): Judged {
  const looked = checkRuleIds.flatMap((rule) =>
    [...(rules[rule].find?.(gate) ?? [])].map((found) => ({ ...found, rule })),
  );
  const all = [...looked, ...tried];
  const used = new Set<string>();
  const findings: Finding[] = [];
  const allowed: Allowed[] = [];
  for (const { others = [], ...found } of all) {
    const finding = weigh(gate, found);
    if (finding === undefined) continue;
    const names = [found.at.tool, found.at.domain, ...others].filter((name) => name !== undefined);
    const name = names.find((each) => reasonFor(gate, each, found.rule) !== undefined);
    if (name === undefined) findings.push(finding);
    else {
      used.add(keyOf(name, found.rule));
      allowed.push({ ...finding, because: reasonFor(gate, name, found.rule) ?? "" });
    }
  }
  for (const found of unneeded(gate, { used, tried })) {
    const finding = weigh(gate, { ...found, rule: "allow-unneeded" });
    if (finding !== undefined) findings.push(finding);
  }
  return { findings: inOrder(gate, findings), allowed: inOrder(gate, allowed) };
}

/** As the gate is declared: what is about all of it first, then domain by domain. */
function inOrder<Judged extends Finding>({ domains, tools }: CheckedGate, found: readonly Judged[]): readonly Judged[] {
  const domainRank = new Map(domains.map(({ name }, at) => [name, at]));
  const toolRank = new Map(tools.map(({ name }, at) => [name, at]));
  const rank = (ranks: ReadonlyMap<string, number>, name: string | undefined): number =>
    name === undefined ? -1 : (ranks.get(name) ?? -1);
  return found.toSorted(
    ({ at: one }, { at: other }) =>
      rank(domainRank, one.domain) - rank(domainRank, other.domain) ||
      rank(toolRank, one.tool) - rank(toolRank, other.tool),
  );
}

function weigh(gate: CheckedGate, { rule, at, message, cure, mends }: Tried): Finding | undefined {
  const severity = gate.config.check?.rules?.[rule] ?? severityOf(gate, rule, at);
  if (severity === "off") return undefined;
  return { rule, severity, at, message, cure: cure ?? cureOf(gate, rule, at), ...(mends && { mends }) };
}

/** What to do where the tool is of that kind. */
function cureOf({ domains }: CheckedGate, rule: CheckRuleId, { domain: name }: Tried["at"]): string {
  const { cure, cures } = rules[rule];
  const domain = domains.find((each) => each.name === name);
  if (domain === undefined) return cure;
  if (domain.source !== undefined) return cures?.upstream ?? cure;
  return (isOpenApi(domain) ? cures?.openapi : undefined) ?? cure;
}

/** How grave a rule is where the config says nothing of it. */
function severityOf({ domains }: CheckedGate, rule: CheckRuleId, { domain }: Tried["at"]): CheckSeverity {
  const { severity, isOfServers = false } = rules[rule];
  const isServers = domains.some(({ name, source }) => name === domain && source !== undefined);
  return isOfServers && isServers ? "note" : severity;
}

function reasonFor({ config }: CheckedGate, name: string, rule: CheckRuleId): string | undefined {
  const allow = config.check?.allow;
  if (allow === undefined || !Object.hasOwn(allow, name)) return undefined;
  const because = allow[name]?.[rule];
  return because !== undefined && because.trim().length >= FEWEST_LETTERS ? because : undefined;
}

function unneeded(
  { config, domains, tools }: CheckedGate,
  { used, tried }: { readonly used: ReadonlySet<string>; readonly tried: readonly Tried[] },
): readonly Found[] {
  const names = new Set([...domains, ...tools].map(({ name }) => name));
  return Object.entries(config.check?.allow ?? {}).flatMap(([name, allowed]) => {
    const own = tools.find((tool) => tool.name === name);
    const at = own?.place ?? (names.has(name) ? { domain: name } : {});
    if (!names.has(name)) return [{ at, message: `\`check.allow\` names "${name}", which is no tool and no domain.` }];
    return (Object.keys(allowed) as CheckRuleId[]).flatMap((rule) => {
      if (used.has(keyOf(name, rule))) return [];
      if ((allowed[rule] ?? "").trim().length < FEWEST_LETTERS)
        return [{ at, message: `\`check.allow\` lets "${rule}" pass for "${name}" without a reason.` }];
      // What is found by trying alone is not missing where nothing was tried.
      if (rules[rule].find === undefined && tried.length === 0) return [];
      return [{ at, message: `\`check.allow\` lets "${rule}" pass for "${name}", where it does not occur.` }];
    });
  });
}

function keyOf(name: string, rule: CheckRuleId): string {
  return `${name} ${rule}`;
}
