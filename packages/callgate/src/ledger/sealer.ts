import type { KeyRing } from "../secrets/key-ring.ts";

/** Seals JSON values with the gate's key ring; what is unsealed was sealed here, for the same purpose. */
export interface Sealer {
  seal(purpose: string, value: unknown): Uint8Array;
  /** Throws where the bytes were changed, or sealed for another purpose or by another gate. */
  unseal(purpose: string, sealed: Uint8Array): unknown;
  sealText(purpose: string, value: unknown): string;
  /** Undefined where the text is not this gate's own for this purpose. */
  unsealText(purpose: string, text: string): unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The purpose is authenticated with the value: a plan cannot be passed off as an outcome, nor one row's as another's. */
export function createSealer(ring: KeyRing): Sealer {
  const seal = (purpose: string, value: unknown): Uint8Array =>
    ring.seal(encoder.encode(JSON.stringify(value ?? null)), purpose);
  const unseal = (purpose: string, sealed: Uint8Array): unknown =>
    JSON.parse(decoder.decode(ring.unseal(sealed, purpose)));
  return {
    seal,
    unseal,
    sealText: (purpose, value) => Buffer.from(seal(purpose, value)).toString("base64url"),
    unsealText: (purpose, text) => {
      const bytes = Buffer.from(text, "base64url");
      // Base64 has several spellings of some bytes; only the one that was given out counts.
      if (bytes.toString("base64url") !== text) return undefined;
      try {
        return unseal(purpose, bytes);
      } catch {
        return undefined;
      }
    },
  };
}
