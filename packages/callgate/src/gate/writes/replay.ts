import { CallError, type ErrorCategory } from "../../define/call-error.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import type { Ending } from "../answers/ending.ts";
import { failureEnding } from "../answers/failure.ts";
import type { Note } from "../answers/result-ending.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";
import type { CheckedResult } from "../shape.ts";
import { answerDone } from "./took-place.ts";

/** The stored outcome of a finished write, answered again: nothing is planned, nothing runs. */
export async function replay(call: Call, tool: ServedTool, row: LedgerRow): Promise<Ending> {
  const outcome = call.gate.ledger.outcomeOf(row);
  call.mark("replay");
  if (outcome === undefined) throw new Error(`the write ${row.id} is ${row.state}, but has no outcome`);
  if (outcome.ok) return replayDone(call, tool, { row, checked: outcome.result as CheckedResult });
  call.gate.at?.("replayed");
  const { code, message, category, next, details } = outcome.error;
  const error = new CallError(code, message, {
    category: category as ErrorCategory,
    ...(next !== undefined && { next }),
    details: { ...details, replayed: true, idempotency_key: row.key },
  });
  return { ...failureEnding(call, error), outcome: "replayed" };
}

/**
 * A write that was done before is answered with what it gave then. To the call that did it, whoever found out, this is
 * no replay: else no row of the audit would say that it took place.
 */
export async function replayDone(
  call: Call,
  tool: ServedTool,
  { row, checked }: { readonly row: LedgerRow; readonly checked: CheckedResult },
): Promise<Ending> {
  if (row.callId === call.id) return answerDone(call, tool, { checked, note: keyNote(call, row) });
  call.gate.at?.("replayed");
  const note = keyNote(call, row, "This is the outcome of the same write, done before; nothing was done again.");
  return { ...(await answerDone(call, tool, { checked, note })), outcome: "replayed" };
}

/** The key of a write, for a later retry. Said in words where the caller did not choose it: models see no `_meta`. */
export function keyNote(call: Call, row: LedgerRow, replayed?: string): Note {
  const words = [replayed, call.own.key === undefined ? `Its idempotency_key is ${row.key}.` : undefined];
  return {
    meta: { "io.callgate/idempotency_key": row.key, ...(replayed !== undefined && { "io.callgate/replayed": true }) },
    text: words.filter((said) => said !== undefined).join(" ") || undefined,
  };
}
