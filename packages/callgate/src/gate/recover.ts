import type { AuditRow } from "../store/audit-port.ts";
import type { LedgerRow } from "../store/ledger-port.ts";
import { randomHex } from "./ids.ts";
import type { GateParts } from "./parts.ts";

const LOOK_BACK_MS = 10 * 60_000;

/**
 * After a start: writes whose process died are given back or become unknown, and every call that was cut off
 * before its record gets one. Nothing is lost silently (security case 33).
 */
export async function recoverWrites(gate: GateParts): Promise<void> {
  const { ledger, store, clock } = gate;
  for (const row of await store.ledger.unsettled(Number.MAX_SAFE_INTEGER, clock() - LOOK_BACK_MS)) {
    const settled = isMoving(row) ? await settleAbandoned(gate, row) : row;
    if (settled === undefined || row.owner === ledger.owner) continue;
    if ((await store.audit.get(row.callId)) === undefined) await gate.recorder.record(recoveredRow(gate, settled));
  }
}

function isMoving(row: LedgerRow): boolean {
  return row.state === "claimed" || row.state === "running";
}

async function settleAbandoned({ ledger }: GateParts, row: LedgerRow): Promise<LedgerRow | undefined> {
  if (!ledger.isAbandoned(row)) return undefined;
  return row.state === "claimed" ? ledger.release(row, "interrupted") : ledger.doubt(row, "interrupted");
}

function recoveredRow(gate: GateParts, row: LedgerRow): AuditRow {
  const tool = gate.registry.tools.find(({ name }) => name === row.tool);
  const ended = row.state === "done" ? "ok" : row.state === "failed" ? "error" : undefined;
  return {
    callId: row.callId,
    kind: "recovered",
    at: row.updatedAt,
    method: "tools/call",
    domain: tool?.domain.name,
    tool: row.tool,
    effect: tool?.effect,
    outcome: ended ?? (row.state === "unknown" ? "unknown" : "interrupted"),
    code: row.code ?? "interrupted",
    category: undefined,
    caller: undefined,
    subject: row.subject,
    subjectKind: undefined,
    account: undefined,
    tenant: undefined,
    role: undefined,
    client: undefined,
    transport: "recovery",
    revision: "",
    traceId: randomHex(16),
    spanId: undefined,
    reason: undefined,
    arguments: undefined,
    result: undefined,
    sent: undefined,
    message: `The process that served this call ended before it was recorded; its write is ${row.state}.`,
    writeId: row.id,
    inputBytes: 0,
    resultBytes: 0,
    inputTokens: 0,
    resultTokens: 0,
    durationUs: 0,
    stages: undefined,
    count: 1,
  };
}
