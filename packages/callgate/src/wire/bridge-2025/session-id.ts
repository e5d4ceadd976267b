import type { ClientCapabilities } from "@modelcontextprotocol/server";

/** Seals JSON with the gate's key ring, for one purpose; see the ledger's sealer. */
export interface SessionSealer {
  sealText(purpose: string, value: unknown): string;
  /** Undefined where the text is not this gate's own for this purpose. */
  unsealText(purpose: string, text: string): unknown;
}

/** All that a process needs to take up a session that another one began. */
export interface SessionFacts {
  /** Tells apart two sessions that are equal in all else. */
  readonly nonce: string;
  readonly expiresAt: number;
  /** The subject that it belongs to; undefined for a stranger's. */
  readonly holder?: string | undefined;
  readonly endpoint: string | undefined;
  readonly revision: string;
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly capabilities: ClientCapabilities;
}

const purpose = "callgate session 2025";
/** Servers take 16 KiB of headers in all. */
const mostCharacters = 6 * 1024;

/** The id as it stands in `Mcp-Session-Id`; undefined where what the client says of itself is too long for a header. */
export function toSessionId(sealer: SessionSealer, facts: SessionFacts): string | undefined {
  const id = sealer.sealText(purpose, facts);
  return id.length > mostCharacters ? undefined : id;
}

/** The facts of a session that this gate, or one with the same keys, began; undefined for any other text. */
export function parseSessionId(sealer: SessionSealer, id: string): SessionFacts | undefined {
  return id.length > mostCharacters ? undefined : (sealer.unsealText(purpose, id) as SessionFacts | undefined);
}
