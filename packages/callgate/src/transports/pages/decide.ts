import { sendSeeOther } from "./document.ts";
import { showApproval } from "./show-approvals.ts";
import { showTrouble } from "./sign-in.ts";
import type { Visit } from "./visit.ts";

export interface Decision {
  readonly approvalId: string;
  /** Names this one form: sent twice, it decides once. */
  readonly once: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Says to the gate what the person has said by this form, and shows what came of it. */
export async function decide(visit: Visit, { approvalId, once, fields }: Decision): Promise<void> {
  const deed = fields.get("deed");
  const name = deed === "withdraw" ? "withdraw_approval" : "decide_approval";
  if (deed !== "approve" && deed !== "deny" && deed !== "withdraw")
    return showApproval(visit, approvalId, "Say whether you approve it. Nothing was decided.");
  const note = fields.get("note")?.replaceAll("\r\n", "\n").trim();
  const said = { approval_id: approvalId, ...(note && { note }), ...(deed !== "withdraw" && { decision: deed }) };
  const answered = await visit.parts.gate.call(
    { name, arguments: { ...said, idempotency_key: once } },
    visit.presented,
  );
  if (answered.kind === "result") return sendSeeOther(visit.response, visit.parts.places.of(approvalId), {});
  if (answered.kind === "refused") return showTrouble(visit, answered, { kind: "approval", approvalId });
  const fault = answered.code === "key_reused" ? "This form has been sent before." : answered.message;
  return showApproval(visit, approvalId, fault);
}
