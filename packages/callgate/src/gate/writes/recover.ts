import { inspect } from "node:util";
import { noCall } from "../../audit/no-call.ts";
import { isMoving } from "../../ledger/write-ledger.ts";
import type { AuditRow } from "../../store/audit-port.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import { randomHex } from "../ids.ts";
import type { GateParts } from "../parts.ts";
import { lapseApprovals } from "./lapse-approvals.ts";

/** More than there can be between the outcome of a write and its record. */
const LOOK_BACK_MS = 60_000;
const MOST_UNKNOWN = 1_000;
const LOOK_EVERY_MS = 10_000;

/** Looks for writes whose process has died, as long as the gate runs. */
export interface Recovery {
  /** Ends with what is under way. */
  stop(): Promise<void>;
}

/**
 * Writes whose process died are given back or become unknown, and every call that was cut off before its record gets
 * one: at the start, and again and again for those whose process may live on until their lease is over. Nothing is
 * lost silently (security case 33).
 */
export async function startRecovery(gate: GateParts): Promise<Recovery> {
  let waiting: readonly LedgerRow[] = [];
  const look = async (found: readonly LedgerRow[]): Promise<void> => {
    const { settled, held } = await settle(gate, [...waiting, ...found]);
    // What is settled is not found again: it waits here until its call is on record.
    waiting = [...held, ...settled];
    await recordCutOff(gate, settled);
    waiting = held;
  };
  const lookAgain = async (): Promise<void> => {
    try {
      await lapseApprovals(gate);
      await look(await gate.store.ledger.unsettled(gate.clock(), Number.MAX_SAFE_INTEGER));
    } catch (error) {
      gate.log.error("abandoned writes could not be settled", { error: inspect(error) });
    }
  };
  await look(await foundAtStart(gate));
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= lookAgain().finally(() => {
      looking = undefined;
    });
  }, LOOK_EVERY_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

interface Looked {
  /** Writes that nobody holds any more, as they are now. */
  readonly settled: readonly LedgerRow[];
  /** Ended writes whose process may still record their calls. */
  readonly held: readonly LedgerRow[];
}

async function settle(gate: GateParts, rows: readonly LedgerRow[]): Promise<Looked> {
  const abandoned = new Set(rows.filter((row) => gate.ledger.isAbandoned(row)));
  const settled = await Promise.all(
    [...abandoned].map(async (row) => (isMoving(row) ? settleAbandoned(gate, row) : row)),
  );
  return {
    settled: settled.filter((row) => row !== undefined),
    held: rows.filter((row) => !abandoned.has(row) && !isMoving(row)),
  };
}

/** The calls that held these rows when their process died get their records, before others take the rows over. */
export async function recordCutOff(gate: GateParts, rows: readonly LedgerRow[]): Promise<void> {
  const recorded = await gate.store.audit.recorded(rows.map(({ callId }) => callId));
  const missing = rows.filter(({ callId }) => !recorded.has(callId));
  await Promise.all(missing.map((row) => gate.recorder.record(recoveredRow(gate, row))));
}

/** All that is open, and what ended close to the last call on record, however long ago that was. */
async function foundAtStart({ store, clock }: GateParts): Promise<readonly LedgerRow[]> {
  const { records } = await store.audit.search({ limit: 1 });
  const since = Math.min(clock(), records[0]?.at ?? 0) - LOOK_BACK_MS;
  const moved = await store.ledger.unsettled(Number.MAX_SAFE_INTEGER, since);
  const unknown = await store.ledger.list({ state: "unknown", limit: MOST_UNKNOWN });
  return [...moved, ...unknown.rows];
}

function settleAbandoned({ ledger }: GateParts, row: LedgerRow): Promise<LedgerRow | undefined> {
  return row.state === "claimed" ? ledger.release(row, "interrupted") : ledger.doubt(row, "interrupted");
}

function recoveredRow(gate: GateParts, row: LedgerRow): AuditRow {
  const tool = gate.registry.tools.find(({ name }) => name === row.tool);
  const ended = row.state === "done" ? "ok" : row.state === "failed" ? "error" : undefined;
  return {
    ...noCall,
    callId: row.callId,
    kind: "recovered",
    at: row.updatedAt,
    method: "tools/call",
    domain: tool?.domain.name,
    tool: row.tool,
    effect: tool?.effect,
    outcome: ended ?? (row.state === "unknown" ? "unknown" : "interrupted"),
    code: row.code ?? "interrupted",
    subject: row.subject,
    subjectKind: undefined,
    tenant: row.tenant,
    transport: "recovery",
    revision: "",
    traceId: randomHex(16),
    message: `The process that served this call ended before it was recorded; its write is ${row.state}.`,
    writeId: row.id,
    count: 1,
  };
}
