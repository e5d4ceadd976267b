import type { ChainHasher, ChainHead, ChainSeal } from "../audit-chain.ts";
import type { ChainWalk } from "./chain-walk.ts";

/** What the registry says of a chain in a sealed segment. */
export interface RegisteredSeal extends ChainSeal {
  readonly isDropped: boolean;
  readonly signature: string;
}

/** Whether the chain's key has signed that seal, or, where the segment is dropped, that it was to be. */
export function isSealSigned(seal: RegisteredSeal, hasher: ChainHasher): boolean {
  return seal.signature === (seal.isDropped ? hasher.signDrop(seal) : hasher.signSeal(seal));
}

/** Notes segments that nothing vouches for: even a chain that began and ended there does not go unseen. */
export function noteGone(walk: ChainWalk, what: string): void {
  walk.fault({ writer: "", ordinal: 0, problem: "missing", detail: `${what} is gone, and nothing vouches for it` });
}

/** Holds the walked chain of a writer against what a sealed or dropped segment says of it. */
export function checkSeal(walk: ChainWalk, seal: RegisteredSeal, hasher: ChainHasher | undefined): void {
  const { segment, writer, first, last, hash } = seal;
  const place = walk.placeOf(writer);
  const mismatch = (detail: string): void => walk.fault({ writer, ordinal: last, problem: "head-mismatch", detail });
  const missing = (detail: string): void =>
    walk.fault({ writer, ordinal: place.ordinal + 1, problem: "missing", detail });
  if (hasher !== undefined && !isSealSigned(seal, hasher)) {
    const what = seal.isDropped ? `that segment ${segment} was dropped` : `the seal of segment ${segment}`;
    mismatch(`${what} is not signed by the chain's key`);
  } else if (seal.isDropped) {
    if (place.ordinal < first - 1)
      missing(`segment ${segment} was dropped with rows from ${first} on, and those before end at ${place.ordinal}`);
    walk.skipTo(writer, last, hash);
  } else if (place.ordinal < last) {
    missing(`segment ${segment} was sealed with rows up to ${last} and has them up to ${place.ordinal}`);
  } else if (place.ordinal === last && place.hash !== hash) {
    mismatch(`segment ${segment} was sealed with another last row`);
  }
}

/** Holds the walked chain of a writer against a signed head. */
export function checkHead(walk: ChainWalk, head: ChainHead, hasher: ChainHasher | undefined): void {
  const { writer, ordinal } = head;
  if (hasher === undefined) return;
  if (!hasher.isSigned(head)) {
    walk.fault({ writer, ordinal, problem: "head-mismatch", detail: "the head is not signed by the chain's key" });
    return;
  }
  const place = walk.placeOf(writer);
  if (place.ordinal < ordinal) {
    walk.fault({
      writer,
      ordinal,
      problem: "head-mismatch",
      detail: `a head was signed at ${ordinal}, and the rows end at ${place.ordinal}`,
    });
  } else if (place.ordinal === ordinal && place.hash !== head.hash) {
    walk.fault({ writer, ordinal, problem: "head-mismatch", detail: "the last row is not the one that was signed" });
  }
}
