import { hash, randomBytes } from "node:crypto";
import type { KeyKind, KeyRow } from "../store/key-port.ts";

const LETTER: Readonly<Record<KeyKind, string>> = { person: "p", agent: "a", channel: "c", operator: "o" };

/** What a key is issued for. Times are milliseconds since the epoch. */
export interface KeyGrant {
  readonly kind: KeyKind;
  readonly name: string;
  readonly user?: string | undefined;
  readonly tenant?: string | undefined;
  readonly role?: string | undefined;
  readonly scopes: readonly string[];
  readonly domains?: readonly string[] | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  readonly expiresAt?: number | undefined;
  readonly writeKey?: string | undefined;
}

/** A new key: the secret is here and nowhere else, the row holds its hash. */
export interface IssuedKey {
  readonly secret: string;
  readonly row: KeyRow;
}

/** Issues a key of 256 random bits. Its form names its kind and public id, so that people can tell keys apart. */
export function issueKey(grant: KeyGrant, now: number): IssuedKey {
  const id = `key_${randomBytes(8).toString("hex")}`;
  const secret = `cg_${LETTER[grant.kind]}_${id.slice(4)}_${randomBytes(32).toString("base64url")}`;
  return {
    secret,
    row: {
      id,
      hash: hashKey(secret),
      kind: grant.kind,
      name: grant.name,
      user: grant.user,
      tenant: grant.tenant,
      role: grant.role,
      scopes: grant.scopes,
      domains: grant.domains,
      attributes: grant.attributes ?? {},
      createdAt: now,
      expiresAt: grant.expiresAt,
      revokedAt: undefined,
      lastUsedAt: undefined,
      replacedBy: undefined,
      writeKey: grant.writeKey,
    },
  };
}

/** A key with the same rights that takes over from an earlier one. */
export function succeedKey(predecessor: KeyRow, now: number, writeKey: string | undefined): IssuedKey {
  return issueKey({ ...predecessor, writeKey }, now);
}

/** SHA-256, as stored: a key has 256 random bits, so there is nothing to slow down a guess for. */
export function hashKey(secret: string): string {
  return hash("sha256", secret, "hex");
}

/** Whether a key is good at this moment. */
export function isLive(row: KeyRow, now: number): boolean {
  return row.revokedAt === undefined && (row.expiresAt === undefined || row.expiresAt > now);
}
