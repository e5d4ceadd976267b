import type { ArchiveBatch } from "./archive/archived-tables.ts";
import type { AuditStatus } from "./audit-port.ts";

/** Which steps of its schema a store has taken, and which a gate would take when it starts. */
export interface SchemaState {
  readonly taken: number;
  readonly pending: readonly string[];
}

/** What a store holds. */
export interface StoreStatus {
  /** Writes by their state. */
  readonly writes: Readonly<Record<string, number>>;
  readonly keys: number;
  readonly tasks: number;
  readonly audit: AuditStatus;
  readonly bytes: number;
}

/** A store as a whole, for whoever looks after it. */
export interface StoreUpkeep {
  schema(): Promise<SchemaState>;
  /** Takes the steps that are pending; gives what was. */
  migrate(): Promise<SchemaState>;
  /** Undefined where there is no schema yet, or steps are pending. */
  status(): Promise<StoreStatus | undefined>;
  /** Hands over everything that is kept, as it was at one moment, in batches, tables in their order. Sealed stays sealed. */
  read(take: (batch: ArchiveBatch) => Promise<void>): Promise<void>;
  /**
   * Puts an archive into a store that is empty: all of it, or nothing. Rejects with `store_conflict` where the store is
   * not empty, with `store_invalid` where the archive's chains do not prove.
   */
  fill(batches: AsyncIterable<ArchiveBatch>): Promise<void>;
  close(): Promise<void>;
}
