import type { AnyDomain } from "../define/domain.ts";
import type { GateConfig } from "../define/gate-config.ts";
import { type JsonSchemaObject, toJsonSchema } from "../gate/compile/json-schema.ts";
import type { Registry } from "../gate/served/registry.ts";
import type { ServedTool } from "../gate/served/served.ts";
import { type CallerClass, callerClasses } from "./caller-classes.ts";
import type { Place } from "./finding.ts";
import { type InputValue, inputValues } from "./input-values.ts";
import { type ListCost, listCosts } from "./list-costs.ts";

/** A tool that the team has declared, as rules look at it. */
export interface CheckedTool {
  readonly name: string;
  readonly domain: AnyDomain;
  readonly served: ServedTool;
  /** The author's own schema, before the gate adds its fields. */
  readonly input: JsonSchemaObject;
  /** Every value within that schema. */
  readonly values: readonly InputValue[];
  readonly place: Place;
}

/** A gate as rules look at it: what the team has declared of it, and what its callers see. */
export interface CheckedGate {
  readonly config: GateConfig;
  readonly domains: readonly AnyDomain[];
  readonly tools: readonly CheckedTool[];
  readonly callers: readonly CallerClass[];
  readonly lists: readonly ListCost[];
}

/**
 * Takes a gate's definition apart. The registry is that of the config's own domains, or of a gate that was opened, with
 * the gate's own tools: these are no team's to mend, but they are on the lists.
 */
export function lookAt(config: GateConfig, registry: Registry): CheckedGate {
  const callers = callerClasses(config, registry);
  const tools = config.domains.flatMap((domain) =>
    registry.tools
      .filter(({ domain: { name } }) => name === domain.name)
      .map((served): CheckedTool => {
        const place = { domain: domain.name, tool: served.name };
        const input = toJsonSchema(served.declaration.input, "input", place);
        return { name: served.name, domain, served, input, values: inputValues(input), place };
      }),
  );
  return { config, domains: config.domains, tools, callers, lists: listCosts(callers, registry) };
}
