import { isCallError } from "../define/call-error.ts";
import type { LedgerRow } from "../store/ledger-port.ts";
import type { Call } from "./call.ts";
import { GateCommitContext } from "./context.ts";
import type { Ending } from "./ending.ts";
import { gateError } from "./gate-error.ts";
import { writeOf } from "./preview.ts";
import { replay } from "./replay.ts";
import { guarded } from "./run.ts";
import type { ServedTool } from "./served.ts";
import { checkResult } from "./shape.ts";

/** The write has ended, or may run again on its row. */
export type Settled = { readonly kind: "ended"; readonly ending: Ending } | { readonly kind: "again" };

/**
 * A write whose outcome is not known here: the backend is asked. Found: it is done. Absent: it runs again only
 * where the backend makes one effect per key; else it stays unknown, and the answer says how to find out.
 */
export async function settleUnknown(call: Call, tool: ServedTool, row: LedgerRow): Promise<Settled> {
  const found = await askBackend(call, tool, row);
  call.mark("lookup");
  if (found.kind === "found") {
    const result = await checkResult(call, tool, found.result);
    const done = await call.gate.ledger.finish(row, { ok: true, result });
    return { kind: "ended", ending: await replay(call, tool, done ?? (await current(call, row))) };
  }
  if (found.kind === "absent" && tool.domain.options.backend?.takesIdempotencyKey === true) return { kind: "again" };
  throw outcomeUnknown(tool, row);
}

type Found =
  | { readonly kind: "found"; readonly result: unknown }
  | { readonly kind: "absent" }
  | { readonly kind: "unasked" };

async function askBackend(call: Call, tool: ServedTool, row: LedgerRow): Promise<Found> {
  const { lookup } = writeOf(tool);
  if (lookup === undefined) return { kind: "unasked" };
  try {
    const result = await guarded(call, (signal) => lookup(row.key, new GateCommitContext(call, signal, row)));
    return result === undefined ? { kind: "absent" } : { kind: "found", result };
  } catch (error) {
    if (!isCallError(error))
      call.gate.log.error("a lookup broke", { callId: call.id, tool: tool.name, error: String(error) });
    return { kind: "unasked" };
  }
}

async function current(call: Call, row: LedgerRow): Promise<LedgerRow> {
  return (await call.gate.ledger.get(row.id)) ?? row;
}

export function outcomeUnknown(tool: ServedTool, row: LedgerRow): Error {
  const byLookup = writeOf(tool).lookup !== undefined;
  return gateError("outcome_unknown", `Whether ${tool.name} took place is not known here.`, {
    next: byLookup
      ? `Call again with idempotency_key "${row.key}": the gate asks the backend. Do not use another key.`
      : `Look for its effect with a reading tool. A person can settle it with resolve_write and the id ${row.id}. Do not use another key.`,
    retry: "same_key",
    details: { idempotency_key: row.key, write_id: row.id },
  });
}
