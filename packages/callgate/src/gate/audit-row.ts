import { estimateTokens } from "../audit/tokens.ts";
import type { ContentBlock } from "../define/content.ts";
import type { AuditKind, AuditRow } from "../store/audit-port.ts";
import type { Call } from "./call.ts";
import type { Ending } from "./ending.ts";

/** The row of a call as the recorder takes it: masked here, by the rules of the gate and the schema of the tool. */
export function auditRowOf(call: Call, kind: AuditKind, ending: Ending | undefined): AuditRow {
  const { exchange, gate } = call;
  const subject = call.subjectIfKnown;
  const served = call.servedIfSeen;
  const members = ending?.answer.kind === "result" ? ending.answer.members : ending?.answer.message;
  const resultText = ending?.resultText;
  const mask = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : gate.masker.text(text);
  return {
    callId: call.id,
    kind,
    at: call.startedAt,
    method: exchange.method,
    domain: served?.domain.name,
    tool: served?.name,
    effect: served?.effect,
    outcome: ending?.outcome ?? "ok",
    code: ending?.code,
    category: ending?.category,
    caller: subject?.caller,
    subject: subject?.id,
    subjectKind: subject?.kind,
    account: subject?.account,
    tenant: subject?.tenant,
    role: subject?.role,
    client:
      exchange.meta.clientInfo === undefined
        ? undefined
        : `${exchange.meta.clientInfo.name}/${exchange.meta.clientInfo.version}`,
    transport: exchange.transport,
    revision: exchange.revision,
    traceId: call.trace.traceId,
    spanId: call.trace.spanId,
    reason: mask(call.own.reason),
    arguments: gate.masker.json(argumentsOf(call), served?.masked),
    result: resultText === undefined ? undefined : gate.masker.jsonText(resultText, served?.masked),
    sent: call.sent.length === 0 ? undefined : gate.masker.json(call.sent, served?.masked),
    message: mask(ending?.message),
    writeId: call.writeId,
    inputBytes: exchange.inputBytes,
    resultBytes: members?.length ?? 0,
    inputTokens: estimateTokens(exchange.inputBytes),
    resultTokens: estimateTokens(ending === undefined ? 0 : lettersOf(ending)),
    durationUs: call.durationUs,
    stages: call.stages(),
    count: 1,
  };
}

function argumentsOf(call: Call): unknown {
  const { method, params } = call.exchange;
  if (method === "tools/call" || method === "prompts/get") return params["arguments"];
  return method === "resources/read" ? { uri: params["uri"] } : undefined;
}

/** What a model reads of an answer: its JSON, a list as it stands, the texts among content blocks. Pictures and sound cost otherwise. */
function lettersOf({ answer, resultText, value }: Ending): number {
  if (resultText !== undefined) return resultText.length;
  if (answer.kind === "error") return answer.message.length;
  if (!Array.isArray(value)) return answer.members.length;
  return (value as readonly ContentBlock[]).reduce(
    (sum, { text }) => sum + (typeof text === "string" ? text.length : 0),
    0,
  );
}
