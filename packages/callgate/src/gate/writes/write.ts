import { inspect } from "node:util";
import type { CallError } from "../../define/call-error.ts";
import { type InputRequired, isInputRequired } from "../../define/input-required.ts";
import type { Stop } from "../../define/stop.ts";
import type { Plan } from "../../define/tool.ts";
import type { StartRequest } from "../../ledger/write-ledger.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import type { Ending } from "../answers/ending.ts";
import { toCallError } from "../answers/failure.ts";
import { gateError } from "../answers/gate-error.ts";
import { type Approved, approve } from "../approve.ts";
import { askClient } from "../ask-client.ts";
import type { Call } from "../call/call.ts";
import { GateCommitContext } from "../context/context.ts";
import { planFor, previewOf, writeOf } from "../preview.ts";
import { guarded } from "../run.ts";
import type { ServedTool } from "../served/served.ts";
import { isServed } from "../served/switched-on.ts";
import { beginWrite } from "../tasks/begin-write.ts";
import { followTask } from "../tasks/follow-task.ts";
import { ownerOfTask } from "../tasks/task-owner.ts";
import { isClearNo, land, landLater, storeFailure } from "./land.ts";
import { leaseOf } from "./lease.ts";
import { outcomeUnknown } from "./outcome-unknown.ts";
import { settleUnknown } from "./settle-unknown.ts";

const GIVING_BACK_MS = 5_000;

/**
 * A claimed or approved row, from plan to outcome; see docs/writes.md. Every step is durable before the next one begins.
 * Undefined: the row has moved without this attempt, to another one or to wait for approval, and what becomes of the
 * write stands there.
 */
export async function performWrite(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending | undefined> {
  const { ledger, at } = call.gate;
  const { plan, approved } = await planned(call, tool, row);
  if (isInputRequired(plan)) return askClient(call, plan, { key: row.key });
  if (approved !== "granted") return undefined;
  at?.("planned");
  if (call.longRules !== undefined) {
    const task = await givingBack(call, tool, { row, step: () => beginWrite(call, tool, row) });
    return followTask(call, tool, task);
  }
  const running = await givingBack(call, tool, { row, step: () => ledger.start(row, startOf(call)) });
  call.mark("start");
  if (running === undefined) return undefined;
  if (running.approval?.spentAt !== undefined) call.spentApproval = running.approval;
  at?.("running");
  return commit(call, tool, { row: running, plan, isRetry: row.state === "unknown" });
}

/** Settles a write whose outcome is unknown, and runs it again where that is safe. */
export async function resumeUnknown(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending | undefined> {
  const settled = await settleUnknown(call, tool, row);
  if (settled.kind === "ended") return settled.ending;
  if (settled.kind === "unclear") throw outcomeUnknown(tool, row);
  return performWrite(call, tool, row);
}

/** Whoever takes up a task whose process has died finds by the holder that the write is the task's own. */
function startOf(call: Call): StartRequest {
  return { callId: call.id, leaseUntil: leaseOf(call), owner: call.task && ownerOfTask(call.task.row.id) };
}

interface Planned {
  readonly plan: Plan | InputRequired;
  readonly approved: Approved;
}

function planned(call: Call, tool: ServedTool, row: LedgerRow): Promise<Planned> {
  const step = async (): Promise<Planned> => {
    const plan = await planFor(call, tool, row.key);
    call.mark("plan");
    if (isInputRequired(plan)) {
      await giveBackHeld(call, row, "input_required");
      return { plan, approved: "granted" };
    }
    holdToPreview(call, tool, plan);
    const approved = await approve(call, tool, { row, plan });
    if (approved === "granted") {
      refuseSwitchedOff(call, tool);
      refuseTooLate(call, tool);
    }
    return { plan, approved };
  };
  return givingBack(call, tool, { row, step });
}

/**
 * A step before `commit`. Nothing was done by this attempt: whatever goes wrong gives the row back. A row that was
 * unknown before stays so, because an earlier attempt may have done it.
 */
async function givingBack<Value>(
  call: Call,
  tool: ServedTool,
  { row, step }: { row: LedgerRow; step: () => Promise<Value> },
): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    const known = toCallError(call, error);
    if (row.state === "unknown") throw outcomeUnknown(tool, row, known);
    await giveBackHeld(call, row, known.code);
    throw known;
  }
}

/** An approved row is held by nobody until it runs: it stays approved, for whoever calls again. */
async function giveBackHeld(call: Call, row: LedgerRow, code: string): Promise<void> {
  if (row.state !== "approved") await giveBack(call, row, code);
}

/**
 * Whatever comes of it, what went wrong first is what is told. A row that stays claimed is free once its lease is over. What
 * another call has claimed for a task is this call's own before that: should its process end now, others record how it ended.
 */
async function giveBack(call: Call, row: LedgerRow, code: string): Promise<void> {
  const { ledger, clock } = call.gate;
  // Another process has its task, and the row with it.
  if (call.task?.stopped === "lost") return;
  try {
    const own = row.callId === call.id ? row : await ledger.retake(row, call.id, clock() + GIVING_BACK_MS);
    if (own !== undefined) await ledger.release(own, code);
  } catch (error) {
    call.gate.log.error("a write could not be given back", { callId: call.id, writeId: row.id, error: inspect(error) });
  }
}

function holdToPreview(call: Call, tool: ServedTool, plan: Plan): void {
  if (call.own.previewHash === undefined) return;
  const now = previewOf(call, tool, plan);
  if (now.preview_hash === call.own.previewHash) return;
  throw gateError("preview_changed", "What would happen now is not what was previewed; nothing was done.", {
    next: "Look at the new preview. To go on, call again with its preview_hash.",
    details: { preview: now.preview, preview_hash: now.preview_hash },
  });
}

/** A call may have waited long for its approval: nothing is committed for a tool that was taken away meanwhile. */
function refuseSwitchedOff({ gate }: Call, tool: ServedTool): void {
  if (isServed(gate.graduations, tool)) return;
  throw gateError("unknown_tool", `${tool.name} was switched off before anything was done.`, {
    next: "Do without it, or ask the people who run this.",
  });
}

/** The last moment at which a call may be given up for nothing. */
function refuseTooLate(call: Call, tool: ServedTool): void {
  if (call.exchange.signal.aborted)
    throw gateError("call_cancelled", "The caller went away before anything was done.", { retry: "same_key" });
  if (call.gate.clock() < call.deadline) return;
  throw gateError("deadline_exceeded", `${tool.name} took ${call.timeoutMs} ms to plan; nothing was done.`, {
    next: "Call again with the same idempotency_key.",
    retry: "same_key",
  });
}

interface Running {
  readonly row: LedgerRow;
  readonly plan: Plan;
  /** An earlier attempt may have taken effect. */
  readonly isRetry: boolean;
}

async function commit(call: Call, tool: ServedTool, { row, plan, isRetry }: Running): Promise<Ending | undefined> {
  let work: Promise<unknown> | undefined;
  const begin = (stop: Stop): Promise<unknown> => {
    // A commit that throws before its first await has been entered all the same: its throw must be a rejection.
    work = (async () => writeOf(tool).commit(plan, new GateCommitContext(call, stop, row)))();
    return work;
  };
  let result: unknown;
  try {
    // A client that goes away changes nothing from here on: only the deadline ends a commit.
    result = await guarded(call, begin, { access: "write", giveUpWithClient: false });
  } catch (error) {
    return work === undefined
      ? undone(call, tool, { row, error, isRetry })
      : failed(call, tool, { row, error, work, isRetry });
  }
  if (isInputRequired(result)) return ask(call, tool, { row, asked: result, isRetry });
  call.gate.at?.("committed");
  call.mark("commit");
  return land(call, tool, { row, result });
}

/** The commit cannot go on without the client, and has done nothing: the same write is begun anew with what it answers. */
async function ask(
  call: Call,
  tool: ServedTool,
  { row, asked, isRetry }: { readonly row: LedgerRow; readonly asked: InputRequired; readonly isRetry: boolean },
): Promise<Ending> {
  // An earlier attempt may have done it: what the client answers now would do it twice.
  if (isRetry) return undone(call, tool, { row, error: outcomeUnknown(tool, row), isRetry });
  await giveBack(call, row, "input_required");
  return askClient(call, asked, { key: row.key });
}

interface Failure {
  readonly row: LedgerRow;
  readonly error: unknown;
  readonly isRetry: boolean;
}

/** This attempt did nothing, and may be made again: the breaker was open, or the tool asks for another try. */
async function undone(call: Call, tool: ServedTool, { row, error, isRetry }: Failure): Promise<never> {
  const known = toCallError(call, error);
  if (isRetry) {
    await doubt(call, tool, { row, known });
    throw outcomeUnknown(tool, row, known);
  }
  await giveBack(call, row, known.code);
  throw known;
}

/** Undefined: another attempt has the row. A row that stays running becomes unknown once its lease is over. */
async function doubt(
  call: Call,
  tool: ServedTool,
  { row, known }: { row: LedgerRow; known: CallError },
): Promise<LedgerRow | undefined> {
  try {
    return await call.gate.ledger.doubt(row, known.code);
  } catch (error) {
    call.gate.log.error("a write could not be marked as unknown", {
      callId: call.id,
      writeId: row.id,
      error: inspect(error),
    });
    throw outcomeUnknown(tool, row, known);
  }
}

/** A clear no of the tool is a failed write. Anything else may have happened after the effect, so the truth is not known here. */
async function failed(
  call: Call,
  tool: ServedTool,
  { row, error, work, isRetry }: Failure & { readonly work: Promise<unknown> },
): Promise<Ending | undefined> {
  if (isClearNo(call, error)) {
    if (error.retry !== "never") return undone(call, tool, { row, error, isRetry });
    if (await storeFailure(call, tool, { row, error })) throw error;
    return undefined;
  }
  const known = toCallError(call, error);
  const isLate = (known.code === "deadline_exceeded" || known.code === "call_cancelled") && !call.isInner(known);
  if (isLate) landLater(call, tool, { row, work, isRetry });
  const doubtful = await doubt(call, tool, { row, known });
  if (doubtful === undefined) return undefined;
  if (isLate) throw outcomeUnknown(tool, row, known);
  const settled = await settleUnknown(call, tool, doubtful);
  if (settled.kind === "ended") return settled.ending;
  // Once more within one call, no oftener: a backend that keeps breaking is not tried in a circle.
  if (settled.kind === "unclear" || isRetry) throw outcomeUnknown(tool, doubtful, known);
  return performWrite(call, tool, doubtful);
}
