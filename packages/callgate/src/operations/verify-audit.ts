import { z } from "zod";
import type { Domain } from "../define/domain.ts";
import type { AuditStore } from "../store/audit-port.ts";

/** Adds the tool that proves the record; `timeoutMs` is how long it may read. */
export function addVerifyAudit(audit: Domain<AuditStore>, timeoutMs: number): void {
  audit.read("verify_audit", {
    description:
      "Prove that the record of calls has not been changed: every row is held against its chain and every chain against its signed " +
      "heads. Reads the whole record, so it may take minutes; nothing is changed.",
    scope: "audit:read",
    timeoutMs,
    rate: "10/h",
    concurrency: 1,
    input: z.object({}),
    output: z.object({
      intact: z.boolean(),
      rows: z.int(),
      writers: z.int(),
      segments: z.int(),
      faults: z
        .array(
          z.object({
            writer: z.string(),
            ordinal: z.int(),
            call_id: z.string().optional(),
            problem: z.enum(["changed", "missing", "reordered", "head-mismatch", "unreadable"]),
            detail: z.string(),
          }),
        )
        .describe("At most 100"),
      faults_in_all: z.int(),
    }),
    run: async (_input, { backend, signal }) => {
      const { rows, writers, segments, faults } = await backend.verify(signal);
      const shown = faults
        .slice(0, 100)
        .map(({ callId, ...fault }) => ({ ...fault, ...(callId !== undefined && { call_id: callId }) }));
      return { intact: faults.length === 0, rows, writers, segments, faults: shown, faults_in_all: faults.length };
    },
  });
}
