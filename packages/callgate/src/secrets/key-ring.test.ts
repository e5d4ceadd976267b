import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KeyRingError, openKeyRing, rotateKeyRing } from "./key-ring.ts";

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
        const sealed = openKeyRing(folder).seal(plaintext, aad);
        expect([...openKeyRing(folder).unseal(sealed, aad)]).toEqual([...plaintext]);
      }),
      { numRuns: 50 },
    );
  });

  it("is a file for its owner alone", () => {
    openKeyRing(folder);
    expect(statSync(join(folder, "keyring.json")).mode & 0o777).toBe(0o600);
  });

  it("refuses a file that others may read (SECURITY 8)", () => {
    openKeyRing(folder);
    chmodSync(join(folder, "keyring.json"), 0o644);
    expect(() => openKeyRing(folder)).toThrow(KeyRingError);
  });

  it("refuses a damaged file instead of making new keys", () => {
    openKeyRing(folder);
    const path = join(folder, "keyring.json");
    writeFileSync(path, readFileSync(path, "utf8").slice(0, 40));
    expect(() => openKeyRing(folder)).toThrow(KeyRingError);
  });

  it("refuses bytes that were changed anywhere, or that belong to something else", () => {
    const ring = openKeyRing(folder);
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

  it("opens what was sealed before a rotation and by a process that has rotated since", () => {
    const before = openKeyRing(folder);
    const old = before.seal(bytes("old"), "");
    rotateKeyRing(folder);
    const after = openKeyRing(folder);
    expect(after.chainKeyId).not.toBe(before.chainKeyId);
    expect(after.olderChainKeys.get(before.chainKeyId)).toEqual(before.chainKey);
    expect(text(after.unseal(old, ""))).toBe("old");
    expect(text(before.unseal(after.seal(bytes("new"), ""), ""))).toBe("new");
  });
});
