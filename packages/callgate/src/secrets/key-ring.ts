import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
  randomFillSync,
} from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The key ring cannot be used: its file is open to others, damaged, or lacks a key. */
export class KeyRingError extends Error {
  override readonly name = "KeyRingError";
}

/**
 * The gate's own keys: for sealing what only the gate may read, and for the chain of the audit. Keys go by ids, so that
 * what was sealed under an earlier key still opens after a rotation.
 */
export interface KeyRing {
  readonly chainKey: Uint8Array;
  readonly chainKeyId: string;
  readonly olderChainKeys: ReadonlyMap<string, Uint8Array>;
  /** Encrypts and authenticates (AES-256-GCM); `aad` binds the bytes to what they belong to. */
  seal(plaintext: Uint8Array, aad: string): Uint8Array;
  /** Opens sealed bytes; throws a KeyRingError where they are not ours or belong to something else. */
  unseal(sealed: Uint8Array, aad: string): Uint8Array;
}

interface RingKey {
  readonly id: string;
  readonly sealing: string;
  readonly chain: string;
}

interface RingFile {
  readonly version: 1;
  /** Newest first: the first one is used, the others still open what they sealed. */
  readonly keys: readonly RingKey[];
}

const RESTORE = "bring it back from a backup, for without its keys nothing that they sealed can be opened";
const ID_BYTES = 4;
const KEY_ID = /^[0-9a-f]{8}$/;
const SECRET_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 1;
const IV_START = 1 + ID_BYTES;
const TEXT_START = IV_START + IV_BYTES;

/** Creates or loads `keyring.json` in a folder. A file that others may read is refused. */
export function openKeyRing(folder: string): KeyRing {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "keyring.json");
  const [current, ...older] = (readRing(path) ?? createRing(path)).keys;
  if (current === undefined) throw new KeyRingError(`${path} holds no key: ${RESTORE}`);
  const sealingKeys = createSealingKeys(path, [current, ...older]);
  const nextIv = createIvs();
  const currentKey = secretKey(current.sealing);
  const header = Buffer.from([FORMAT, ...Buffer.from(current.id, "hex")]);

  return {
    chainKey: Buffer.from(current.chain, "base64url"),
    chainKeyId: current.id,
    olderChainKeys: new Map(older.map((key) => [key.id, Buffer.from(key.chain, "base64url")])),
    seal: (plaintext, aad) => sealWith(currentKey, { header, iv: nextIv(), aad }, plaintext),
    unseal: (sealed, aad) => {
      if (sealed.length < TEXT_START + TAG_BYTES || sealed[0] !== FORMAT)
        throw new KeyRingError("these bytes are not sealed");
      return unsealWith(sealingKeys(Buffer.from(sealed.subarray(1, IV_START)).toString("hex")), sealed, aad);
    },
  };
}

/**
 * Sealing keys by id. A key may have been added since the ring was read: the file is read again for an id that is not
 * known, but once for each of its states, for anybody can make bytes up that name a key. What is known stays known.
 */
function createSealingKeys(path: string, keys: readonly RingKey[]): (id: string) => KeyObject {
  const known = new Map(keys.map((key) => [key.id, secretKey(key.sealing)]));
  let seen: string | undefined;
  return (id) => {
    if (!known.has(id)) {
      const state = stateOf(path);
      const isNew = state !== seen;
      seen = state;
      if (isNew) for (const key of readRing(path)?.keys ?? []) known.set(key.id, secretKey(key.sealing));
    }
    const key = known.get(id);
    if (key === undefined) throw new KeyRingError(`the key ${id} is not in ${path}`);
    return key;
  };
}

/** Differs whenever the file has been written or replaced. */
function stateOf(path: string): string | undefined {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false });
  return file && `${file.ino} ${file.mtimeNs} ${file.size}`;
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

function readRing(path: string): RingFile | undefined {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return undefined;
  if (process.platform !== "win32" && (file.mode & 0o077) !== 0) {
    throw new KeyRingError(
      `${path} can be read by other users: make it private (chmod 600), and rotate its keys where somebody may have read them`,
    );
  }
  const ring: unknown = parseRing(path);
  if (!isRingFile(ring)) throw new KeyRingError(`${path} is not a key ring of this version: ${RESTORE}`);
  return ring;
}

function parseRing(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new KeyRingError(`${path} is damaged: ${RESTORE}`, { cause });
  }
}

function isRingFile(value: unknown): value is RingFile {
  if (typeof value !== "object" || value === null || !("version" in value) || !("keys" in value)) return false;
  return value.version === 1 && Array.isArray(value.keys) && value.keys.every(isRingKey);
}

function isRingKey(value: unknown): value is RingKey {
  if (typeof value !== "object" || value === null) return false;
  const { id, sealing, chain }: Partial<RingKey> = value;
  return typeof id === "string" && KEY_ID.test(id) && isSecret(sealing) && isSecret(chain);
}

function isSecret(value: unknown): boolean {
  return typeof value === "string" && Buffer.from(value, "base64url").length === SECRET_BYTES;
}

// A link fails where the name is taken: of two processes that start at once, the second loads what the first has made.
function createRing(path: string): RingFile {
  const beside = writeBeside(path, { version: 1, keys: [newKey()] });
  try {
    linkSync(beside, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(beside);
  }
  const ring = readRing(path);
  if (ring === undefined) throw new KeyRingError(`${path} vanished while it was made`);
  return ring;
}

function writeBeside(path: string, ring: RingFile): string {
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(beside, `${JSON.stringify(ring, undefined, 2)}\n`, { mode: 0o600, flag: "wx", flush: true });
  return beside;
}

function newKey(): RingKey {
  return {
    id: randomBytes(ID_BYTES).toString("hex"),
    sealing: randomBytes(SECRET_BYTES).toString("base64url"),
    chain: randomBytes(SECRET_BYTES).toString("base64url"),
  };
}

function secretKey(text: string): KeyObject {
  return createSecretKey(Buffer.from(text, "base64url"));
}
