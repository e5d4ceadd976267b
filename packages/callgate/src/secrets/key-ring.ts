import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomFillSync,
} from "node:crypto";
import { KeyRingError, keysOf, type Ring, type RingKey } from "./ring.ts";
import { findRing, type RingPlace, type RingSource, readRing } from "./ring-source.ts";

/**
 * The gate's own keys: for sealing what only the gate may read, and for the chain of the audit. Keys go by ids, so that
 * what was sealed under an earlier key still opens after a rotation.
 */
export interface KeyRing {
  /** Where it was read, in words for people. */
  readonly source: string;
  /** The key that seals, as it was when the ring was opened: a chain of the audit has one key from its start to its end. */
  readonly chainKey: Uint8Array;
  readonly chainKeyId: string;
  /** The id of the key that seals now. */
  readonly sealingKeyId: string;
  /** The chain keys of all others that are known by now. */
  readonly olderChainKeys: ReadonlyMap<string, Uint8Array>;
  /** Encrypts and authenticates (AES-256-GCM); `aad` binds the bytes to what they belong to. */
  seal(plaintext: Uint8Array, aad: string): Uint8Array;
  /** Opens sealed bytes; throws a KeyRingError where they are not ours or belong to something else. */
  unseal(sealed: Uint8Array, aad: string): Uint8Array;
  /** 32 bytes for a purpose of their own out of each key that is known, of the one that seals now first (HKDF, RFC 5869). */
  derive(purpose: string): readonly DerivedKey[];
}

/** Bytes that are made of a key of the ring, and tell nothing of it. */
export interface DerivedKey {
  /** That key's id. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

const ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 1;
const IV_START = 1 + ID_BYTES;
const TEXT_START = IV_START + IV_BYTES;
/** How long a process goes on sealing with a key whose successor is in use. */
const LOOK_EVERY_MS = 2_000;

/**
 * Opens a gate's key ring, and makes one where none is named and there is none. A file that others may read is refused.
 * A file that changes is read again: within two seconds the newest key seals, and what it seals elsewhere opens at once.
 */
export function openKeyRing(place: RingPlace): KeyRing {
  const source = findRing(place);
  const keys = new LiveKeys(source, readRing(source));
  const [{ chain, id }] = keys.ring.keys;
  const nextIv = createIvs();
  return {
    source: source.name,
    chainKey: Buffer.from(chain, "base64url"),
    chainKeyId: id,
    get sealingKeyId() {
      return keys.newest().id;
    },
    get olderChainKeys() {
      return keys.chainKeysBut(id);
    },
    seal: (plaintext, aad) => {
      const { header, key } = keys.newest();
      return sealWith(key, { header, iv: nextIv(), aad }, plaintext);
    },
    unseal: (sealed, aad) => {
      if (sealed.length < TEXT_START + TAG_BYTES || sealed[0] !== FORMAT)
        throw new KeyRingError("these bytes are not sealed");
      return unsealWith(keys.byId(Buffer.from(sealed.subarray(1, IV_START)).toString("hex")), sealed, aad);
    },
    derive: (purpose) =>
      keys.sealing().map(([id, key]) => ({ id, bytes: new Uint8Array(hkdfSync("sha256", key, "", purpose, 32)) })),
  };
}

interface SealingKey {
  readonly id: string;
  readonly header: Uint8Array;
  readonly key: KeyObject;
}

/** The keys of a ring, read again when its source has changed. What is known stays known. */
class LiveKeys {
  readonly #source: RingSource;
  readonly #sealing = new Map<string, KeyObject>();
  readonly #chains = new Map<string, Uint8Array>();
  #ring: Ring;
  #newest: SealingKey;
  #seen: string | undefined;
  #lookAt: number;

  constructor(source: RingSource, ring: Ring) {
    this.#source = source;
    this.#seen = source.state();
    this.#ring = ring;
    this.#newest = this.#take(ring);
    this.#lookAt = performance.now() + LOOK_EVERY_MS;
  }

  get ring(): Ring {
    return this.#ring;
  }

  newest(): SealingKey {
    const now = performance.now();
    if (now >= this.#lookAt) {
      this.#lookAt = now + LOOK_EVERY_MS;
      try {
        this.#look();
      } catch {
        // A ring that was damaged meanwhile is refused at the next start; this process has the keys it needs.
      }
    }
    return this.#newest;
  }

  /** The source is looked at for an id that is not known, and read once for each of its states: anybody can make bytes up that name a key. */
  byId(id: string): KeyObject {
    if (!this.#sealing.has(id)) this.#look();
    const key = this.#sealing.get(id);
    if (key === undefined) throw new KeyRingError(`the key ${id} is not in ${this.#source.name}`);
    return key;
  }

  /** Every key, the one that seals now first. */
  sealing(): readonly (readonly [id: string, key: KeyObject])[] {
    const { id, key } = this.newest();
    return [[id, key], ...[...this.#sealing].filter(([other]) => other !== id)];
  }

  chainKeysBut(id: string): ReadonlyMap<string, Uint8Array> {
    this.newest();
    return new Map([...this.#chains].filter(([other]) => other !== id));
  }

  #look(): void {
    const state = this.#source.state();
    if (state === this.#seen) return;
    this.#seen = state;
    const ring = this.#source.read();
    if (ring === undefined) return;
    this.#newest = this.#take(ring);
    this.#ring = ring;
  }

  #take(ring: Ring): SealingKey {
    for (const each of keysOf(ring)) {
      if (this.#sealing.has(each.id)) continue;
      this.#sealing.set(each.id, secretKey(each));
      this.#chains.set(each.id, Buffer.from(each.chain, "base64url"));
    }
    const [{ id }] = ring.keys;
    const key = this.#sealing.get(id);
    if (key === undefined) throw new KeyRingError(`the key ${id} is not in ${this.#source.name}`);
    return { id, header: Buffer.from([FORMAT, ...Buffer.from(id, "hex")]), key };
  }
}

function sealWith(
  key: KeyObject,
  { header, iv, aad }: { readonly header: Uint8Array; readonly iv: Uint8Array; readonly aad: string },
  plaintext: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(Buffer.from(aad));
  const text = cipher.update(plaintext);
  cipher.final();
  // Memory of its own, not a slice of a pool: sealed bytes are handed to another thread.
  const sealed = new Uint8Array(TEXT_START + text.length + TAG_BYTES);
  sealed.set(header);
  sealed.set(iv, IV_START);
  sealed.set(text, TEXT_START);
  sealed.set(cipher.getAuthTag(), TEXT_START + text.length);
  return sealed;
}

function unsealWith(key: KeyObject, sealed: Uint8Array, aad: string): Uint8Array {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(IV_START, TEXT_START));
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(TEXT_START, sealed.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new KeyRingError("the sealed bytes are damaged or belong to something else", { cause });
  }
}

// Random numbers by the pool: one call for each would cost as much as the encryption.
function createIvs(): () => Uint8Array {
  const pool = new Uint8Array(IV_BYTES * 256);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += IV_BYTES;
    return pool.subarray(used - IV_BYTES, used);
  };
}

function secretKey({ sealing }: RingKey): KeyObject {
  return createSecretKey(Buffer.from(sealing, "base64url"));
}
