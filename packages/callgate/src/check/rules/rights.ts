import { covers, sees } from "../../callers/visible.ts";
import { demandsOf } from "../../gate/served/served.ts";
import type { CheckedGate, CheckedTool } from "../checked-gate.ts";
import type { Found } from "../finding.ts";
import type { RulesOf } from "../rule.ts";
import { didYouMean } from "./tool-words.ts";

const MOST_MS = 55_000;

/** Who can call what, for how long, and what instead. */
export const callRules: RulesOf<"timeout-long" | "deprecated-successor" | "scope-ungranted" | "tool-unseen"> = {
  "timeout-long": {
    severity: "warning",
    finds: `a tool that may take longer than ${MOST_MS / 1_000} seconds and is no long work`,
    reason:
      "Most clients give up after a minute. The call goes on, its answer reaches nobody, and the model calls again.",
    cure: "Declare `longRunning`: the work becomes a task that outlives its call.",
    find: ({ tools }) =>
      tools
        .filter(({ served }) => served.long === undefined && served.timeoutMs > MOST_MS)
        .map(({ place, served }) => ({ at: place, message: `It may take ${served.timeoutMs / 1_000} seconds.` })),
  },
  "deprecated-successor": {
    severity: "error",
    finds: "a deprecated tool whose successor is not there, or is deprecated itself",
    reason: "Each of its answers sends the model to a tool that it cannot call.",
    cure: "Name in `deprecated.use` the tool to call instead.",
    find: (gate) => gate.tools.flatMap((tool) => successor(tool, gate)),
  },
  "scope-ungranted": {
    severity: "warning",
    finds: "a scope that no role, no known client and no stranger is given",
    reason: "The tools behind it are there for nobody: a scope is misspelt on one side or the other.",
    cure: "Give it to a role, or correct it. Where keys alone carry scopes, and there are no roles, this cannot be told.",
    find: ungranted,
  },
  "tool-unseen": {
    severity: "warning",
    finds: "a tool that no caller the config lets in can see, with every flag on",
    reason: "It is tested, paid for and looked after, and there for nobody.",
    cure: "Look at its `modes`, `kinds` and `scope`, and at those of the roles.",
    find: unseen,
  },
};

function successor({ place, served: { declaration } }: CheckedTool, gate: CheckedGate): readonly Found[] {
  const use = declaration.deprecated?.use;
  if (use === undefined) return [];
  const found = gate.tools.find(({ name }) => name === use);
  if (found === undefined)
    return [{ at: place, message: `There is no tool "${use}" to use instead.${didYouMean(use, gate)}` }];
  const again = found.served.declaration.deprecated;
  return again === undefined
    ? []
    : [{ at: place, message: `"${use}", to use instead, is deprecated too: in favour of "${again.use}".` }];
}

function isUngranted({ config: { callers } }: CheckedGate, { served: { scope } }: CheckedTool): boolean {
  if (scope === undefined || (callers.roles === undefined && callers.roleOf === undefined)) return false;
  const { roles = {}, clients, anonymous } = callers;
  const everything = ["*"];
  const granted = [
    ...Object.values(roles).map(({ scopes }) => scopes),
    ...(clients === undefined ? [] : [clients.scopes ?? everything]),
    ...(anonymous === undefined ? [] : [anonymous.scopes ?? everything]),
  ];
  return !granted.some((scopes) => covers(scopes, scope));
}

function ungranted(gate: CheckedGate): readonly Found[] {
  return gate.tools
    .filter((tool) => isUngranted(gate, tool))
    .map(({ place, served }) => ({ at: place, message: `Nobody is given its scope "${served.scope ?? ""}".` }));
}

function unseen(gate: CheckedGate): readonly Found[] {
  const callers = gate.callers.filter(({ is }) => is !== "imagined");
  return gate.tools
    .filter((tool) => !isUngranted(gate, tool))
    .filter(({ served }) => !callers.some(({ subject }) => sees(subject, demandsOf(served))))
    .map(({ place }) => ({ at: place, message: "No caller that the config lets in can see it." }));
}
