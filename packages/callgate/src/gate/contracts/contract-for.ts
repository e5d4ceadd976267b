import { isTeam } from "../../callers/visible.ts";
import type { ToolContract } from "../../contract/tool-contract.ts";
import type { Subject } from "../../define/subject.ts";
import { withoutField } from "../compile/compile-tool.ts";
import type { Menu } from "../served/menus.ts";

/**
 * A tool's contract as one class of subjects may know it: whom else it is for is the team's, as is the argument that the
 * gate fills for known clients; a successor that they do not see is not named.
 */
export function contractFor(whole: ToolContract, subject: Subject, hides: Menu["hides"]): ToolContract {
  const { deprecated, ...contract } = whole;
  const known: ToolContract = {
    ...contract,
    ...(deprecated !== undefined && { deprecated: knownSuccessor(deprecated, hides) }),
  };
  return isTeam(subject) ? known : forOthers(known);
}

type Deprecated = NonNullable<ToolContract["deprecated"]>;

function knownSuccessor({ since, use }: Deprecated, hides: Menu["hides"]): Deprecated {
  return use === undefined || hides(use) ? { since } : { since, use };
}

function forOthers(contract: ToolContract): ToolContract {
  const { scope: _scope, modes: _modes, kinds: _kinds, rollout: _rollout, accountField, input, ...rest } = contract;
  return { ...rest, input: withoutField(input, accountField) };
}
