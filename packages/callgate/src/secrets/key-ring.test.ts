import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openKeyRing } from "./key-ring.ts";
import { KeyRingError } from "./ring.ts";

interface RingKey {
  readonly id: string;
  readonly sealing: string;
  readonly chain: string;
}

/** Puts a new key at the head of a folder's ring, in one step. */
function rotate(folder: string, part: Partial<RingKey> = {}): void {
  const path = join(folder, "keyring.json");
  const secret = (): string => randomBytes(32).toString("base64url");
  const key: RingKey = { id: randomBytes(4).toString("hex"), sealing: secret(), chain: secret(), ...part };
  const { keys } = JSON.parse(readFileSync(path, "utf8")) as { keys: readonly RingKey[] };
  writeFileSync(`${path}.new`, JSON.stringify({ version: 1, keys: [key, ...keys] }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

describe("key ring", () => {
  let folder: string;
  const bytes = (text: string) => new TextEncoder().encode(text);
  const text = (content: Uint8Array) => new TextDecoder().decode(content);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "callgate-ring-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("opens what it has sealed, in this process and the next one", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (plaintext, aad) => {
        const sealed = openKeyRing({ folder }).seal(plaintext, aad);
        expect([...openKeyRing({ folder }).unseal(sealed, aad)]).toEqual([...plaintext]);
      }),
      { numRuns: 50 },
    );
  });

  it("is a file for its owner alone", () => {
    openKeyRing({ folder });
    expect(statSync(join(folder, "keyring.json")).mode & 0o777).toBe(0o600);
  });

  it("refuses a file that others may read (SECURITY 8)", () => {
    openKeyRing({ folder });
    chmodSync(join(folder, "keyring.json"), 0o644);
    expect(() => openKeyRing({ folder })).toThrow(KeyRingError);
  });

  it("refuses a damaged file instead of making new keys", () => {
    openKeyRing({ folder });
    const path = join(folder, "keyring.json");
    writeFileSync(path, readFileSync(path, "utf8").slice(0, 40));
    expect(() => openKeyRing({ folder })).toThrow(KeyRingError);
  });

  it("refuses bytes that were changed anywhere, or that belong to something else", () => {
    const ring = openKeyRing({ folder });
    const sealed = ring.seal(bytes("a plan"), "write 1");
    expect(() => ring.unseal(sealed, "write 2")).toThrow(KeyRingError);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Uint8Array.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => ring.unseal(changed, "write 1")).toThrow(KeyRingError);
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => ring.unseal(sealed.subarray(0, length), "write 1")).toThrow(KeyRingError);
    }
  });

  it.each<Partial<RingKey>>([
    { id: "abc" },
    { id: "ABCDEF01" },
    { id: "../../key" },
    { sealing: "short" },
    { chain: randomBytes(31).toString("base64url") },
    { chain: "" },
  ])("refuses a key that cannot be one: %j", (part) => {
    openKeyRing({ folder });
    rotate(folder, part);
    expect(() => openKeyRing({ folder })).toThrow(/not a key ring/);
  });

  it("keeps what it knows, and reads its file once at most, whatever key bytes name", () => {
    const path = join(folder, "keyring.json");
    const ring = openKeyRing({ folder });
    const sealed = ring.seal(bytes("a plan"), "");
    const forged = Uint8Array.from(sealed);
    forged.set([1, 2, 3, 4], 1);
    const write = (content: string, at: number): void => {
      writeFileSync(path, content);
      utimesSync(path, at, at);
    };
    const whole = readFileSync(path, "utf8");
    write(whole, 1_000);
    expect(() => ring.unseal(forged, "")).toThrow("is not in");
    // Damaged without a trace: whoever reads it now would find it so.
    write("x".repeat(whole.length), 1_000);
    expect(() => ring.unseal(forged, "")).toThrow("is not in");
    write("damaged", 2_000);
    expect(() => ring.unseal(forged, "")).toThrow("is damaged");
    expect(() => ring.unseal(forged, "")).toThrow("is not in");
    rmSync(path);
    expect(() => ring.unseal(forged, "")).toThrow("is not in");
    expect(text(ring.unseal(sealed, ""))).toBe("a plan");
  });

  it("opens what was sealed before a rotation and by a process that has rotated since", () => {
    const before = openKeyRing({ folder });
    const old = before.seal(bytes("old"), "");
    rotate(folder);
    const after = openKeyRing({ folder });
    expect(after.chainKeyId).not.toBe(before.chainKeyId);
    expect(after.olderChainKeys.get(before.chainKeyId)).toEqual(before.chainKey);
    expect(text(after.unseal(old, ""))).toBe("old");
    expect(text(before.unseal(after.seal(bytes("new"), ""), ""))).toBe("new");
  });
});
