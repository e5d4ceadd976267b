import type { AnyDomain } from "../../define/domain.ts";
import type { Found } from "../finding.ts";
import type { RulesOf } from "../rule.ts";

const MOST_TOOLS = 7;
const FEWEST_TOOLS = 3;
const FILLER =
  /^(?:\W*|todo\b.*|tbd\b.*|fixme\b.*|xxx+|n\/?a|none|nothing|nobody|unknown|test(?:ing)?|foo|bar|lorem\b.*|owner|purpose|concern|me|us|team|you)\W*$/i;

/** How tools are put together, and who answers for them. */
export const domainRules: RulesOf<"domain-words" | "domain-large" | "domain-small"> = {
  "domain-words": {
    severity: "warning",
    finds: "an owner, purpose or concern that says nothing",
    reason: "At three in the morning somebody has to know whom to wake, and what must not have happened.",
    cure: "Name the team; say in a sentence what the domain is for; say in a sentence what must never happen.",
    find: ({ domains }) => domains.flatMap(filler),
  },
  "domain-large": {
    severity: "warning",
    isOfServers: true,
    finds: `a domain of more than ${MOST_TOOLS} tools`,
    reason:
      "A client that takes the domain's own endpoint takes all of it, and a model among many tools chooses worse.",
    cure: "Split it by subject, or make one tool of several that differ by an argument.",
    find: ({ domains }) =>
      domains
        .filter(({ tools }) => tools.length > MOST_TOOLS)
        .map(({ name, tools }) => ({ at: { domain: name }, message: `It has ${tools.length} tools.` })),
  },
  "domain-small": {
    severity: "note",
    finds: `a domain of fewer than ${FEWEST_TOOLS} tools`,
    reason: "Many small domains are many owners, backends and smoke tests for what one could hold.",
    cure: "Leave it so while it grows, or put it to the domain whose subject it shares.",
    find: (gate) => gate.domains.filter(isSmall).map(small),
  },
};

function isSmall({ tools, resources, prompts }: AnyDomain): boolean {
  return tools.length + resources.length + prompts.length < FEWEST_TOOLS;
}

function small({ name, tools, source }: AnyDomain): Found {
  const nothingYet = source !== undefined && tools.length === 0;
  const message = tools.length === 1 ? "It has 1 tool." : `It has ${tools.length} tools.`;
  return { at: { domain: name }, message: nothingYet ? "Nothing of its server has been accepted yet." : message };
}

function filler({ name, options }: AnyDomain): readonly Found[] {
  const said = { owner: options.owner, purpose: options.purpose, concern: options.concern };
  return Object.entries(said).flatMap(([field, text]) => {
    const words = text.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length;
    const saysNothing = FILLER.test(text.trim()) || (field === "owner" ? text.trim().length < 2 : words < 2);
    return saysNothing ? [{ at: { domain: name }, message: `Its ${field} is ${JSON.stringify(text)}.` }] : [];
  });
}
