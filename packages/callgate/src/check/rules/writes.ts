import type { AnyDomain } from "../../define/domain.ts";
import type { CheckedGate, CheckedTool } from "../checked-gate.ts";
import type { Found } from "../finding.ts";
import type { RulesOf } from "../rule.ts";
import { parametersOf } from "../words/parameters-of.ts";

type WriteRule =
  | "write-outcome"
  | "plan-blind"
  | "plan-unstable"
  | "plan-unchecked"
  | "destructive-unapproved"
  | "write-never-on";

/** What changes something. */
export const writeRules: RulesOf<WriteRule> = {
  "write-outcome": {
    severity: "warning",
    isOfServers: true,
    finds: "a write whose outcome cannot be found out after a crash: no `lookup`, and a backend that takes no key",
    reason:
      "If the process ends within `commit`, nobody knows whether it happened: the write stays `unknown` until a person settles it.",
    cure: "Give the key to the backend and say `takesIdempotencyKey: true`, or find the write by its key: `lookup`.",
    cures: {
      upstream:
        "Let people look at the server after a crash and settle the write: `callgate writes resolve`; let it pass with that reason, by `check.allow`.",
      openapi:
        "Name the header by which the API takes keys, `idempotencyHeader`, or the operation that finds a write by its key: `lookup`.",
    },
    find: ({ tools }) =>
      tools
        .filter(leavesUnknown)
        .map((tool) => ({ at: tool.place, message: "After a crash nobody could say whether it happened." })),
  },
  "plan-blind": {
    severity: "note",
    finds: "a write whose `plan` does not look at the backend",
    reason:
      "Its preview says what the caller has said already: it cannot show what would be overwritten, nor refuse what will fail. Judged by the source of `plan`: by what it takes from its context.",
    cure: "Look up what it is about: `plan: async (input, { backend }) => …`.",
    find: ({ tools }) =>
      tools.filter(plansBlind).map((tool) => ({ at: tool.place, message: "Its plan does not look at the backend." })),
  },
  "plan-unstable": {
    severity: "error",
    finds: "a write that is planned otherwise each time, found by planning each example twice (`--plans`)",
    reason:
      "A commit is held to what was previewed and approved: with a plan that never comes out the same, no preview can be kept and every approval is asked for again.",
    cure: 'Take out of the plan what differs, or name it: `volatile: ["quote_id"]`.',
  },
  "plan-unchecked": {
    severity: "note",
    finds: "a write that `--plans` could not try: without an example, or with one that its plan refuses",
    reason: "Whether its plan comes out the same each time is not known.",
    cure: "Give its input an example that can be planned: `z.object({ … }).meta({ examples: [{ … }] })`. Models read it too.",
  },
  "destructive-unapproved": {
    severity: "warning",
    finds: "a destructive or high-impact tool that nobody has to agree to",
    reason: "Such tools ask the owner unless that is switched off; here an agent that errs is stopped by nobody.",
    cure: 'Leave `approval` out, or raise it where it matters: `approval: { level: "none", rules: [{ when: "…", level: "owner" }] }`.',
    find: ({ tools }) => tools.flatMap(unapproved),
  },
  "write-never-on": {
    severity: "warning",
    finds:
      "a write tool that can never be switched on, because its domain has no smoke test that would show what has to be shown",
    reason: "Nobody will ever see it.",
    cure: "Declare `smoke` with a check and `refusesWrites`; see docs/graduation.md.",
    find: neverOn,
  },
};

function leavesUnknown({ domain, served: { declaration } }: CheckedTool): boolean {
  if (declaration.effect === "read") return false;
  return declaration.lookup === undefined && domain.options.backend?.takesIdempotencyKey !== true;
}

const LOOKS = /\b(?:backend|call|fetch)\b/;

function plansBlind({ domain, served: { declaration } }: CheckedTool): boolean {
  if (declaration.effect === "read" || domain.options.backend === undefined) return false;
  const source = declaration.plan.toString();
  const parameters = parametersOf(source);
  if (parameters === undefined || parameters.some((each) => each.startsWith("..."))) return false;
  const [, context] = parameters;
  // A context that is passed on whole may be looked into by whoever gets it.
  if (context !== undefined && (!context.startsWith("{") || context.includes("...") || LOOKS.test(context)))
    return false;
  return !/\barguments\b/.test(source);
}

function unapproved({ place, served: { approval, declaration, effect } }: CheckedTool): readonly Found[] {
  const why =
    effect === "destructive"
      ? "It takes something away"
      : declaration.impact === "high"
        ? "Its impact is high"
        : undefined;
  if (effect === "read" || why === undefined || approval.level !== "none" || approval.rules.length > 0) return [];
  return [{ at: place, message: `${why}, and nobody has to agree.` }];
}

function neverOn({ config, domains, tools }: CheckedGate): readonly Found[] {
  if (config.graduation === "off") return [];
  return domains.flatMap((domain) => {
    const missing = notShown(domain);
    if (missing === undefined) return [];
    const writes = tools.filter((tool) => tool.domain === domain && tool.served.effect !== "read");
    return writes.map(({ place }) => ({
      at: place,
      message: `It can never be switched on: its domain has no ${missing}.`,
    }));
  });
}

function notShown({ options: { backend, smoke } }: AnyDomain): string | undefined {
  if (smoke === undefined) return "smoke test";
  return backend !== undefined && smoke.refusesWrites === undefined ? "`refusesWrites` in its smoke test" : undefined;
}
