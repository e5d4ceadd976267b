import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import type { ChainHead } from "../../audit-chain.ts";
import { headsPath } from "./audit-files.ts";

/** Adds a signed head to the file of heads, durably. One short line an append, so that several processes may do it. */
export function writeChainHead(folder: string, head: ChainHead): void {
  const file = openSync(headsPath(folder), "a", 0o600);
  try {
    writeSync(file, `${JSON.stringify(head)}\n`);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}
