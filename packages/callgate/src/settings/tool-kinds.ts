import type { Effect } from "../define/effect.ts";
import type { SubjectKind } from "../define/subject.ts";
import type { LongRunning, Renamed, Schedule, ToolRules } from "../define/tool.ts";
import {
  anObject,
  anything,
  either,
  flag,
  type Kind,
  type Kinds,
  listOfSome,
  oneOf,
  rate,
  recordOf,
  text,
  texts,
  timeout,
  wholeNumber,
  words,
} from "./kinds.ts";

const EFFECTS: Readonly<Record<Effect, true>> = { read: true, write: true, destructive: true };
const EACH_CALLER: Readonly<Record<SubjectKind, true>> = {
  person: true,
  agent: true,
  client: true,
  anonymous: true,
  operator: true,
};
/** Every kind of caller, by name. */
export const CALLERS: readonly string[] = Object.keys(EACH_CALLER);
/** Letters: fewer say too little of a tool. */
export const SHORTEST_DESCRIPTION = 10;
/** Clients and what stands between give a silent call up after a minute. */
const MOST_WAIT_MS = 55_000;

export const effect: Kind = oneOf(Object.keys(EFFECTS));
/** Kinds of caller. */
export const callerKinds: Kind = listOfSome(CALLERS);
export const modes: Kind = texts('["desk"]');
export const scopes: Kind = texts('["bookings:read"]');
export const flagKey: Kind = { fits: text.fits, cure: 'Give the key of a flag, like rollout: "new-search".' };

/** Who sees a thing, and how long and how large its answer may be. */
export const READABLE_KINDS: Kinds<
  Pick<ToolRules<unknown>, "title" | "scope" | "modes" | "rollout" | "timeoutMs" | "maxResultBytes">
> = {
  title: words,
  scope: text,
  modes,
  rollout: flagKey,
  timeoutMs: timeout,
  maxResultBytes: wholeNumber(),
};

/** The rules of a call that a tool of one's own and one of a server have in common. */
export const RULE_KINDS: Kinds<
  Omit<ToolRules<unknown>, "description" | "summarize" | "guard" | "listing" | "accountField">
> = {
  ...READABLE_KINDS,
  kinds: callerKinds,
  rate,
  concurrency: wholeNumber(),
  longRunning: either(flag, anObject("{ waitMs: 5000 }"), "Use true, false, or an object: { waitMs: 5000 }."),
  impact: oneOf(["normal", "high"]),
  version: wholeNumber(),
  renamed: anObject('{ from: ["find_stays"] }'),
  deprecated: anObject('{ since: "2026-11-01", use: "find_bookings" }'),
};

export const LONG_KINDS: Kinds<LongRunning> = {
  waitMs: wholeNumber({ most: MOST_WAIT_MS }),
  clients: oneOf(["any", "with_tasks"]),
  retry: oneOf(["safe", "never"]),
  schedule: anObject('{ cron: "0 3 * * *" }'),
  priority: wholeNumber({ least: Number.MIN_SAFE_INTEGER }),
  ttlMs: wholeNumber(),
};

/** The time zone is judged with the cron. */
export const SCHEDULE_KINDS: Kinds<Schedule> = {
  cron: text,
  timeZone: anything,
  with: anObject('{ city: "Lisbon" }'),
  scopes,
};

export const RENAMED_KINDS: Kinds<Renamed> = {
  from: texts('["find_stays"]'),
  fields: recordOf(text, 'Give each former name the name of now: { town: "city" }.'),
};
