import { recordColumns, toAuditRecord, toRowValues } from "../../audit/row-columns.ts";
import type { ChainValue, HasherOf } from "../../audit-chain.ts";
import type {
  AuditPage,
  AuditQuery,
  AuditRecord,
  AuditRow,
  AuditStatus,
  AuditStore,
  AuditVerification,
} from "../../audit-port.ts";
import type { BatchQueue } from "../database/batch-queue.ts";
import { type Connections, quoted } from "../database/connections.ts";
import type { AuditKeeper } from "./audit-keeper.ts";
import type { AuditSegments } from "./audit-segments.ts";
import { auditStatus } from "./audit-status.ts";
import { erasePayload } from "./erase-payload.ts";
import { searchAudit } from "./search-audit.ts";

export interface PostgresAuditParts {
  readonly appends: BatchQueue<readonly ChainValue[], void>;
  readonly reading: Connections;
  readonly keeping: Connections;
  readonly segments: AuditSegments;
  readonly keeper: AuditKeeper;
  readonly hasherOf: HasherOf;
  readonly verify: (signal?: AbortSignal) => Promise<AuditVerification>;
}

/** The audit in partitions of one table. */
export class PostgresAuditStore implements AuditStore {
  readonly #parts: PostgresAuditParts;

  constructor(parts: PostgresAuditParts) {
    this.#parts = parts;
  }

  append(row: AuditRow): Promise<void> {
    this.#parts.keeper.appended += 1;
    return this.#parts.appends.call(toRowValues(row));
  }

  async search(query: AuditQuery): Promise<AuditPage> {
    const { reading, segments } = this.#parts;
    const all = await segments.list();
    const { records, cursor, complete } = await searchAudit(reading, all, query);
    const { textIndexLag } = await auditStatus(reading, all);
    return { records: records.map(toAuditRecord), cursor, complete, textIndexLag };
  }

  async get(callId: string): Promise<AuditRecord | undefined> {
    const [values] = await this.#parts.reading.run({
      text: `SELECT ${recordColumns.map(quoted).join(", ")} FROM audit_rows WHERE call_id = $1
        ORDER BY recorded_at DESC, position DESC LIMIT 1`,
      values: [callId],
    });
    return values === undefined ? undefined : toAuditRecord(values);
  }

  async recorded(callIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (callIds.length === 0) return new Set();
    const rows = await this.#parts.reading.run({
      text: "SELECT DISTINCT call_id FROM audit_rows WHERE kind <> 'intent' AND call_id = ANY($1::text[])",
      values: [callIds],
    });
    return new Set(rows.map(([callId]) => String(callId)));
  }

  verify(signal?: AbortSignal): Promise<AuditVerification> {
    return this.#parts.verify(signal);
  }

  async erase(callId: string): Promise<boolean> {
    const { keeping, segments, hasherOf } = this.#parts;
    return erasePayload(keeping, callId, { segments: await segments.list(), hasherOf });
  }

  async status(): Promise<AuditStatus> {
    return auditStatus(this.#parts.reading, await this.#parts.segments.list());
  }
}
