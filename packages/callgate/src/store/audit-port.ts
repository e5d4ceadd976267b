/** How a call ended, as the audit says it. `begun`: a task does its work, and has a row of its own when that ends. */
export type AuditOutcome =
  | "ok"
  | "error"
  | "refused"
  | "preview"
  | "replayed"
  | "begun"
  | "unknown"
  | "interrupted"
  | "cancelled";

/**
 * What a row is about: a finished call, the intent of a call whose answer is streamed,
 * a number of equal refusals within one second, or a call that a crash cut off.
 */
export type AuditKind = "call" | "intent" | "refusals" | "recovered";

/** One row of the audit. Texts are masked before they come here; times are milliseconds since the epoch. */
export interface AuditRow {
  readonly callId: string;
  readonly kind: AuditKind;
  readonly at: number;
  readonly method: string;
  readonly domain: string | undefined;
  readonly tool: string | undefined;
  readonly effect: string | undefined;
  readonly outcome: AuditOutcome;
  readonly code: string | undefined;
  readonly category: string | undefined;
  readonly caller: string | undefined;
  readonly subject: string | undefined;
  readonly subjectKind: string | undefined;
  readonly account: string | undefined;
  readonly tenant: string | undefined;
  readonly role: string | undefined;
  readonly client: string | undefined;
  readonly transport: string;
  readonly revision: string;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Why the model called, in its own words. */
  readonly reason: string | undefined;
  /** JSON texts, masked: arguments, result, and what the tool sent to its backend. */
  readonly arguments: string | undefined;
  readonly result: string | undefined;
  readonly sent: string | undefined;
  readonly message: string | undefined;
  readonly writeId: string | undefined;
  readonly inputBytes: number;
  readonly resultBytes: number;
  readonly inputTokens: number;
  readonly resultTokens: number;
  readonly durationUs: number;
  /** JSON object: stage name to microseconds. */
  readonly stages: string | undefined;
  /** How many calls this row stands for; 1 but for `refusals`. */
  readonly count: number;
}

/** A row as it stands in the store, with its place in its writer's chain. */
export interface AuditRecord extends AuditRow {
  readonly writer: string;
  readonly ordinal: number;
  readonly hash: string;
}

/** What to look for; every given field must match. Times are milliseconds since the epoch, `until` exclusive. */
export interface AuditQuery {
  readonly subject?: string;
  readonly tenant?: string;
  readonly caller?: string;
  readonly tool?: string;
  readonly domain?: string;
  readonly outcome?: AuditOutcome;
  readonly code?: string;
  readonly traceId?: string;
  readonly writeId?: string;
  readonly from?: number;
  readonly until?: number;
  /** Words that all stand in reason, message, arguments, result or sent. */
  readonly text?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Newest first. `cursor` goes on where this page, or its time budget, ended. */
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  readonly cursor: string | undefined;
  /** False where the time budget ended the search before the page was full: go on with the cursor. */
  readonly complete: boolean;
  /** Rows that are not in the text index yet (they are searched by scanning). */
  readonly textIndexLag: number;
}

/** What is wrong with a chain, and where. */
export interface AuditFault {
  readonly writer: string;
  readonly ordinal: number;
  readonly callId: string | undefined;
  readonly problem: "changed" | "missing" | "reordered" | "head-mismatch" | "unreadable";
  readonly detail: string;
}

export interface AuditVerification {
  readonly rows: number;
  readonly writers: number;
  readonly segments: number;
  readonly faults: readonly AuditFault[];
}

export interface AuditStatus {
  readonly rows: number;
  readonly segments: number;
  readonly openRows: number;
  readonly textIndexLag: number;
}

/** The append-only record of calls. */
export interface AuditStore {
  /** Resolves once the row is durable; rejects if it is not recorded. Rows given together are committed together. */
  append(row: AuditRow): Promise<void>;
  search(query: AuditQuery): Promise<AuditPage>;
  get(callId: string): Promise<AuditRecord | undefined>;
  /** Those of the calls whose end is on record. An intent alone says that a call began, not how it ended. */
  recorded(callIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Reads the whole record; stops, and rejects with the signal's reason, once the signal is aborted. */
  verify(signal?: AbortSignal): Promise<AuditVerification>;
  /** Replaces the payload of a row (arguments, result, sent, reason, message) by nothing; the chain still proves. */
  erase(callId: string): Promise<boolean>;
  status(): Promise<AuditStatus>;
}
