import { DefinitionError } from "../../define/definition-error.ts";
import type { AnyDomain, SmokeCheck } from "../../define/domain.ts";

/** Refuses a smoke test that shows nothing, or that would do something. */
export function refuseSmoke({ name, options, tools, source }: AnyDomain): void {
  if (options.smoke === undefined) return;
  const checks: unknown = options.smoke.checks;
  const reads = tools.filter(({ effect }) => effect === "read").map((tool) => tool.name);
  if (!Array.isArray(checks) || (checks.length === 0 && reads.length > 0 && source === undefined)) {
    throw new DefinitionError(
      { domain: name },
      "its smoke test calls none of its reads.",
      "Give `smoke.checks` one call at least: { call, with, expect }.",
    );
  }
  // Each was typed as a check.
  const odd = (checks as readonly SmokeCheck[]).find(({ call }) => !reads.includes(call));
  if (odd === undefined) return;
  throw new DefinitionError(
    { domain: name },
    `its smoke test calls "${odd.call}", which is no read of it.`,
    `Its reads: ${reads.join(", ")}.`,
  );
}
