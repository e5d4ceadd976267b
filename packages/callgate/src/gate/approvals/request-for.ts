import type { ApprovalRequest } from "../../approvals/request.ts";
import { cutPayload, cutText } from "../../audit/payload.ts";
import type { Plan } from "../../define/tool.ts";
import { gateError } from "../answers/gate-error.ts";
import type { Call } from "../call/call.ts";
import type { ServedTool } from "../served/served.ts";

/** Bytes of a preview as JSON. Whoever decides is shown all of it: nobody agrees to what they have not seen. */
const MOST_PREVIEW_BYTES = 128 * 1024;
/** What is done stands in the preview; longer arguments are cut as in the audit, and say so. */
const MOST_ARGUMENTS_BYTES = 64 * 1024;
const MOST_CLIENT_LETTERS = 200;

interface Asking {
  readonly plan: Plan;
  readonly because: readonly string[];
}

/** What people are shown who have to agree to a write. Throws where that is more than can be shown. */
export function requestFor(call: Call, tool: ServedTool, { plan, because }: Asking): ApprovalRequest {
  if (Buffer.byteLength(JSON.stringify(plan.preview)) > MOST_PREVIEW_BYTES) throw tooMuchToShow(tool);
  const { id, kind, user, account, role } = call.subject;
  const { clientInfo } = call.exchange.meta;
  const args = cutPayload(call.gate.masker.json(call.input, tool.masked), MOST_ARGUMENTS_BYTES);
  return {
    tool: tool.name,
    title: tool.title,
    domain: tool.domain.name,
    effect: tool.effect,
    contractHash: tool.contractHash,
    preview: plan.preview,
    arguments: JSON.parse(args ?? "null"),
    reason: call.own.reason,
    because,
    subject: { id, kind, user, account, role },
    client: cutText(clientInfo && `${clientInfo.name} ${clientInfo.version}`, MOST_CLIENT_LETTERS),
    callId: call.id,
  };
}

function tooMuchToShow({ name }: ServedTool): Error {
  return gateError(
    "approval_unavailable",
    `What ${name} would do takes more than ${MOST_PREVIEW_BYTES} bytes to say: too much for anybody to agree to; nothing was done.`,
    { next: "Narrow the arguments, so that less is written at once." },
  );
}
