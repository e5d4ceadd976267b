import type { AuditFault, AuditRecord } from "../../../packages/callgate/src/store/audit-port.ts";
import type { LedgerRow } from "../../../packages/callgate/src/store/ledger-port.ts";
import type { Store } from "../../../packages/callgate/src/store/port.ts";
import type { Wanted } from "../clients/client.ts";
import type { Request } from "../clients/history.ts";
import type { Effect } from "../effects/effect.ts";

/** A row of the ledger, as far as it is judged. */
export type Write = Pick<LedgerRow, "id" | "subject" | "tool" | "key" | "state" | "callId" | "approval">;
/** A row of the audit, as far as it is judged. */
export type AuditEntry = Pick<AuditRecord, "callId" | "kind" | "tool" | "effect" | "outcome" | "writeId" | "traceId">;

/** All that is known after a run, from those who cannot have agreed on it: the outside world, the clients, the store. */
export interface Evidence {
  readonly effects: readonly Effect[];
  readonly requests: readonly Request[];
  readonly wanted: readonly Wanted[];
  readonly writes: readonly Write[];
  readonly audit: readonly AuditEntry[];
  readonly faults: readonly AuditFault[];
}

const PAGE = 1_000;

/** What the store knows. No gate may be running on it any more. */
export async function readStore(store: Store): Promise<Pick<Evidence, "writes" | "audit" | "faults">> {
  const writes = await readAll<Write>(async (page) => {
    const { rows, cursor } = await store.ledger.list(page);
    return {
      cursor,
      rows: rows.map(({ id, subject, tool, key, state, callId, approval }) => {
        return { id, subject, tool, key, state, callId, approval };
      }),
    };
  });
  const audit = await readAll<AuditEntry>(async (page) => {
    const { records, cursor } = await store.audit.search(page);
    return {
      cursor,
      rows: records.map(({ callId, kind, tool, effect, outcome, writeId, traceId }) => {
        return { callId, kind, tool, effect, outcome, writeId, traceId };
      }),
    };
  });
  return { writes, audit, faults: (await store.audit.verify()).faults };
}

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly cursor: string | undefined;
}

async function readAll<Row>(
  read: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Page<Row>>,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page: Page<Row> = await read({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
    for (const row of page.rows) all.push(row);
    cursor = page.cursor;
  }
  return all;
}
