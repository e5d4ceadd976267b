import { closestTo } from "../define/closest.ts";
import type { CallLog } from "../define/context.ts";
import { DefinitionError } from "../define/definition-error.ts";
import { matches } from "./serve/effect-of.ts";
import type { UpstreamRules } from "./upstream-options.ts";

interface Naming {
  readonly upstream: string;
  readonly options: UpstreamRules;
  /** Tools of the server that were too suspicious to be accepted by themselves. */
  readonly left: readonly string[];
  /** What accepts a tool that is new. */
  readonly command: string;
  readonly log: CallLog;
}

/**
 * A rule for a tool that nobody has is a rule that some other tool goes without, and a read that nobody has leaves some
 * other tool a write: refused by name. Of a pattern that takes in nothing it is only told, for it may be of what comes.
 */
export function refuseUnknownTools(accepted: readonly string[], naming: Naming): void {
  const { upstream, options, left, command, log } = naming;
  const { tools = {}, reads = [] } = options;
  const known = new Set([...accepted, ...left]);
  const patterns = reads.filter((read) => read.includes("*"));
  const named = [...Object.keys(tools), ...reads.filter((read) => !patterns.includes(read))];
  const unknown = named.find((name) => !known.has(name));
  if (unknown !== undefined) {
    const near = closestTo(unknown, accepted);
    const cure = near === undefined ? `Take it out of the config; if it is new: ${command}` : `Did you mean "${near}"?`;
    throw new DefinitionError({ domain: upstream, tool: unknown }, "nobody has accepted a tool of this name.", cure);
  }
  const idle = patterns.filter((pattern) => known.size > 0 && ![...known].some((name) => matches(pattern, name)));
  if (idle.length > 0)
    log.warn("patterns in `reads` of an upstream take in no tool: what they were meant for is a write", {
      upstream,
      patterns: idle,
      tools: accepted,
    });
}
