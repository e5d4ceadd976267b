import type { AuditRow } from "../store/audit-port.ts";
import type { LedgerRow } from "../store/ledger-port.ts";
import { randomHex } from "./ids.ts";
import type { GateParts } from "./parts.ts";

/** More than there can be between the outcome of a write and its record. */
const LOOK_BACK_MS = 60_000;
const MOST_UNKNOWN = 1_000;

/**
 * After a start: writes whose process died are given back or become unknown, and every call that was cut off
 * before its record gets one. Nothing is lost silently (security case 33).
 */
export async function recoverWrites(gate: GateParts): Promise<void> {
  const { ledger, store } = gate;
  const moved = await store.ledger.unsettled(Number.MAX_SAFE_INTEGER, await lookBackTo(gate));
  const unknown = await store.ledger.list({ state: "unknown", limit: MOST_UNKNOWN });
  for (const row of [...moved, ...unknown.rows]) {
    // A row that has ended is still to be recorded by whoever ended it, as long as that process lives.
    if (isMoving(row) ? !ledger.isAbandoned(row) : !ledger.isHolderGone(row)) continue;
    const settled = isMoving(row) ? await settleAbandoned(gate, row) : row;
    if (settled !== undefined) await recordCutOff(gate, settled);
  }
}

/** The call that held a row when its process died gets its record, before another one takes the row over. */
export async function recordCutOff(gate: GateParts, row: LedgerRow): Promise<void> {
  if (!(await isRecorded(gate, row.callId))) await gate.recorder.record(recoveredRow(gate, row));
}

/** A call that was cut off ended close to the last one on record, however long ago that was. */
async function lookBackTo({ store, clock }: GateParts): Promise<number> {
  const { records } = await store.audit.search({ limit: 1 });
  return Math.min(clock(), records[0]?.at ?? 0) - LOOK_BACK_MS;
}

/** An intent alone says that a call began, not how it ended. */
async function isRecorded({ store }: GateParts, callId: string): Promise<boolean> {
  const found = await store.audit.get(callId);
  return found !== undefined && found.kind !== "intent";
}

function isMoving(row: LedgerRow): boolean {
  return row.state === "claimed" || row.state === "running";
}

function settleAbandoned({ ledger }: GateParts, row: LedgerRow): Promise<LedgerRow | undefined> {
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
    tenant: row.tenant,
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
