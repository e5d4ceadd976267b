import { isReclaimed } from "../../store/ledger-rows.ts";
import { gateError } from "../answers/gate-error.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";

/**
 * A key stands for one write, also where that was made when its tool had another name. Whether it was the same one cannot
 * be told any more: it stands in the ledger by the contract of then.
 */
export async function refuseMadeBefore(call: Call, tool: ServedTool): Promise<void> {
  const { key } = call.own;
  const { from = [] } = tool.declaration.renamed ?? {};
  if (key === undefined) return;
  for (const former of from) {
    const row = await call.gate.ledger.find({ subject: call.subject.id, tool: former, key });
    if (row === undefined || isReclaimed(row.state)) continue;
    throw gateError(
      "key_reused",
      `This idempotency_key belongs to a call of yours from when ${tool.name} was ${former}.`,
      {
        next: "Find out with a reading tool whether it took place. Use a new key only for another write.",
        details: { idempotency_key: key, write_id: row.id, used_at: new Date(row.createdAt).toISOString() },
      },
    );
  }
}
