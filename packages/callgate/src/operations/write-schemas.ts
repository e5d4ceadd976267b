import { z } from "zod";
import { CallError } from "../define/call-error.ts";
import type { Subject } from "../define/subject.ts";
import type { LedgerRow, LedgerStore, ListedWrite, WriteState } from "../store/ledger-port.ts";
import { isOfTenant } from "./is-of-tenant.ts";
import { isoTime } from "./iso-time.ts";
import { present } from "./present.ts";

export const writeStates: readonly WriteState[] = [
  "claimed",
  "awaiting",
  "approved",
  "running",
  "done",
  "failed",
  "released",
  "denied",
  "expired",
  "withdrawn",
  "unknown",
];

/** A write as the ledger has it, without its sealed plan and outcome. */
export interface WriteInfo {
  readonly write_id: string;
  readonly tool: string;
  readonly subject: string;
  readonly state: WriteState;
  readonly attempt: number;
  readonly call_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly finished_at?: string | undefined;
  readonly code?: string | undefined;
  readonly settled_by?: string | undefined;
  readonly note?: string | undefined;
}

export const WriteInfo: z.ZodType<WriteInfo, WriteInfo> = z.object({
  write_id: z.string(),
  tool: z.string(),
  subject: z.string(),
  state: z.enum(writeStates).describe("unknown: whether it took place is not known here, and a person may settle it"),
  attempt: z.int(),
  call_id: z.string().describe("The call that last moved it; get_audit_record shows it in full"),
  created_at: z.string(),
  updated_at: z.string(),
  finished_at: z
    .string()
    .optional()
    .describe("From then on its outcome is replayed to whoever sends the same key, for as long as it is kept"),
  code: z.string().optional(),
  settled_by: z.string().optional(),
  note: z.string().optional(),
});

/** The write of this id, where this subject may know of it. */
export async function findWrite(ledger: LedgerStore, subject: Subject, id: string): Promise<LedgerRow> {
  const row = await ledger.get(id);
  if (row !== undefined && isOfTenant(subject, row.tenant)) return row;
  throw new CallError("unknown_write", `There is no write ${id}.`, {
    category: "validation",
    next: "Call list_writes for ids that exist. Finished writes are removed some days after.",
  });
}

export function toWriteInfo(row: ListedWrite): WriteInfo {
  const { tool, subject, state, attempt } = row;
  return {
    write_id: row.id,
    tool,
    subject,
    state,
    attempt,
    call_id: row.callId,
    created_at: isoTime(row.createdAt),
    updated_at: isoTime(row.updatedAt),
    ...present({
      finished_at: isoTime(row.finishedAt),
      code: row.code,
      settled_by: row.settledBy,
      note: row.note,
    }),
  };
}
