import { randomBytes } from "node:crypto";

/** The key ring cannot be used: it is open to others, damaged, not there, or lacks a key. */
export class KeyRingError extends Error {
  override readonly name = "KeyRingError";
}

/** One key: what it seals with, and what it signs the audit's chains with, both as base64url. */
export interface RingKey {
  readonly id: string;
  readonly sealing: string;
  readonly chain: string;
  /** When it was made; left out of keys from before this was noted. */
  readonly made?: string;
  /** When it began to seal. */
  readonly used?: string;
}

/** A key ring as it is written down. */
export interface Ring {
  readonly version: 1;
  /** Newest first: the first one seals, the others still open what they sealed. */
  readonly keys: readonly [RingKey, ...RingKey[]];
  /** Opens, and does not seal yet: it is made known to every replica before one of them uses it. */
  readonly next?: RingKey;
}

const ID_BYTES = 4;
const SECRET_BYTES = 32;
const KEY_ID = /^[0-9a-f]{8}$/;

/** A ring of one new key. */
export function newRing(now: number): Ring {
  return { version: 1, keys: [{ ...newKey(now), used: isoTime(now) }] };
}

/** The ring with a new key that opens and does not seal yet. */
export function withNextKey(ring: Ring, now: number): Ring {
  if (ring.next !== undefined) throw new KeyRingError(`the key ${ring.next.id} waits to be used already`);
  return { ...ring, next: newKey(now) };
}

/** The ring whose waiting key seals from now on; where none waits, a new one does. */
export function withNextInUse({ next, ...ring }: Ring, now: number): Ring {
  return { ...ring, keys: [{ ...(next ?? newKey(now)), used: isoTime(now) }, ...ring.keys] };
}

/** The ring without the keys that have sealed nothing since `since`, and those keys. A key of unknown age is kept. */
export function withoutOldKeys(
  ring: Ring,
  since: number,
): { readonly ring: Ring; readonly dropped: readonly RingKey[] } {
  const [current, ...older] = ring.keys;
  const dropped = older.filter((_, index) => {
    // A key seals until the one before it in the list begins to.
    const until = ring.keys[index]?.used;
    return until !== undefined && Date.parse(until) < since;
  });
  return { ring: { ...ring, keys: [current, ...older.filter((key) => !dropped.includes(key))] }, dropped };
}

/** Every key of a ring, the one that seals first. */
export function keysOf({ keys, next }: Ring): readonly RingKey[] {
  return next === undefined ? keys : [...keys, next];
}

/** The text of a ring, as `keyring.json` and `CALLGATE_KEYRING` hold it. */
export function toRingText(ring: Ring): string {
  return `${JSON.stringify(ring, undefined, 2)}\n`;
}

/** Reads a ring; throws a KeyRingError that names `where` it stands, and nothing of what it holds. */
export function parseRing(text: string, where: string): Ring {
  const ring = parseJson(text, where);
  if (!isRing(ring)) throw new KeyRingError(`${where} is not a key ring of this version: ${RESTORE}`);
  return ring;
}

const RESTORE = "bring it back from a backup, for without its keys nothing that they sealed can be opened";

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the text.
    throw new KeyRingError(`${where} is damaged: ${RESTORE}`);
  }
}

function isRing(value: unknown): value is Ring {
  if (typeof value !== "object" || value === null || !("version" in value) || !("keys" in value)) return false;
  const { version, keys, next }: { version: unknown; keys: unknown; next?: unknown } = value;
  if (version !== 1 || !Array.isArray(keys) || keys.length === 0 || !keys.every(isRingKey)) return false;
  return next === undefined || isRingKey(next);
}

function isRingKey(value: unknown): value is RingKey {
  if (typeof value !== "object" || value === null) return false;
  const { id, sealing, chain, made, used }: Partial<Record<keyof RingKey, unknown>> = value;
  return (
    typeof id === "string" && KEY_ID.test(id) && isSecret(sealing) && isSecret(chain) && isTime(made) && isTime(used)
  );
}

function isSecret(value: unknown): boolean {
  return typeof value === "string" && Buffer.from(value, "base64url").length === SECRET_BYTES;
}

function isTime(value: unknown): boolean {
  return value === undefined || (typeof value === "string" && !Number.isNaN(Date.parse(value)));
}

function newKey(now: number): RingKey {
  return {
    id: randomBytes(ID_BYTES).toString("hex"),
    sealing: randomBytes(SECRET_BYTES).toString("base64url"),
    chain: randomBytes(SECRET_BYTES).toString("base64url"),
    made: isoTime(now),
  };
}

function isoTime(now: number): string {
  return new Date(now).toISOString();
}
