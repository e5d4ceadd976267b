import type { AuditRow } from "../store/audit-port.ts";
import { noCall } from "./no-call.ts";

/** A refusal of the kind that comes by the thousand. */
export interface Refusal {
  readonly at: number;
  readonly subject: string;
  readonly subjectKind: string | undefined;
  readonly tenant: string | undefined;
  readonly tool: string | undefined;
  readonly domain: string | undefined;
  readonly method: string;
  readonly code: string;
  readonly transport: string;
  readonly revision: string;
}

/** Equal refusals within one second. */
export interface RefusalCount {
  readonly refusal: Refusal;
  readonly count: number;
}

const MOST_BUCKETS = 1_000;

/** Counts refusals by subject, tool, code and second. What does not fit any more is counted under one heading. */
export class RefusalCounts {
  readonly #buckets = new Map<string, { readonly refusal: Refusal; count: number }>();

  add(refusal: Refusal, count = 1): void {
    const second = Math.floor(refusal.at / 1000);
    const key = JSON.stringify([second, refusal.code, refusal.tool, refusal.subject]);
    const bucket = this.#buckets.get(key);
    if (bucket !== undefined) bucket.count += count;
    else if (this.#buckets.size < MOST_BUCKETS) this.#buckets.set(key, { refusal, count });
    else this.#addToRest(refusal, count);
  }

  /** What is counted so far; counting starts anew. */
  take(): readonly RefusalCount[] {
    const taken = [...this.#buckets.values()];
    this.#buckets.clear();
    return taken;
  }

  #addToRest(refusal: Refusal, count: number): void {
    const bucket = this.#buckets.get(refusal.code);
    if (bucket !== undefined) bucket.count += count;
    else {
      const nobody = { subject: "others", subjectKind: undefined, tenant: undefined };
      const rest = { ...refusal, ...nobody, tool: undefined, domain: undefined };
      this.#buckets.set(refusal.code, { refusal: rest, count });
    }
  }
}

/** Refusals that were counted, as one row of the audit. */
export function toRefusalRow({ refusal, count }: RefusalCount, callId: string): AuditRow {
  return {
    ...noCall,
    ...refusal,
    callId,
    kind: "refusals",
    effect: undefined,
    outcome: "refused",
    traceId: undefined,
    message: undefined,
    writeId: undefined,
    count,
  };
}
