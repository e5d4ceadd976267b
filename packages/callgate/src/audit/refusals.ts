import type { AuditRow } from "../store/audit-port.ts";

/** A refusal of the kind that comes by the thousand. */
export interface Refusal {
  readonly at: number;
  readonly subject: string;
  readonly subjectKind: string | undefined;
  readonly tool: string | undefined;
  readonly domain: string | undefined;
  readonly method: string;
  readonly code: string;
  readonly transport: string;
  readonly revision: string;
}

const MOST_BUCKETS = 1_000;

interface Bucket {
  readonly refusal: Refusal;
  count: number;
}

/** Counts refusals by subject, tool, code and second. What does not fit any more is counted under one heading. */
export class RefusalCounts {
  readonly #buckets = new Map<string, Bucket>();

  add(refusal: Refusal): void {
    const second = Math.floor(refusal.at / 1000);
    const key = `${second} ${refusal.code} ${refusal.tool ?? ""} ${refusal.subject}`;
    const bucket = this.#buckets.get(key);
    if (bucket !== undefined) bucket.count += 1;
    else if (this.#buckets.size < MOST_BUCKETS) this.#buckets.set(key, { refusal, count: 1 });
    else this.#addToRest(refusal, second);
  }

  /** The rows so far, one a bucket; counting starts anew. */
  take(idOf: (at: number) => string): AuditRow[] {
    const rows = [...this.#buckets.values()].map((bucket) => toRow(bucket, idOf(bucket.refusal.at)));
    this.#buckets.clear();
    return rows;
  }

  #addToRest(refusal: Refusal, second: number): void {
    const key = `${second} ${refusal.code} rest`;
    const bucket = this.#buckets.get(key);
    if (bucket !== undefined) bucket.count += 1;
    else
      this.#buckets.set(key, {
        refusal: { ...refusal, subject: "others", subjectKind: undefined, tool: undefined },
        count: 1,
      });
  }
}

function toRow({ refusal, count }: Bucket, callId: string): AuditRow {
  return {
    ...refusal,
    callId,
    kind: "refusals",
    effect: undefined,
    outcome: "refused",
    category: undefined,
    caller: undefined,
    account: undefined,
    tenant: undefined,
    role: undefined,
    client: undefined,
    traceId: undefined,
    spanId: undefined,
    reason: undefined,
    arguments: undefined,
    result: undefined,
    sent: undefined,
    message: undefined,
    writeId: undefined,
    inputBytes: 0,
    resultBytes: 0,
    inputTokens: 0,
    resultTokens: 0,
    durationUs: 0,
    stages: undefined,
    count,
  };
}
