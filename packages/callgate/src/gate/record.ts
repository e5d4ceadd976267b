import { inspect } from "node:util";
import { networkOf } from "../limits/network.ts";
import { rpcCode, rpcError } from "../wire/rpc-error.ts";
import { type Ending, refused } from "./answers/ending.ts";
import { failureEnding } from "./answers/failure.ts";
import { auditRowOf } from "./audit-row.ts";
import type { Call } from "./call/call.ts";

/**
 * Stage 1, around all others. Whatever happens inside ends as one row, durable before the answer leaves;
 * a call that cannot be recorded is not answered. Mass refusals are counted instead.
 */
export async function record(call: Call, passStages: (call: Call) => Promise<Ending>): Promise<Ending> {
  const ending = await endingOf(call, passStages);
  call.ended = true;
  if (ending.counted) {
    countRefusal(call, ending);
    return ending;
  }
  try {
    if (call.intent !== undefined) await call.intent;
    await call.gate.recorder.record(auditRowOf(call, "call", ending));
  } catch (error) {
    call.gate.log.error("a call could not be recorded", { callId: call.id, error: inspect(error) });
    return notRecorded(call);
  }
  call.gate.at?.("recorded");
  return ending;
}

async function endingOf(call: Call, passStages: (call: Call) => Promise<Ending>): Promise<Ending> {
  try {
    return await passStages(call);
  } catch (error) {
    return failureEnding(call, error);
  }
}

function countRefusal(call: Call, ending: Ending): void {
  const { exchange } = call;
  const subject = call.subjectIfKnown;
  call.gate.recorder.refuse({
    at: call.startedAt,
    subject: subject?.id ?? `address ${networkOf(exchange.presented.remoteAddress)}`,
    subjectKind: subject?.kind,
    tenant: subject?.tenant,
    tool: call.servedIfSeen?.name,
    domain: call.servedIfSeen?.domain.name,
    method: exchange.method,
    code: ending.code ?? "refused",
    transport: exchange.transport,
    revision: exchange.revision,
  });
}

function notRecorded(call: Call): Ending {
  const { id, writeKey: key } = call;
  const message =
    key === undefined
      ? "The call could not be recorded, so it is not answered. Try again later."
      : `The call could not be recorded. What became of it stands in the ledger: call again with idempotency_key "${key}" to learn it.`;
  const data = { code: "not_recorded", call_id: id, ...(key !== undefined && { idempotency_key: key }) };
  return refused(
    "not_recorded",
    rpcError(rpcCode.unavailable, message, { httpStatus: 503, httpHeaders: { "retry-after": "5" }, data }),
  );
}
