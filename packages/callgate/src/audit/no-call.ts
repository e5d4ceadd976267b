import type { AuditRow } from "../store/audit-port.ts";

type Unsaid =
  | "category"
  | "caller"
  | "account"
  | "role"
  | "client"
  | "spanId"
  | "reason"
  | "arguments"
  | "result"
  | "sent"
  | "inputBytes"
  | "resultBytes"
  | "inputTokens"
  | "resultTokens"
  | "durationUs"
  | "stages";

/** What a row says that stands for no call which could be looked at: nothing. */
export const noCall: Pick<AuditRow, Unsaid> = {
  category: undefined,
  caller: undefined,
  account: undefined,
  role: undefined,
  client: undefined,
  spanId: undefined,
  reason: undefined,
  arguments: undefined,
  result: undefined,
  sent: undefined,
  inputBytes: 0,
  resultBytes: 0,
  inputTokens: 0,
  resultTokens: 0,
  durationUs: 0,
  stages: undefined,
};
