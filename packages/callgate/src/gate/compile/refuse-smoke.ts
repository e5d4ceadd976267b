import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { AnyDomain, SmokeCheck } from "../../define/domain.ts";
import { aFunction, anObject, type Kinds, text } from "../../settings/kinds.ts";
import { refuseMissingFields, refuseOddFields } from "../../settings/refuse-odd-fields.ts";
import { refuseOddValues } from "../../settings/refuse-odd-values.ts";

const CHECK = anObject('{ call: "find_bookings", with: { property_id: "p1" }, expect: (r) => r.bookings.length > 0 }');
const CHECK_KINDS: Kinds<SmokeCheck> = { call: text, with: anObject("{}"), expect: aFunction };

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
  for (const [at, check] of checks.entries()) refuseOddCheck(check, { domain: name, setting: `smoke.checks[${at}]` });
  // Each was found to be a check.
  const odd = (checks as readonly SmokeCheck[]).find(({ call }) => !reads.includes(call));
  if (odd === undefined) return;
  throw new DefinitionError(
    { domain: name },
    `its smoke test calls "${odd.call}", which is no read of it.`,
    `Its reads: ${reads.join(", ")}.`,
  );
}

/** A misspelt `expect` that is passed over is a proof that any result passes. */
function refuseOddCheck(check: SmokeCheck, place: DefinitionPlace): void {
  refuseOddValues({ check: check ?? null }, { check: CHECK }, { place });
  refuseOddFields(check, CHECK_KINDS, place);
  refuseMissingFields(check, { kinds: CHECK_KINDS, needed: ["call"] }, place);
}
