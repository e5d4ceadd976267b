import { checkRuleIds } from "../../define/check.ts";
import type { CallersConfig, GateConfig, Role } from "../../define/gate-config.ts";
import { type Known, refuseUnknownFields } from "./known-fields.ts";

type ObjectsIn<Config> = {
  [Name in keyof Config]-?: NonNullable<Config[Name]> extends object ? Name : never;
}[keyof Config];

/** A new section of the config is one too, unless it is named here as something that a function makes. */
type Section = Exclude<ObjectsIn<GateConfig>, "domains" | "rollout" | "store" | "keyRing">;
type CallersSection = Exclude<ObjectsIn<CallersConfig>, "authenticate" | "roleOf" | "roles">;
type KnownIn<Config, Name extends keyof Config> = { readonly [At in Name]-?: Known<NonNullable<Config[At]>> };

const GATE_FIELDS: Known<GateConfig> = {
  name: true,
  version: true,
  instructions: true,
  domains: true,
  callers: true,
  rollout: true,
  store: true,
  graduation: true,
  keyRing: true,
  reason: true,
  catalogue: true,
  limits: true,
  tasks: true,
  approvals: true,
  audit: true,
  server: true,
  check: true,
  keepWritesHours: true,
};

const SECTION_FIELDS: KnownIn<GateConfig, Section> = {
  callers: { authenticate: true, roleOf: true, roles: true, clients: true, anonymous: true, local: true },
  catalogue: { searchAbove: true, pinned: true, kinds: true, roles: true },
  limits: { rate: true, inFlight: true, guesses: true, shared: true },
  tasks: { atOnce: true, mostOpen: true, mostOpenPerSubject: true },
  approvals: { policy: true, expiresMinutes: true, notify: true },
  audit: { maskFields: true, maskPatterns: true, maxPayloadBytes: true },
  server: { publicUrl: true, allowedOrigins: true, allowedHosts: true, maxBodyBytes: true, drainDelayMs: true },
  check: { rules: true, allow: true, listTokens: true, listTools: true, likeness: true },
};

const CALLERS_FIELDS: KnownIn<CallersConfig, CallersSection> = {
  clients: { mode: true, scopes: true, accountOf: true },
  anonymous: { mode: true, scopes: true },
  local: {
    kind: true,
    user: true,
    agent: true,
    tenant: true,
    role: true,
    scopes: true,
    domains: true,
    attributes: true,
  },
};

const ROLE_FIELDS: Known<Role> = { modes: true, scopes: true, domains: true };

const CHECK_RULES: Readonly<Record<string, true>> = Object.fromEntries(checkRuleIds.map((id) => [id, true]));

/** A misspelt `approvals` that is passed over is a policy that is never asked. */
export function refuseUnknownSettings(config: GateConfig): void {
  refuseUnknownFields(config, GATE_FIELDS, { gate: config.name });
  for (const name of namesOf(SECTION_FIELDS)) refuseIn(name, config[name], SECTION_FIELDS[name]);
  const { callers } = config;
  for (const name of namesOf(CALLERS_FIELDS)) refuseIn(`callers.${name}`, callers[name], CALLERS_FIELDS[name]);
  for (const [setting, said] of rulesNamedIn(config)) refuseIn(setting, said, CHECK_RULES);
  for (const [name, role] of Object.entries(callers.roles ?? {})) refuseIn(`callers.roles.${name}`, role, ROLE_FIELDS);
}

/** Where the config names rules of `callgate check`. */
function rulesNamedIn({ check = {} }: GateConfig): readonly (readonly [string, object | undefined])[] {
  const allowed = Object.entries(check.allow ?? {}).map(([name, rules]) => [`check.allow.${name}`, rules] as const);
  return [["check.rules", check.rules], ...allowed];
}

function refuseIn(setting: string, said: object | undefined, known: Readonly<object>): void {
  if (said !== undefined) refuseUnknownFields(said, known, { setting });
}

function namesOf<Name extends string>(fields: Readonly<Record<Name, object>>): readonly Name[] {
  return Object.keys(fields) as Name[];
}
