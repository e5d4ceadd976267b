import type { Snapshot, ToolContract } from "../../contract/tool-contract.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { localLimiters } from "../../limits/local-limiters.ts";
import { createRegistry } from "./registry.ts";
import type { ServedTool } from "./served.ts";

/** The contracts of all tools that a config declares; whatever cannot work throws `DefinitionError`. Nothing is opened or started. */
export function snapshotOf(config: GateConfig): Snapshot {
  const clock = Date.now;
  const { tools } = createRegistry(config, config.domains, { clock, limiters: localLimiters(clock) });
  const contracts = tools.map(toContract);
  return {
    callgate: 1,
    gate: config.name,
    tools: contracts.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
  };
}

/** What a tool demands and promises, in the words of its author. */
export function toContract(tool: ServedTool): ToolContract {
  const { declaration, own, name, effect, title, description, scope, modes, kinds, timeoutMs, accountField } = tool;
  const { rollout, deprecated, renamed, version = 1 } = declaration;
  return {
    name,
    domain: tool.domain.name,
    version,
    effect,
    ...(title !== undefined && { title }),
    description,
    ...(scope !== undefined && { scope }),
    ...(modes !== undefined && { modes }),
    ...(kinds !== undefined && { kinds }),
    ...(rollout !== undefined && { rollout }),
    timeoutMs,
    approval: tool.approval.level,
    longRunning: tool.long !== undefined,
    ...(accountField !== undefined && { accountField }),
    ...(renamed !== undefined && { renamed }),
    ...(deprecated !== undefined && { deprecated }),
    input: own.input,
    ...(own.output !== undefined && { output: own.output }),
    ...(Object.keys(own.include).length > 0 && { include: own.include }),
  };
}
