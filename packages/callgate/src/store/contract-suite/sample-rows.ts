import type { AuditRow } from "../audit-port.ts";
import type { Graduation, SmokeProof } from "../graduation-port.ts";
import type { KeyRow } from "../key-port.ts";
import type { Claim, RowApproval } from "../ledger-port.ts";

/** A row of the audit as a finished read leaves it, but for what is given. */
export function auditRow(callId: string, given: Partial<AuditRow> = {}): AuditRow {
  return {
    callId,
    kind: "call",
    at: 1_000,
    method: "tools/call",
    domain: "bookings",
    tool: "find_bookings",
    effect: "read",
    outcome: "ok",
    code: undefined,
    category: undefined,
    caller: "key_1",
    subject: "user:anna",
    subjectKind: "person",
    account: undefined,
    tenant: undefined,
    role: "frontdesk",
    client: undefined,
    transport: "http",
    revision: "2026-07-28",
    traceId: undefined,
    spanId: undefined,
    reason: undefined,
    arguments: '{"property_id":"p1"}',
    result: '{"bookings":[]}',
    sent: undefined,
    message: undefined,
    writeId: undefined,
    inputBytes: 120,
    resultBytes: 15,
    inputTokens: 30,
    resultTokens: 4,
    durationUs: 153.5,
    stages: '{"run":40}',
    count: 1,
    ...given,
  };
}

/** A keyed claim, but for what is given. */
export function claimOf(id: string, given: Partial<Claim> = {}): Claim {
  return {
    id,
    subject: "user:anna",
    tenant: undefined,
    tool: "create_booking",
    key: "key-1",
    newKey: `new-${id}`,
    digest: "digest-1",
    contractHash: "contract-1",
    callId: `call-${id}`,
    owner: `owner-${id}`,
    now: 1_000,
    leaseUntil: 2_000,
    repeatSince: undefined,
    ...given,
  };
}

/** A live agent's key, but for what is given. */
export function keyRow(id: string, given: Partial<KeyRow> = {}): KeyRow {
  return {
    id,
    hash: `hash-${id}`,
    kind: "agent",
    name: "night porter",
    user: "anna",
    tenant: undefined,
    role: "frontdesk",
    scopes: ["bookings:read"],
    domains: undefined,
    attributes: { floor: "2" },
    createdAt: 1_000,
    expiresAt: undefined,
    revokedAt: undefined,
    lastUsedAt: undefined,
    replacedBy: undefined,
    writeKey: undefined,
    ...given,
  };
}

/** A smoke test of the bookings that passed, but for what is given. */
export function proofOf(id: string, given: Partial<SmokeProof> = {}): SmokeProof {
  return {
    id,
    domain: "bookings",
    contractHash: "domain-contract-1",
    at: 1_000,
    by: "person:anna",
    gateVersion: "1.2.3",
    passed: true,
    outcomes: [
      { check: "find_bookings", outcome: "passed", detail: undefined, durationMs: 4 },
      { check: "the read credential cannot write", outcome: "passed", detail: "permission denied", durationMs: 1 },
    ],
    ...given,
  };
}

/** A write tool that is switched on, but for what is given. */
export function graduationOf(tool: string, given: Partial<Graduation> = {}): Graduation {
  return {
    domain: "bookings",
    tool,
    contractHash: "contract-1",
    proofId: "proof-1",
    at: 2_000,
    by: "person:anna",
    withdrawnAt: undefined,
    withdrawnBy: undefined,
    ...given,
  };
}

/** An operator's approval that was asked for once, with the words of these people. */
export function approvalOf(id: string, users: readonly string[] = []): RowApproval {
  return {
    id,
    level: "operator",
    user: "anna",
    planHash: "plan-1",
    askedAt: 1_000,
    expiresAt: 5_000,
    asked: 1,
    decisions: users.map((user) => ({ verdict: "approve", by: `person:${user}`, user, as: "operator", at: 1_100 })),
  };
}
