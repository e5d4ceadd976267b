import { estimateTokens } from "../audit/tokens.ts";
import type { ContentBlock } from "../define/content.ts";
import type { AuditKind, AuditRow } from "../store/audit-port.ts";
import type { RowApproval } from "../store/ledger-port.ts";
import type { Answer } from "../wire/exchange.ts";
import type { Ending } from "./answers/ending.ts";
import type { Call } from "./call/call.ts";

/** The row of a call as the recorder takes it: masked here, by the rules of the gate and the schema of the tool. */
export function auditRowOf(call: Call, kind: AuditKind, ending: Ending | undefined): AuditRow {
  const { exchange, gate } = call;
  const subject = call.subjectIfKnown;
  const served = call.servedIfSeen;
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
    client: mask(clientOf(call)),
    transport: exchange.transport,
    revision: exchange.revision,
    traceId: call.trace.traceId,
    spanId: call.trace.spanId,
    reason: mask(call.own.reason),
    arguments: gate.masker.json(argumentsOf(call), served?.masked),
    result: ending === undefined ? undefined : resultOf(call, ending),
    sent: call.sent.length === 0 ? undefined : gate.masker.json(call.sent, served?.masked),
    message: mask(messageOf(call, ending)),
    writeId: call.writeId,
    inputBytes: exchange.inputBytes,
    resultBytes: ending === undefined ? 0 : (ending.bytes ?? bytesOf(ending.answer)),
    inputTokens: estimateTokens(exchange.inputBytes),
    resultTokens: estimateTokens(ending === undefined ? 0 : lettersOf(ending)),
    durationUs: call.durationUs,
    stages: call.stages(),
    count: 1,
  };
}

/** What is said of the ending; of a task also which it is, and of anything that has a price what that came to. */
function messageOf(call: Call, ending: Ending | undefined): string | undefined {
  if (ending === undefined) return undefined;
  const { task, cost } = call;
  const total = task?.cost ?? cost ?? {};
  const amounts = Object.entries(total).map(([unit, amount]) => `${unit} ${amount}`);
  const words = [
    ending.message,
    task && `Task ${task.row.id}, ${task.workedMs} ms of work.`,
    amounts.length > 0 ? `Cost: ${amounts.join(", ")}.` : undefined,
  ].filter((said) => said !== undefined);
  return words.length === 0 ? undefined : words.join(" ");
}

function clientOf({ exchange: { meta } }: Call): string | undefined {
  return meta.clientInfo && `${meta.clientInfo.name}/${meta.clientInfo.version}`;
}

/** With what the client answered when it was asked in between, and who had agreed, beside the arguments that it sends. */
function argumentsOf({ exchange: { method, params }, spentApproval }: Call): unknown {
  if (method === "resources/read") return { uri: params["uri"] };
  if (method === "callgate/contracts") return params;
  if (method.startsWith("tasks/")) return { taskId: params["taskId"] };
  if (method !== "tools/call" && method !== "prompts/get") return undefined;
  const { arguments: sent, inputResponses } = params;
  if (inputResponses === undefined && spentApproval === undefined) return sent;
  return {
    ...(sent as object | undefined),
    ...(inputResponses !== undefined && { "io.callgate/input_responses": inputResponses }),
    ...(spentApproval !== undefined && { "io.callgate/approval": agreedTo(spentApproval) }),
  };
}

function agreedTo({ id, level, decisions }: RowApproval): unknown {
  return { id, level, by: decisions.map(({ by, as }) => ({ by, as })) };
}

function resultOf({ gate, servedIfSeen: served }: Call, { resultText, value }: Ending): string | undefined {
  if (resultText !== undefined) return gate.masker.jsonText(resultText, served?.masked);
  return Array.isArray(value) ? gate.masker.json(value.map(withoutBytes), served?.masked) : undefined;
}

/** Pictures, sounds and files among content blocks: nobody reads them in a record, so their size stands for them. */
function withoutBytes({ data, resource, ...block }: ContentBlock): unknown {
  const { blob, ...named } = (resource ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...block,
    ...(data !== undefined && { data: sizeOf(data) }),
    ...(resource !== undefined && { resource: { ...named, ...(blob !== undefined && { blob: sizeOf(blob) }) } }),
  };
}

function sizeOf(bytes: unknown): unknown {
  return typeof bytes === "string" ? `[${bytes.length} letters of base64]` : bytes;
}

/** The answer as it leaves, but for the envelope. */
function bytesOf(answer: Answer): number {
  return answer.kind === "error"
    ? Buffer.byteLength(answer.message)
    : Buffer.byteLength(answer.members) + Buffer.byteLength(answer.meta ?? "");
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
