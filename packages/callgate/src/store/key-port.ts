/** What a key stands for. `operator` keys run the gate; `channel` keys speak for known clients. */
export type KeyKind = "person" | "agent" | "channel" | "operator";

/** A key as stored: its secret only as a SHA-256 hash. Times are milliseconds since the epoch. */
export interface KeyRow {
  readonly id: string;
  readonly hash: string;
  readonly kind: KeyKind;
  /** Whom the key belongs to; for an agent's key the agent's own name. */
  readonly name: string;
  /** The person: the holder of a personal key, or whom an agent acts for. */
  readonly user: string | undefined;
  readonly tenant: string | undefined;
  readonly role: string | undefined;
  readonly scopes: readonly string[];
  /** Undefined: every domain. */
  readonly domains: readonly string[] | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
  readonly lastUsedAt: number | undefined;
  /** The key that took this one's place; this one goes on until `expiresAt`. */
  readonly replacedBy: string | undefined;
  /** The idempotency key of the write that made it, so that a repeat can find it. */
  readonly writeKey: string | undefined;
}

export interface KeyStore {
  insert(row: KeyRow): Promise<void>;
  /** In one transaction: the successor in, the predecessor's end set. Rejects where the predecessor is revoked, replaced or not there. */
  rotate(predecessor: string, successor: KeyRow, predecessorExpiresAt: number): Promise<void>;
  /** False where no such live key is there. */
  revoke(id: string, at: number): Promise<boolean>;
  byHash(hash: string): Promise<KeyRow | undefined>;
  byId(id: string): Promise<KeyRow | undefined>;
  byWriteKey(writeKey: string): Promise<KeyRow | undefined>;
  list(): Promise<readonly KeyRow[]>;
  /** Times of last use, written lazily in batches. */
  touch(uses: ReadonlyMap<string, number>): Promise<void>;
  /** Grows with every change of keys by any process on this store; cheap enough for every call. */
  version(): number;
  /** Called after a change made through this store object. */
  onChange(listener: () => void): () => void;
}
