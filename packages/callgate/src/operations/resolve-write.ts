import { z } from "zod";
import { CallError } from "../define/call-error.ts";
import type { Domain } from "../define/domain.ts";
import type { GateInsides } from "../gate/open/create-gate.ts";
import type { StoredOutcome } from "../ledger/write-ledger.ts";
import type { LedgerRow, LedgerStore } from "../store/ledger-port.ts";
import { findWrite, toWriteInfo, WriteInfo } from "./write-schemas.ts";

type Verdict = "happened" | "did_not_happen";

export function addResolveWrite(writes: Domain<LedgerStore>, { ledger }: GateInsides): void {
  writes.write("resolve_write", {
    description:
      "Settle a write whose outcome is unknown, after looking at its effect: it happened, or it did not. From then on whoever sends " +
      "the same key gets that answer. Recorded with who said so and why. It cannot be taken back.",
    scope: "writes:resolve",
    input: z.object({
      write_id: z.string().describe("e.g. write_…; list_writes with state=unknown gives them"),
      outcome: z.enum(["happened", "did_not_happen"]),
      note: z.string().min(3).max(1_000).describe("How you found out, for whoever asks later"),
    }),
    output: WriteInfo,
    plan: async ({ write_id, outcome, note }, { backend, subject }) => {
      const row = await findWrite(backend, subject, write_id);
      refuseSettled(row, { outcome, note, by: subject.id });
      return {
        preview: {
          action: "resolve_write",
          write: { id: row.id, tool: row.tool, subject: row.subject },
          outcome,
          note,
        },
        writeId: row.id,
        outcome,
        note,
      };
    },
    commit: async ({ writeId, outcome, note }, { backend, subject }) => {
      const row = await findWrite(backend, subject, writeId);
      if (row.state !== "unknown") {
        refuseSettled(row, { outcome, note, by: subject.id });
        return toWriteInfo(row);
      }
      const settled = await ledger.settle(row, settledOutcome(row, outcome, note), { settledBy: subject.id, note });
      if (settled !== undefined) return toWriteInfo(settled);
      throw hasMoved(await findWrite(backend, subject, writeId));
    },
    // Not asked: commit itself sees whether the write is settled already.
    lookup: () => undefined,
  });
}

/** A write that is settled in the same words by the same person is what a repeat of this call finds. */
function refuseSettled(row: LedgerRow, said: { outcome: Verdict; note: string; by: string }): void {
  if (row.state === "unknown") return;
  const same = row.state === (said.outcome === "happened" ? "done" : "failed");
  if (!same || row.settledBy !== said.by || row.note !== said.note) throw hasMoved(row);
}

function hasMoved(row: LedgerRow): CallError {
  const by = row.settledBy === undefined ? "" : `, settled by ${row.settledBy}`;
  return new CallError("write_not_unknown", `The write ${row.id} is ${row.state}${by}: there is nothing to settle.`, {
    next: "Call get_write to see where it stands.",
  });
}

/** What a replay answers from now on. The tool's own result is not known to anyone, so it is said in words. */
function settledOutcome(row: LedgerRow, verdict: Verdict, note: string): StoredOutcome {
  const happened = verdict === "happened";
  return {
    ok: false,
    happened,
    error: {
      code: happened ? "settled_as_happened" : "settled_as_not_happened",
      message: `A person looked and settled that this ${row.tool} ${happened ? "took place" : "did not take place"}: ${note}`,
      category: "domain",
      next: happened
        ? "Do not send it again. Look at its effect with a reading tool."
        : "To do it now, call again with a new idempotency_key.",
    },
  };
}
