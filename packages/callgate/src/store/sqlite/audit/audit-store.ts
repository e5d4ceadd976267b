import { type RecordValues, toAuditRecord, toRowValues } from "../../audit/row-columns.ts";
import type {
  AuditPage,
  AuditQuery,
  AuditRecord,
  AuditRow,
  AuditStatus,
  AuditStore,
  AuditVerification,
} from "../../audit-port.ts";
import type { BatchChannel } from "../threads/batch-channel.ts";
import type { LazyChannel } from "../threads/lazy-channel.ts";
import type { AuditKeeper } from "./audit-keeper.ts";
import type { SearchReply } from "./search-audit.ts";
import type { RecordPlace } from "./search-worker.ts";

/** The audit in segment files: one thread appends, one searches, one keeps house, and each proof has its own. */
export class SqliteAuditStore implements AuditStore {
  readonly #appender: BatchChannel;
  readonly #searcher: LazyChannel;
  readonly #keeper: AuditKeeper;
  readonly #verify: AuditStore["verify"];

  constructor(threads: {
    readonly appender: BatchChannel;
    readonly searcher: LazyChannel;
    readonly keeper: AuditKeeper;
    readonly verify: AuditStore["verify"];
  }) {
    this.#appender = threads.appender;
    this.#searcher = threads.searcher;
    this.#keeper = threads.keeper;
    this.#verify = threads.verify;
  }

  append(row: AuditRow): Promise<void> {
    this.#keeper.appended += 1;
    return this.#appender.call(toRowValues(row));
  }

  async search(query: AuditQuery): Promise<AuditPage> {
    const reply = await this.#searcher.call<readonly [...SearchReply, number]>(["search", query]);
    const [records, cursor, complete, textIndexLag] = reply;
    return { records: records.map(toAuditRecord), cursor: cursor ?? undefined, complete, textIndexLag };
  }

  async get(callId: string): Promise<AuditRecord | undefined> {
    const values = await this.#searcher.call<RecordValues | undefined>(["get", callId]);
    return values === undefined ? undefined : toAuditRecord(values);
  }

  async recorded(callIds: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(await this.#searcher.call<readonly string[]>(["recorded", callIds]));
  }

  verify(signal?: AbortSignal): Promise<AuditVerification> {
    return this.#verify(signal);
  }

  async erase(callId: string): Promise<boolean> {
    const places = await this.#searcher.call<readonly RecordPlace[]>(["locate", callId]);
    for (const [segment, position] of places) await this.#keeper.erase(segment, position);
    return places.length > 0;
  }

  async status(): Promise<AuditStatus> {
    const [rows, segments, openRows, textIndexLag] = await this.#searcher.call<[number, number, number, number]>([
      "status",
    ]);
    return { rows, segments, openRows, textIndexLag };
  }
}
