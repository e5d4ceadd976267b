import { sha256Hex } from "../../ledger/digest.ts";

/**
 * The key of a write as its backend gets it. What callers choose is unique for one subject and tool alone; this is
 * unique for the whole gate, so that a column or service that knows nothing of subjects never takes one for another.
 * A write that is unknown is looked up by it after an upgrade too: it must not change between releases.
 */
export function backendKey(write: { readonly subject: string; readonly tool: string; readonly key: string }): string {
  return sha256Hex(JSON.stringify([write.subject, write.tool, write.key]));
}
