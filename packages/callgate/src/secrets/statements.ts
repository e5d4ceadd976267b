import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { KeyRing } from "./key-ring.ts";

/** What is said in a statement, beside who says it, to whom and for how long. */
export type StatementClaims = Readonly<Record<string, unknown>> & { readonly sub: string };

/** How a statement is given out. */
export interface StatementTerms {
  /** Whom it is for: nobody else is to take it. */
  readonly audience: string;
  /** Seconds for which it holds. */
  readonly seconds: number;
}

/** A key that anybody may verify statements with, as RFC 7517 and RFC 8037 write it. */
export interface StatementKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "EdDSA";
}

/** Signs short statements in the gate's name: JWTs, by keys that are made of its key ring and rotate with it. */
export interface StatementSigner {
  /** `iss`: the gate's public address, or `urn:callgate:` and its name. */
  readonly issuer: string;
  sign(claims: StatementClaims, terms: StatementTerms): Promise<string>;
  /** The keys of every statement that is about, and the one that is used next: replicas and readers know it before it signs. */
  publicKeys(): readonly StatementKey[];
}

interface SigningKey {
  readonly secret: KeyObject;
  readonly shown: StatementKey;
}

/** The beginning of an Ed25519 key in PKCS #8 (RFC 8410); its 32 bytes follow. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const PURPOSE = "callgate statement 1";

/** Signs with a gate's key ring. */
export function createStatementSigner(
  ring: Pick<KeyRing, "derive">,
  { issuer, clock }: { readonly issuer: string; readonly clock: () => number },
): StatementSigner {
  const made = new Map<string, SigningKey>();
  const keys = (): readonly SigningKey[] =>
    ring.derive(PURPOSE).map(({ id, bytes }) => {
      const key = made.get(id) ?? toSigningKey(id, bytes);
      made.set(id, key);
      return key;
    });
  return {
    issuer,
    publicKeys: () => keys().map(({ shown }) => shown),
    sign: async (claims, { audience, seconds }) => {
      const { SignJWT } = await import("jose");
      const [key] = keys();
      if (key === undefined) throw new Error("the key ring has no key");
      const now = Math.floor(clock() / 1_000);
      return new SignJWT({ ...claims, iss: issuer, aud: audience, iat: now, exp: now + seconds })
        .setProtectedHeader({ alg: "EdDSA", typ: "JWT", kid: key.shown.kid })
        .sign(key.secret);
    },
  };
}

/** The key's id is that of the ring's key: it says nothing of its bytes, and is in the gate's log and store too. */
function toSigningKey(id: string, bytes: Uint8Array): SigningKey {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, bytes]), format: "der", type: "pkcs8" });
  const { x } = createPublicKey(secret).export({ format: "jwk" });
  if (x === undefined) throw new Error("an Ed25519 key has no public part");
  return { secret, shown: { kty: "OKP", crv: "Ed25519", x, kid: id, use: "sig", alg: "EdDSA" } };
}
