import type { LedgerRow } from "../../store/ledger-port.ts";
import { gateError } from "../answers/gate-error.ts";
import { writeOf } from "../preview.ts";
import type { ServedTool } from "../served/served.ts";

/** The honest answer about a write whose outcome is not known here, and the way to find it out. The log says why. */
export function outcomeUnknown(tool: ServedTool, row: LedgerRow, cause?: Error): Error {
  const byLookup = writeOf(tool).lookup !== undefined;
  return gateError("outcome_unknown", `Whether ${tool.name} took place is not known here.`, {
    next: byLookup
      ? `Call again with idempotency_key "${row.key}": the gate asks the backend. Do not use another key.`
      : `Look for its effect with a reading tool. A person can settle it with resolve_write and the id ${row.id}. Do not use another key.`,
    retry: "same_key",
    details: { idempotency_key: row.key, write_id: row.id },
    cause,
  });
}
