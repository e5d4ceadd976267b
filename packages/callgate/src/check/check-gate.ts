import type { GateConfig } from "../define/gate-config.ts";
import type { CheckReport } from "./check-report.ts";
import { lookAt } from "./checked-gate.ts";
import { judgeGate } from "./judge-gate.ts";
import { withOpened } from "./open-definition.ts";
import { tryPlans } from "./plans/try-plans.ts";
import { listBudget } from "./rules/lists.ts";

/**
 * Judges a gate by its definition; with `plans` also by trying, on its real backends. Throws `DefinitionError` where it
 * could not be opened at all, and `BootError` where a backend that is tried does not come up.
 */
export async function checkGate(config: GateConfig, { plans }: { readonly plans: boolean }): Promise<CheckReport> {
  // A gate that has been closed still says what it served; what its backends are is in the config.
  const gate = await withOpened(config, ({ registry }) => lookAt(config, registry));
  const tried = plans ? await tryPlans(config, gate) : undefined;
  const judged = judgeGate(gate, tried?.tried ?? []);
  return { gate: config.name, ...judged, lists: gate.lists, budget: listBudget(gate), plans: tried?.plans };
}
