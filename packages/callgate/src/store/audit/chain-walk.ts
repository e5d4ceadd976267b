import { type ChainHasher, chainKeyIdOf, type HasherOf } from "../audit-chain.ts";
import type { AuditFault } from "../audit-port.ts";
import { fieldsOf, payloadOf, type RecordValues, recordValue } from "./row-columns.ts";

/** A run of ordinals that has not been seen where it should stand. */
interface Gap {
  readonly from: number;
  readonly until: number;
  readonly seen: Set<number>;
}

interface WriterWalk {
  readonly hasher: ChainHasher | undefined;
  readonly gaps: Gap[];
  ordinal: number;
  hash: string;
}

/** Faults listed at most: a file that has been rewritten whole would have millions. */
const FAULTS_LISTED = 1_000;

/** Walks the chains of all writers row by row, in the order of recording, and notes what does not prove. */
export class ChainWalk {
  readonly faults: AuditFault[] = [];
  rows = 0;
  readonly #writers = new Map<string, WriterWalk>();
  readonly #hasherOf: HasherOf;

  constructor(hasherOf: HasherOf) {
    this.#hasherOf = hasherOf;
  }

  get writers(): number {
    return this.#writers.size;
  }

  /** Goes on behind rows that retention has dropped, and signed as dropped. */
  skipTo(writer: string, ordinal: number, hash: string): void {
    const walk = this.#walkOf(writer);
    walk.ordinal = ordinal;
    walk.hash = hash;
  }

  /** Where a writer's chain stands; ordinal 0 where there is nothing of it. */
  placeOf(writer: string): { readonly ordinal: number; readonly hash: string } {
    return this.#writers.get(writer) ?? { ordinal: 0, hash: "" };
  }

  row(values: RecordValues): void {
    this.rows += 1;
    const writer = recordValue(values, "writer");
    const ordinal = recordValue(values, "ordinal");
    const walk = this.#walkOf(writer);
    if (ordinal <= walk.ordinal) {
      this.#comesLate(walk, values);
      return;
    }
    const isNext = ordinal === walk.ordinal + 1;
    if (!isNext) walk.gaps.push({ from: walk.ordinal + 1, until: ordinal - 1, seen: new Set() });
    // Behind a gap the row before is not known: such a row is held to what the next one builds on.
    if (isNext && walk.hasher !== undefined && !proves(walk.hasher, walk.hash, values)) {
      const callId = recordValue(values, "call_id");
      this.fault({ writer, ordinal, callId, problem: "changed", detail: "its fields do not give its hash" });
    }
    walk.ordinal = ordinal;
    walk.hash = recordValue(values, "hash");
  }

  /** Names what is missing, once all rows have been walked. */
  end(): void {
    for (const [writer, { gaps }] of this.#writers) {
      for (const { from, until, seen } of gaps) {
        for (let ordinal = from; ordinal <= until && this.faults.length < FAULTS_LISTED; ordinal += 1) {
          if (!seen.has(ordinal)) this.fault({ writer, ordinal, problem: "missing", detail: "the row is not there" });
        }
      }
    }
  }

  /** Notes a fault; beyond a thousand they are no longer listed. */
  fault(fault: Omit<AuditFault, "callId"> & { readonly callId?: string }): void {
    if (this.faults.length < FAULTS_LISTED) this.faults.push({ callId: undefined, ...fault });
  }

  #comesLate(walk: WriterWalk, values: RecordValues): void {
    const ordinal = recordValue(values, "ordinal");
    const gap = walk.gaps.find(({ from, until }) => ordinal >= from && ordinal <= until);
    const isTwice = gap === undefined || gap.seen.has(ordinal);
    gap?.seen.add(ordinal);
    const detail = isTwice ? "the row is there twice" : "the row stands behind one that came after it";
    const callId = recordValue(values, "call_id");
    this.fault({ writer: recordValue(values, "writer"), ordinal, callId, problem: "reordered", detail });
  }

  #walkOf(writer: string): WriterWalk {
    let walk = this.#writers.get(writer);
    if (walk === undefined) {
      walk = { hasher: this.#hasherOf(writer), gaps: [], ordinal: 0, hash: "" };
      this.#writers.set(writer, walk);
      if (walk.hasher === undefined) {
        this.fault({
          writer,
          ordinal: 0,
          problem: "unreadable",
          detail: `the chain key ${chainKeyIdOf(writer)} is not in the key ring`,
        });
      }
    }
    return walk;
  }
}

function proves(hasher: ChainHasher, previous: string, values: RecordValues): boolean {
  const erased = recordValue(values, "payload_digest");
  const payload = payloadOf(values);
  // An erased row has no payload: one that has got a new one beside its old digest does not prove.
  if (erased !== null && payload.some((value) => value !== null)) return false;
  const link = { writer: recordValue(values, "writer"), ordinal: recordValue(values, "ordinal"), previous };
  const digest = erased ?? hasher.payloadDigest(payload);
  return hasher.rowHash(link, fieldsOf(values), digest) === recordValue(values, "hash");
}
