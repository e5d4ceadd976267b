import { inspect } from "node:util";
import type { Stop } from "../../define/stop.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import type { Ending } from "../answers/ending.ts";
import type { Call } from "../call/call.ts";
import { GateCommitContext } from "../context/context.ts";
import { writeOf } from "../preview.ts";
import { guarded } from "../run.ts";
import type { ServedTool } from "../served/served.ts";
import { storeResult } from "./land.ts";
import { replayDone } from "./replay.ts";

/**
 * The write has ended, may run again on its row, or stays unknown. An ending that is undefined: another attempt has the
 * row.
 */
export type Settled =
  | { readonly kind: "ended"; readonly ending: Ending | undefined }
  | { readonly kind: "again" }
  | { readonly kind: "unclear" };

/**
 * A write whose outcome is not known here: the backend is asked. Found: it is done. Else it runs again only where
 * the backend makes one effect per key; where it does not, it stays unknown.
 */
export async function settleUnknown(call: Call, tool: ServedTool, row: LedgerRow): Promise<Settled> {
  const found = await askBackend(call, tool, row);
  call.mark("lookup");
  if (found !== undefined) {
    const checked = await storeResult(call, tool, { row, result: found.result });
    return { kind: "ended", ending: checked && (await replayDone(call, tool, { row, checked })) };
  }
  return { kind: tool.domain.options.backend?.takesIdempotencyKey === true ? "again" : "unclear" };
}

/** What the backend knows of the write; undefined where it knows nothing, or cannot be asked. */
async function askBackend(
  call: Call,
  tool: ServedTool,
  row: LedgerRow,
): Promise<{ readonly result: unknown } | undefined> {
  const { lookup } = writeOf(tool);
  if (lookup === undefined) return undefined;
  try {
    const ask = (stop: Stop): unknown => {
      const ctx = new GateCommitContext(call, stop, row);
      return lookup(ctx.idempotencyKey, ctx);
    };
    const result = await guarded(call, ask, { access: "write", giveUpWithClient: true });
    return result === undefined ? undefined : { result };
  } catch (error) {
    call.gate.log.error("a lookup broke", { callId: call.id, tool: tool.name, error: inspect(error) });
    return undefined;
  }
}
