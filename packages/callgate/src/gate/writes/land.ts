import { inspect } from "node:util";
import { type CallError, isCallError } from "../../define/call-error.ts";
import { isInputRequired } from "../../define/input-required.ts";
import type { StoredError, StoredOutcome } from "../../ledger/write-ledger.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import type { Ending } from "../answers/ending.ts";
import { toCallError } from "../answers/failure.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";
import { type CheckedResult, checkResult } from "../shape.ts";
import { outcomeUnknown } from "./outcome-unknown.ts";
import { keyNote } from "./replay.ts";
import { answerDone, tookPlace } from "./took-place.ts";

interface Landing {
  readonly row: LedgerRow;
  readonly result: unknown;
}

/** The outcome of a commit that ended: durable before it is answered. Undefined: another attempt has the row. */
export async function land(call: Call, tool: ServedTool, { row, result }: Landing): Promise<Ending | undefined> {
  const checked = await storeResult(call, tool, { row, result });
  if (checked === undefined) return undefined;
  call.gate.at?.("outcome-stored");
  call.mark("finish");
  return answerDone(call, tool, { checked, note: keyNote(call, row) });
}

/**
 * Stores what a commit gave. A result that cannot be used is stored too: the effect took place, and must not be made
 * again. Undefined: another attempt has the row, and what became of the write stands there.
 */
export async function storeResult(
  call: Call,
  tool: ServedTool,
  { row, result }: Landing,
): Promise<CheckedResult | undefined> {
  let checked: CheckedResult;
  try {
    checked = await checkResult(call, tool, result);
    // What JSON cannot say could not be stored, and the write would look as if it were still running.
    JSON.stringify(checked);
  } catch (thrown) {
    const error = tookPlace(call, tool, toCallError(call, thrown));
    if (await finish(call, tool, { row, outcome: { ok: false, happened: true, error: stored(error) } })) throw error;
    return undefined;
  }
  return (await finish(call, tool, { row, outcome: { ok: true, result: checked } })) ? checked : undefined;
}

/** Stores a clear no. False: another attempt has the row, and this no says nothing about it. */
export async function storeFailure(
  call: Call,
  tool: ServedTool,
  { row, error }: { row: LedgerRow; error: CallError },
): Promise<boolean> {
  return finish(call, tool, { row, outcome: { ok: false, happened: false, error: stored(error) } });
}

/** A commit that ends after its call was answered: its outcome still lands, for whoever asks again. */
export function landLater(
  call: Call,
  tool: ServedTool,
  { row, work, isRetry }: { row: LedgerRow; work: Promise<unknown>; isRetry: boolean },
): void {
  const landed = work.then(
    async (result) => {
      if (!isInputRequired(result)) await storeResult(call, tool, { row, result });
      else if (!isRetry) await call.gate.ledger.release(row, "input_required");
    },
    async (error: unknown) => {
      if (!isClearNo(call, error)) throw error;
      if (error.retry === "never") await storeFailure(call, tool, { row, error });
      // Not for good, so nothing to replay: this attempt did nothing, and unless an earlier one may have, another may.
      else if (!isRetry) await call.gate.ledger.release(row, error.code);
    },
  );
  landed.catch((reason: unknown) =>
    call.gate.log.warn("a commit ended after its deadline, without a result", {
      callId: call.id,
      error: inspect(reason),
    }),
  );
}

/**
 * The tool itself said no, before anything happened. Errors of networks and machines say nothing about that unless they
 * say `nothingDone`, nor does the no of another tool that it called on its way.
 */
export function isClearNo(call: Call, error: unknown): error is CallError {
  if (!isCallError(error) || call.isInner(error)) return false;
  if (error.nothingDone) return true;
  return error.category === "domain" || error.category === "validation" || error.category === "security";
}

interface Finish {
  readonly row: LedgerRow;
  readonly outcome: StoredOutcome;
}

/** Moves the row to its outcome. Where that cannot be stored, the truth is not known here. */
async function finish(call: Call, tool: ServedTool, { row, outcome }: Finish): Promise<boolean> {
  try {
    if ((await call.gate.ledger.finish(row, outcome)) !== undefined) return true;
    return (outcome.ok || outcome.happened) && (await isDenied(call, row));
  } catch (error) {
    call.gate.log.error("an outcome could not be stored", { callId: call.id, writeId: row.id, error: inspect(error) });
    throw outcomeUnknown(tool, row);
  }
}

/**
 * True where the record of a write that took place says for good that it did not: a person settled it too early. Then
 * the caller is told what took place, and the people who run this learn of it from the log.
 */
async function isDenied(call: Call, { id: writeId, attempt }: LedgerRow): Promise<boolean> {
  const state = (await call.gate.ledger.get(writeId))?.state;
  if (state !== undefined && state !== "failed" && state !== "released") return false;
  const fields = { callId: call.id, tool: call.served.name, writeId, attempt, state: state ?? "removed" };
  call.gate.log.error("a write took place though its record says that it did not", fields);
  return true;
}

function stored({ code, message, category, next, details }: CallError): StoredError {
  return { code, message, category, next, details };
}
