import { inspect } from "node:util";
import { noCall } from "../../audit/no-call.ts";
import { isOwnerGone } from "../../ledger/owner.ts";
import { isMoving } from "../../ledger/write-waits.ts";
import type { AuditRow } from "../../store/audit-port.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import type { HeardProcess } from "../../store/process-port.ts";
import { randomHex } from "../call/ids.ts";
import type { GateParts } from "../parts.ts";
import { lapseApprovals } from "./lapse-approvals.ts";

const LOOK_EVERY_MS = 10_000;
/** A process that has not been heard of for so long is taken for dead; a paused one may only find its calls recorded. */
const SILENT_MS = 3 * LOOK_EVERY_MS;
/** More than there can be between the outcome of a write and the moment when somebody looks after its process. */
const LOOK_BACK_MS = 10 * 60_000;

/** Looks for writes whose process has died, as long as the gate runs. */
export interface Recovery {
  /** Ends with what is under way. A process without calls is forgotten; one that has some left is looked after by others. */
  stop(left: { readonly isEmpty: boolean }): Promise<void>;
}

/**
 * Writes whose process died are given back or become unknown, and every call that was cut off before its record gets
 * one: at the start, and again and again for those that die while this gate runs. Of several gates on a store one does
 * it. Nothing is lost silently (SECURITY 33).
 */
export async function startRecovery(gate: GateParts): Promise<Recovery> {
  await settleOverdue(gate);
  await lookAfterOthers(gate);
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= lookAgain(gate).finally(() => {
      looking = undefined;
    });
  }, LOOK_EVERY_MS).unref();
  return {
    stop: async ({ isEmpty }) => {
      clearInterval(timer);
      await looking;
      if (!isEmpty) return;
      await gate.store.processes.forget(gate.ledger.owner).catch((error: unknown) => report(gate, error));
    },
  };
}

async function lookAgain(gate: GateParts): Promise<void> {
  try {
    await lapseApprovals(gate);
    await settleOverdue(gate);
    await lookAfterOthers(gate);
  } catch (error) {
    report(gate, error);
  }
}

function report({ log }: GateParts, error: unknown): void {
  log.error("abandoned writes could not be settled", { error: inspect(error) });
}

/** Writes whose lease is over, whoever held them. */
async function settleOverdue(gate: GateParts): Promise<void> {
  await settleAbandoned(gate, await gate.store.ledger.abandoned(gate.clock()));
}

/** Says that this process lives, and takes on those that have died. */
async function lookAfterOthers(gate: GateParts): Promise<void> {
  const { processes } = gate.store;
  const now = gate.clock();
  await processes.beat({ owner: gate.ledger.owner, heardAt: now });
  for (const process of await processes.list()) {
    if (!isDead(gate, process, now) || !(await processes.takeOn(process, now))) continue;
    if (await settleAll(gate, process)) await processes.forget(process.owner);
  }
}

function isDead({ ledger }: GateParts, { owner, heardAt }: HeardProcess, now: number): boolean {
  return owner !== ledger.owner && (isOwnerGone(owner) || heardAt < now - SILENT_MS);
}

/** True once nothing of the process is left: what may still be under way is looked at again. */
async function settleAll(gate: GateParts, { owner, heardAt }: HeardProcess): Promise<boolean> {
  const rows = await gate.store.ledger.heldBy(owner, heardAt - LOOK_BACK_MS);
  const moving = rows.filter(isMoving);
  await recordCutOff(
    gate,
    rows.filter((row) => !isMoving(row)),
  );
  const abandoned = moving.filter((row) => gate.ledger.isAbandoned(row));
  await settleAbandoned(gate, abandoned);
  return abandoned.length === moving.length;
}

async function settleAbandoned(gate: GateParts, rows: readonly LedgerRow[]): Promise<void> {
  const { claimed = [], running = [] } = Object.groupBy(rows, ({ state }) => state);
  await giveUp(gate, claimed);
  const doubted = await Promise.all(running.map((row) => gate.ledger.doubt(row, "interrupted")));
  await recordCutOff(
    gate,
    doubted.filter((row) => row !== undefined),
  );
}

/**
 * Held by this process first, on record next, given back last: wherever that ends, whoever looks next finds the rows as they
 * are, and what is left to be done.
 */
async function giveUp(gate: GateParts, rows: readonly LedgerRow[]): Promise<void> {
  const { ledger, clock } = gate;
  const leaseUntil = clock() + SILENT_MS;
  const retaken = await Promise.all(rows.map((row) => ledger.retake(row, row.callId, leaseUntil)));
  const held = retaken.filter((row) => row !== undefined);
  const code = "interrupted";
  await recordCutOff(
    gate,
    held.map((row) => ({ ...row, state: "released", code })),
  );
  await Promise.all(held.map((row) => ledger.release(row, code)));
}

/** The calls that held these rows when their process died get their records, before others take the rows over. */
export async function recordCutOff(gate: GateParts, rows: readonly LedgerRow[]): Promise<void> {
  if (rows.length === 0) return;
  const recorded = await gate.store.audit.recorded(rows.map(({ callId }) => callId));
  const missing = rows.filter(({ callId }) => !recorded.has(callId));
  await Promise.all(missing.map((row) => gate.recorder.record(recoveredRow(gate, row))));
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
