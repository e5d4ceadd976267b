import { ChainWalk } from "../audit/chain-walk.ts";
import { checkHead, checkSeal, type RegisteredSeal } from "../audit/check-chains.ts";
import { rowColumns } from "../audit/row-columns.ts";
import type { ChainHead, HasherOf } from "../audit-chain.ts";
import { StoreError } from "../store-error.ts";
import type { ArchiveBatch, ArchiveValue } from "./archived-tables.ts";

type Values = readonly ArchiveValue[];

const writerPlace = rowColumns.length;

/** Proves the audit of an archive while it is taken over: a store begins with chains that hold. */
export class ArchivedAudit {
  readonly #walk: ChainWalk;
  readonly #hasherOf: HasherOf;
  readonly #writers = new Set<string>();

  constructor(hasherOf: HasherOf) {
    this.#hasherOf = hasherOf;
    this.#walk = new ChainWalk(hasherOf);
  }

  /** Looks at a batch; those of other tables are nothing to it. */
  take({ table, rows }: ArchiveBatch): void {
    for (const row of rows) {
      if (table === "audit_rows") this.#row(row);
      else if (table === "audit_drops") this.#drop(toSeal(row));
      else if (table === "audit_heads") this.#head(toHead(row));
    }
  }

  /** Where each chain ends, signed; throws where a chain does not prove. */
  end(at: number): readonly ChainHead[] {
    this.#walk.end();
    const [fault] = this.#walk.faults;
    if (fault !== undefined) {
      const { writer, ordinal, detail } = fault;
      throw new StoreError("store_invalid", `the audit of the archive does not prove: ${writer} ${ordinal}: ${detail}`);
    }
    return [...this.#writers].flatMap((writer) => {
      const { ordinal, hash } = this.#walk.placeOf(writer);
      const head = this.#hasherOf(writer)?.sign({ writer, ordinal, hash, at });
      return head === undefined ? [] : [head];
    });
  }

  /** The seal of a dropped segment under another number, signed anew. */
  renumber(seal: RegisteredSeal, segment: number): RegisteredSeal {
    const renumbered = { ...seal, segment };
    // The archive's own signature has been looked at: a chain key that is not here was a fault.
    return { ...renumbered, signature: this.#hasherOf(seal.writer)?.signDrop(renumbered) ?? seal.signature };
  }

  #row(values: Values): void {
    this.#writers.add(String(values[writerPlace]));
    // The position in a store, which comes last, does not enter the proof.
    this.#walk.row([...values, 0]);
  }

  #drop(seal: RegisteredSeal): void {
    this.#writers.add(seal.writer);
    checkSeal(this.#walk, seal, this.#hasherOf(seal.writer));
  }

  #head(head: ChainHead): void {
    checkHead(this.#walk, head, this.#hasherOf(head.writer));
  }
}

/** A row of `audit_drops`. */
export function toSeal([segment, writer, first, last, hash, untilAt, signature]: Values): RegisteredSeal {
  return {
    segment: Number(segment),
    writer: String(writer),
    first: Number(first),
    last: Number(last),
    hash: String(hash),
    untilAt: Number(untilAt),
    isDropped: true,
    signature: String(signature),
  };
}

/** The same the other way round. */
export function fromSeal({ segment, writer, first, last, hash, untilAt, signature }: RegisteredSeal): Values {
  return [segment, writer, first, last, hash, untilAt, signature];
}

export function fromHead({ writer, ordinal, hash, at, signature }: ChainHead): Values {
  return [writer, ordinal, hash, at, signature];
}

function toHead([writer, ordinal, hash, at, signature]: Values): ChainHead {
  return {
    writer: String(writer),
    ordinal: Number(ordinal),
    hash: String(hash),
    at: Number(at),
    signature: String(signature),
  };
}
