import { createHash } from "node:crypto";
import type { Gate } from "callgate";

export type AuditRow = Parameters<Gate["store"]["audit"]["append"]>[0];

const SUBJECTS = 500;
const TOOLS = 200;
/** The first row's time; each further one comes a quarter of a second later. */
export const firstRowAt: number = Date.UTC(2026, 0, 1);
export const millisBetweenRows = 250;

/** One row in so many mentions `rareWord` in its reason. */
const RARE = 20_000;
export const rareWord = "chargeback";
const FIRST_RARE = 11;

/** The number of a row that mentions the rare word, at or somewhat before this one. */
export const rareRowNear = (index: number): number => Math.floor(index / RARE) * RARE + FIRST_RARE;

/** The trace id of the row with this number. */
export function traceOf(index: number): string {
  return createHash("md5").update(`trace ${index}`).digest("hex");
}

export const subjectOf = (index: number): string => `user:person-${index % SUBJECTS}`;
export const toolOf = (index: number): string => `find_things_${index % TOOLS}`;

/** A row as a busy gate's calls leave it: the same number gives the same row, so that a filling can go on later. */
export function auditRow(index: number): AuditRow {
  const failed = index % 53 === 7;
  const property = `prop_${index % 977}`;
  const guest = `guest_${(index * 7919) % 9973}`;
  return {
    ...unvarying,
    callId: `bench-${index}`,
    at: firstRowAt + index * millisBetweenRows,
    tool: toolOf(index),
    outcome: failed ? "error" : "ok",
    code: failed ? "not_found" : undefined,
    category: failed ? "input" : undefined,
    subject: subjectOf(index),
    caller: `key_${index % SUBJECTS}`,
    traceId: traceOf(index),
    spanId: traceOf(index).slice(0, 16),
    reason:
      index % RARE === FIRST_RARE ? `The guest asks about a ${rareWord} of ${property}` : `Which stays has ${property}`,
    arguments: JSON.stringify({ property_id: property, start: "2026-08-01", end: "2026-08-31" }),
    result: failed ? undefined : JSON.stringify({ bookings: [{ booking_id: `bk_${index}`, guest_id: guest }] }),
    message: failed ? `There is no property ${property}.` : undefined,
  };
}

const unvarying = {
  kind: "call",
  method: "tools/call",
  domain: "bookings",
  effect: "read",
  subjectKind: "agent",
  account: undefined,
  tenant: undefined,
  role: "desk",
  client: "bench/1.0.0",
  transport: "http",
  revision: "2026-07-28",
  sent: undefined,
  writeId: undefined,
  inputBytes: 120,
  resultBytes: 420,
  inputTokens: 34,
  resultTokens: 110,
  durationUs: 153.5,
  stages: '{"identify":4,"check":3,"run":40,"shape":9}',
  count: 1,
} as const;
