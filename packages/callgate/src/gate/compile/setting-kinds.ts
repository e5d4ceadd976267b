import { expiryMinutes } from "../../approvals/to-approval-rules.ts";
import { type CheckSeverity, checkRuleIds } from "../../define/check.ts";
import type { CallersConfig, GateConfig, Role } from "../../define/gate-config.ts";
import type { RedisDeclaration } from "../../define/redis.ts";
import {
  aFunction,
  anObject,
  either,
  type Kind,
  type Kinds,
  listOf,
  objectWith,
  oneOf,
  rate,
  recordOf,
  text,
  texts,
  timeout,
  wholeNumber,
  words,
} from "../../settings/kinds.ts";
import { callerKinds, modes, scopes } from "../../settings/tool-kinds.ts";

type ObjectsIn<Config> = {
  [Name in keyof Config]-?: NonNullable<Config[Name]> extends object ? Name : never;
}[keyof Config];

/** A new section of the config is one too, unless it is named here as something that a function makes. */
type Section = Exclude<ObjectsIn<GateConfig>, "domains" | "rollout" | "store" | "keyRing">;
type CallersSection = Exclude<ObjectsIn<CallersConfig>, "authenticate" | "roleOf" | "roles">;
type KindsIn<Config, Name extends keyof Config> = { readonly [At in Name]-?: Kinds<NonNullable<Config[At]>> };

const SEVERITIES: Readonly<Record<CheckSeverity | "off", true>> = { off: true, note: true, warning: true, error: true };
const severity = oneOf(Object.keys(SEVERITIES));
const domainNames = texts('["bookings"]');
const mode: Kind = { fits: text.fits, cure: 'Name the mode: mode: "onboarding".' };

const authenticator: Kind = {
  fits: (value) => aFunction.fits(value) || (value as { readonly kind?: unknown } | null)?.kind === "api-keys",
  cure: "",
};

export const GATE_KINDS: Kinds<GateConfig> = {
  name: { fits: text.fits, cure: 'Give it one: name: "rentals".' },
  version: text,
  instructions: words,
  domains: listOf(
    objectWith(["read", "write"], ""),
    "List what defineDomain, upstream or openapi gave: domains: [bookings].",
  ),
  callers: { fits: anObject("").fits, cure: "Say who may call: callers: { authenticate: [apiKeys()] }." },
  rollout: either(
    oneOf(["off"]),
    anObject(""),
    'Give what decides flags: rollout: fileFlags("./flags.json"), or an OpenFeature provider.',
  ),
  store: objectWith(["open"], 'Say where it is kept: store: sqlite(".callgate/gate.db").'),
  graduation: oneOf(["required", "off"]),
  keyRing: { fits: anObject("").fits, cure: 'Say where it is: keyRing: file("keyring.json").' },
  reason: oneOf(["optional", "required", "off"]),
  catalogue: anObject("{ searchAbove: 40 }"),
  limits: anObject('{ rate: "600/min" }'),
  tasks: anObject("{ atOnce: 16 }"),
  approvals: anObject("{ expiresMinutes: 60 }"),
  audit: anObject('{ maskFields: ["phone"] }'),
  server: anObject('{ publicUrl: "https://tools.example.com" }'),
  check: anObject('{ rules: { "verb-first": "off" } }'),
  keepWritesHours: wholeNumber(),
};

export const SECTION_KINDS: KindsIn<GateConfig, Section> = {
  callers: {
    authenticate: listOf(authenticator, "Use a list: authenticate: [apiKeys()]."),
    roleOf: aFunction,
    roles: recordOf(anObject(""), 'Write each as an object: { desk: { scopes: ["bookings:*"] } }.'),
    clients: anObject('{ mode: "client", accountOf }'),
    anonymous: anObject('{ mode: "onboarding" }'),
    local: anObject('{ kind: "person", user: "ann" }'),
  },
  catalogue: {
    searchAbove: { fits: wholeNumber({ least: 0 }).fits, cure: "Use a whole number; 0 lets everybody search." },
    pinned: texts('["find_bookings"]'),
    kinds: callerKinds,
    roles: texts('["desk"]'),
  },
  limits: {
    rate,
    inFlight: wholeNumber(),
    guesses: rate,
    shared: { fits: anObject("").fits, cure: 'Say where they are counted: shared: redis(env("REDIS_URL")).' },
  },
  tasks: { atOnce: wholeNumber(), mostOpen: wholeNumber(), mostOpenPerSubject: wholeNumber() },
  approvals: {
    policy: aFunction,
    expiresMinutes: expiryMinutes,
    notify: listOf(objectWith(["start"], ""), "List what tells people: notify: [webhook(…)]."),
  },
  audit: {
    maskFields: texts('["phone"]'),
    maskPatterns: listOf({ fits: (value) => value instanceof RegExp, cure: "" }, "List patterns: [/AB\\d{6}/]."),
    maxPayloadBytes: wholeNumber(),
  },
  server: {
    publicUrl: { fits: isWebAddress, cure: "Write it whole: https://tools.example.com." },
    allowedOrigins: texts('["https://app.example.com"]'),
    allowedHosts: texts('["tools.example.com"]'),
    maxBodyBytes: wholeNumber(),
    drainDelayMs: wholeNumber({ least: 0, most: 2 ** 31 - 1 }),
  },
  check: {
    rules: anObject('{ "verb-first": "off" }'),
    allow: recordOf(
      anObject(""),
      'Give rules with the reason: { find_rooms: { "verb-first": "Known by this name." } }.',
    ),
    listTokens: wholeNumber(),
    listTools: wholeNumber(),
    likeness: {
      fits: (value) => typeof value === "number" && value >= 0 && value <= 1,
      cure: "Use a number from 0 to 1.",
    },
  },
};

export const CALLERS_KINDS: KindsIn<CallersConfig, CallersSection> = {
  clients: { mode, scopes, accountOf: aFunction },
  anonymous: { mode, scopes },
  local: {
    kind: oneOf(["person", "agent"]),
    user: { fits: text.fits, cure: 'Name the person: user: "ann".' },
    agent: text,
    tenant: text,
    role: text,
    scopes,
    domains: domainNames,
    attributes: recordOf(words, 'Give texts: { region: "eu" }.'),
  },
};

export const ROLE_KINDS: Kinds<Role> = { modes, scopes, domains: domainNames };

export const SHARED_KINDS: Kinds<Pick<RedisDeclaration, "timeoutMs" | "replicas">> = {
  timeoutMs: timeout,
  replicas: wholeNumber(),
};

/** How grave each rule of `callgate check` may be said to be. */
export const RULE_SEVERITY_KINDS: Readonly<Record<string, Kind>> = Object.fromEntries(
  checkRuleIds.map((id) => [id, severity]),
);

/** Why each rule of `callgate check` may be passed over. A reason that is none is found by the check itself. */
export const RULE_REASON_KINDS: Readonly<Record<string, Kind>> = Object.fromEntries(
  checkRuleIds.map((id) => [id, words]),
);

/** What has to be there. */
export const NEEDED = {
  gate: ["name", "domains", "callers", "store"],
  catalogue: ["searchAbove"],
  clients: ["mode", "accountOf"],
  anonymous: ["mode"],
  local: ["kind", "user"],
  role: ["scopes"],
} as const;

function isWebAddress(value: unknown): boolean {
  return typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value);
}
