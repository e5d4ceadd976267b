import { type CallError, isCallError } from "../define/call-error.ts";
import { isInputRequired } from "../define/input-required.ts";
import type { Plan } from "../define/tool.ts";
import type { LedgerRow } from "../store/ledger-port.ts";
import { approve } from "./approve.ts";
import { askClient } from "./ask-client.ts";
import type { Call } from "./call.ts";
import { GateCommitContext } from "./context.ts";
import type { Ending } from "./ending.ts";
import { toCallError } from "./failure.ts";
import { gateError } from "./gate-error.ts";
import { leaseOf } from "./lease.ts";
import { planFor, previewOf, writeOf } from "./preview.ts";
import { keyNote } from "./replay.ts";
import { guarded } from "./run.ts";
import type { ServedTool } from "./served.ts";
import { outcomeUnknown, settleUnknown } from "./settle-unknown.ts";
import { checkResult, shapeChecked } from "./shape.ts";

/** A claimed row, from plan to outcome; DESIGN 5. Every step is durable before the next one begins. */
export async function performWrite(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending> {
  const { ledger, at } = call.gate;
  const plan = await planned(call, tool, row);
  call.mark("plan");
  if (isInputRequired(plan)) return askClient(call, plan);
  at?.("planned");
  const running = await ledger.start(row, plan, leaseOf(call));
  call.mark("start");
  if (running === undefined) throw outcomeUnknown(tool, row);
  at?.("running");
  return commit(call, tool, { row: running, plan });
}

/** Settles a write whose outcome is unknown, and runs it again where that is safe. */
export async function resumeUnknown(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending> {
  const settled = await settleUnknown(call, tool, row);
  return settled.kind === "ended" ? settled.ending : performWrite(call, tool, settled.row);
}

/** Until here nothing was done: whatever goes wrong gives the row back. */
async function planned(call: Call, tool: ServedTool, row: LedgerRow): ReturnType<typeof planFor> {
  try {
    const plan = await planFor(call, tool, row.key);
    if (isInputRequired(plan)) {
      await call.gate.ledger.release(row, "input_required");
      return plan;
    }
    holdToPreview(call, tool, plan);
    approve(call, tool);
    if (call.exchange.signal.aborted)
      throw gateError("call_cancelled", "The caller went away before anything was done.");
    return plan;
  } catch (error) {
    await call.gate.ledger.release(row, isCallError(error) ? error.code : "system_error");
    throw error;
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

interface Running {
  readonly row: LedgerRow;
  readonly plan: Plan;
}

async function commit(call: Call, tool: ServedTool, { row, plan }: Running): Promise<Ending> {
  let work: Promise<unknown> | undefined;
  const begin = (signal: AbortSignal): Promise<unknown> => {
    work = Promise.resolve(writeOf(tool).commit(plan, new GateCommitContext(call, signal, row)));
    return work;
  };
  let result: unknown;
  try {
    // A client that goes away changes nothing from here on: only the deadline ends a commit.
    result = await guarded(call, begin, { giveUpWithClient: false });
  } catch (error) {
    return failed(call, tool, { row, error, work });
  }
  call.gate.at?.("committed");
  call.mark("commit");
  return land(call, tool, { row, result });
}

async function land(
  call: Call,
  tool: ServedTool,
  { row, result }: { row: LedgerRow; result: unknown },
): Promise<Ending> {
  const { ledger, at } = call.gate;
  let checked: Awaited<ReturnType<typeof checkResult>>;
  try {
    checked = await checkResult(call, tool, result);
  } catch (thrown) {
    const error = toCallError(call, thrown);
    await ledger.finish(row, { ok: false, happened: true, error: stored(error) });
    throw error;
  }
  await ledger.finish(row, { ok: true, result: checked });
  at?.("outcome-stored");
  call.mark("finish");
  return shapeChecked(call, tool, checked, keyNote(row));
}

interface Failure {
  readonly row: LedgerRow;
  readonly error: unknown;
  readonly work: Promise<unknown> | undefined;
}

/** A clear no of the tool is a failed write. Anything else may have happened after the effect, so the truth is not known here. */
async function failed(call: Call, tool: ServedTool, { row, error, work }: Failure): Promise<Ending> {
  const { ledger } = call.gate;
  if (work === undefined) {
    await ledger.release(row, isCallError(error) ? error.code : "system_error");
    throw error;
  }
  if (isCallError(error) && isClearNo(error)) {
    await ledger.finish(row, { ok: false, happened: false, error: stored(error) });
    throw error;
  }
  const late = isCallError(error) && error.code === "deadline_exceeded";
  const doubtful = (await ledger.doubt(row, late ? "deadline_exceeded" : toCallError(call, error).code)) ?? row;
  if (!late) return resumeUnknown(call, tool, doubtful);
  void work.then((result) => landLate(call, tool, { row, result })).catch((reason: unknown) => logLate(call, reason));
  throw outcomeUnknown(tool, row);
}

function isClearNo(error: CallError): boolean {
  return error.category === "domain" || error.category === "validation" || error.category === "security";
}

/** The commit ended after its call was answered: its outcome still lands, for whoever asks again. */
async function landLate(
  call: Call,
  tool: ServedTool,
  { row, result }: { row: LedgerRow; result: unknown },
): Promise<void> {
  await call.gate.ledger.finish(row, { ok: true, result: await checkResult(call, tool, result) });
}

function logLate(call: Call, reason: unknown): void {
  call.gate.log.warn("a commit ended after its deadline, without a result", { callId: call.id, error: String(reason) });
}

function stored({ code, message, category, next, details }: CallError): {
  code: string;
  message: string;
  category: string;
  next: string | undefined;
  details: CallError["details"];
} {
  return { code, message, category, next, details };
}
