import { DefinitionError, type DefinitionPlace } from "../../define/definition-error.ts";
import type { GateConfig } from "../../define/gate-config.ts";
import { refuseMissingFields, refuseOddFields } from "../../settings/refuse-odd-fields.ts";
import { refuseOddValues } from "../../settings/refuse-odd-values.ts";
import {
  CALLERS_KINDS,
  GATE_KINDS,
  NEEDED,
  ROLE_KINDS,
  RULE_REASON_KINDS,
  RULE_SEVERITY_KINDS,
  SECTION_KINDS,
  SHARED_KINDS,
} from "./setting-kinds.ts";

type Table = Parameters<typeof refuseMissingFields>[1];

/** Refuses a setting that there is not, one that is missing, and one that holds what it may not: a misspelt `approvals` that is passed over is a policy that is never asked. */
export function refuseOddSettings(config: GateConfig): void {
  refuseIn(config, { kinds: GATE_KINDS, needed: NEEDED.gate }, placeOf(config));
  for (const [setting, given, table] of sectionsOf(config)) {
    if (given !== undefined) refuseIn(given, table, { setting });
  }
  const { limits, callers } = config;
  if (limits?.shared !== undefined)
    refuseOddValues(limits.shared, SHARED_KINDS, { place: { setting: "limits" }, within: "shared." });
  refuseUnknownRole(callers);
}

function refuseIn(given: object, table: Table, place: DefinitionPlace): void {
  refuseOddFields(given, table.kinds, place);
  refuseMissingFields(given, table, place);
}

function placeOf({ name }: GateConfig): DefinitionPlace {
  return typeof name === "string" && name !== "" ? { gate: name } : { setting: "defineGate" };
}

/** Each section after what it stands in. */
function* sectionsOf(config: GateConfig): Generator<readonly [string, object | undefined, Table]> {
  for (const name of namesOf(SECTION_KINDS)) {
    yield [name, config[name], { kinds: SECTION_KINDS[name], needed: name === "catalogue" ? NEEDED.catalogue : [] }];
  }
  const { callers, check = {} } = config;
  for (const name of namesOf(CALLERS_KINDS)) {
    yield [`callers.${name}`, callers[name], { kinds: CALLERS_KINDS[name], needed: NEEDED[name] }];
  }
  for (const [name, role] of Object.entries(callers.roles ?? {})) {
    yield [`callers.roles.${name}`, role, { kinds: ROLE_KINDS, needed: NEEDED.role }];
  }
  yield ["check.rules", check.rules, { kinds: RULE_SEVERITY_KINDS, needed: [] }];
  for (const [name, rules] of Object.entries(check.allow ?? {})) {
    yield [`check.allow.${name}`, rules, { kinds: RULE_REASON_KINDS, needed: [] }];
  }
}

/** Whoever has a role that there is not sees nothing, and no word says why. */
function refuseUnknownRole({ local, roles = {} }: GateConfig["callers"]): void {
  const names = Object.keys(roles);
  if (local?.role === undefined || names.includes(local.role)) return;
  throw new DefinitionError(
    { setting: "callers.local" },
    `there is no role "${local.role}".`,
    names.length > 0 ? `Roles: ${names.join(", ")}.` : "This gate has no roles: give scopes.",
  );
}

function namesOf<Name extends string>(fields: Readonly<Record<Name, object>>): readonly Name[] {
  return Object.keys(fields) as Name[];
}
