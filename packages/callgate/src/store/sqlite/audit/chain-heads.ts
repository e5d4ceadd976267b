import { closeSync, existsSync, fdatasyncSync, openSync, readSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { ChainHead, HasherOf } from "../../audit-chain.ts";
import { headsPath, trimmedHeadsPath } from "./audit-files.ts";

const CHUNK_BYTES = 64 * 1024;

/** Adds a signed head to the file of heads, durably. */
export function writeChainHead(folder: string, head: ChainHead): void {
  writeChainHeads(folder, [head]);
}

/** Adds signed heads to the file of heads, durably. One short line a head, so that several processes may do it. */
export function writeChainHeads(folder: string, heads: readonly ChainHead[]): void {
  const file = openSync(headsPath(folder), "a", 0o600);
  try {
    writeSync(file, heads.map((head) => `${JSON.stringify(head)}\n`).join(""));
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * The newest signed head of each writer, which says all that the earlier ones said. A head that cannot be held against
 * its signature stands in for no other: the newest of those is given too.
 */
export function newestHeads(folder: string, hasherOf: HasherOf): readonly ChainHead[] {
  const signed = new Map<string, ChainHead>();
  const others = new Map<string, ChainHead>();
  // The file that is being trimmed comes first: it is gone only once the other one has what it is about.
  for (const path of [trimmedHeadsPath(folder), headsPath(folder)]) {
    for (const head of headsIn(path)) {
      const heads = hasherOf(head.writer)?.isSigned(head) === true ? signed : others;
      if (head.ordinal >= (heads.get(head.writer)?.ordinal ?? 0)) heads.set(head.writer, head);
    }
  }
  return [...signed.values(), ...others.values()];
}

// Line by line: after a year the file may be longer than a text can be.
function* headsIn(path: string): Generator<ChainHead> {
  if (!existsSync(path)) return;
  const file = openSync(path, "r");
  try {
    const decoder = new StringDecoder();
    const bytes = Buffer.alloc(CHUNK_BYTES);
    let rest = "";
    for (let length = readSync(file, bytes); length > 0; length = readSync(file, bytes)) {
      const lines = (rest + decoder.write(bytes.subarray(0, length))).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.flatMap(parseHead);
    }
    yield* parseHead(rest);
  } finally {
    closeSync(file);
  }
}

// A line that a crash cut off is no head.
function parseHead(line: string): readonly ChainHead[] {
  try {
    const { writer, ordinal, hash, at, signature }: Partial<ChainHead> = JSON.parse(line);
    if (writer === undefined || ordinal === undefined || hash === undefined) return [];
    return at === undefined || signature === undefined ? [] : [{ writer, ordinal, hash, at, signature }];
  } catch {
    return [];
  }
}
