import type { CheckedGate } from "../checked-gate.ts";
import type { Found } from "../finding.ts";
import type { ListCost } from "../list-costs.ts";
import { overlapsIn } from "../overlap/overlaps.ts";
import type { RulesOf } from "../rule.ts";

const DEFAULT_TOKENS = 16_000;
const DEFAULT_TOOLS = 40;
const MOST_NAMED = 5;

/** Tokens that a caller's list may cost in this gate. */
export function listBudget({ config }: Pick<CheckedGate, "config">): number {
  return config.check?.listTokens ?? DEFAULT_TOKENS;
}

/** What a caller sees as a whole. */
export const listRules: RulesOf<"list-cost" | "list-length" | "overlap"> = {
  "list-cost": {
    severity: "warning",
    finds: `a caller whose list costs more than \`check.listTokens\`, ${DEFAULT_TOKENS.toLocaleString("en")} tokens unless said otherwise`,
    reason:
      "Every conversation begins by paying for it, and what a model has to read before it chooses, it chooses worse among.",
    cure: "Give the role fewer domains, have clients connect to `/mcp/<domain>`, shorten the dearest tools, or let callers search: `catalogue: { searchAbove: 40 }` (docs/large-catalogues.md).",
    find: (gate) =>
      judged(gate)
        .filter(({ tokens }) => tokens > listBudget(gate))
        .map((list) => tooDear(list, listBudget(gate))),
  },
  "list-length": {
    severity: "warning",
    finds: `a caller who sees more tools than \`check.listTools\`, ${DEFAULT_TOOLS} unless said otherwise`,
    reason: "The more tools there are, the more of them look alike, and the more often a model takes the wrong one.",
    cure: "Give the role fewer domains, have clients connect to `/mcp/<domain>`, or let callers search: `catalogue: { searchAbove: 40 }` (docs/large-catalogues.md).",
    find: (gate) => {
      const most = gate.config.check?.listTools ?? DEFAULT_TOOLS;
      return judged(gate)
        .filter(({ tools }) => tools.length > most)
        .map(({ caller, tools }) => ({
          at: { caller },
          message: `It has ${tools.length} tools on its list; ${most} are meant to be enough.`,
        }));
    },
  },
  overlap: {
    severity: "warning",
    finds: "two tools on one list that are much alike, in name, description and input",
    reason: "Where two tools would do, which one is called is chance, and so is what comes back.",
    cure: "Make them one, with an argument for the difference; or say in both descriptions which is for what; or let no caller see both.",
    find: overlapsIn,
  },
};

/** The lists of callers that there may be. The most that anybody could see is shown beside them, and is nobody's. */
function judged({ lists }: CheckedGate): readonly ListCost[] {
  return lists.filter(({ is }) => is === "declared");
}

function tooDear({ caller, tools, tokens }: ListCost, budget: number): Found {
  const dearest = tools.slice(0, MOST_NAMED).map(({ name, tokens: own }) => `${name} ${own.toLocaleString("en")}`);
  return {
    at: { caller },
    message: `Its list costs about ${tokens.toLocaleString("en")} tokens; ${budget.toLocaleString("en")} are meant to be enough. Dearest: ${dearest.join(", ")}.`,
  };
}
