import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { env, file, optional } from "../define/secret.ts";
import { openKeyRing } from "./key-ring.ts";
import { newRing, type Ring, toRingText } from "./ring.ts";

describe("where a gate's key ring is", () => {
  let folder: string;
  let given: string;
  let ring: Ring;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "callgate-source-"));
    given = join(folder, "given.json");
    ring = newRing(Date.now());
    writeFileSync(given, toRingText(ring), { mode: 0o600 });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const idIn = (environment: NodeJS.ProcessEnv, reference?: Parameters<typeof openKeyRing>[0]["reference"]) =>
    openKeyRing({ folder: join(folder, "store"), reference, environment }).chainKeyId;

  it("is the file that the config names, else the variable, else the store's folder", () => {
    const [{ id }] = ring.keys;
    const other = { CALLGATE_KEYRING: toRingText(newRing(0)) };
    expect(idIn(other, file(given))).toBe(id);
    expect(idIn({ CALLGATE_KEYRING: toRingText(ring) })).toBe(id);
    expect(idIn({ CALLGATE_KEYRING: `file:${given}` })).toBe(id);
    vi.stubEnv("OUR_RING", `file:${given}`);
    expect(idIn(other, env("OUR_RING"))).toBe(id);
    expect(existsSync(join(folder, "store"))).toBe(false);
    const own = idIn({});
    expect(own).not.toBe(id);
    expect(idIn({ CALLGATE_KEYRING: "" })).toBe(own);
    expect(idIn(other, optional(env("OUR_OTHER_RING")))).toBe(own);
  });

  it("is not made where somebody else is to put it", () => {
    const missing = join(folder, "missing.json");
    for (const open of [() => idIn({}, file(missing)), () => idIn({ CALLGATE_KEYRING: `file:${missing}` })])
      expect(open).toThrow(/missing\.json is not there: .* callgate keyring create/);
    expect(() => idIn({}, env("OUR_RING"))).toThrow("the environment variable OUR_RING is not set");
    expect(existsSync(missing)).toBe(false);
  });

  it("may be for a group to read, as mounted secrets are, and for nobody else (SECURITY 8)", () => {
    chmodSync(given, 0o640);
    expect(idIn({}, file(given))).toBe(ring.keys[0].id);
    for (const mode of [0o644, 0o604, 0o660]) {
      chmodSync(given, mode);
      expect(() => idIn({}, file(given))).toThrow("can be read by other users");
    }
  });

  it("is not taken for damaged where file: was forgotten, and nothing but a file's path is told", () => {
    const neither = "CALLGATE_KEYRING holds neither the text of a key ring nor file: and a path";
    expect(() => idIn({ CALLGATE_KEYRING: given })).toThrow(`${neither}: did you mean file:${given}?`);
    const open = (): string => idIn({ CALLGATE_KEYRING: "s3cret" });
    expect(open).toThrow(`${neither}: give one of the two`);
    expect(open).not.toThrow("s3cret");
  });

  it("never tells what is in it", () => {
    const text = toRingText(ring);
    for (const damaged of [text.slice(0, -10), text.replace('"version": 1', '"version": 2')]) {
      expect(() => idIn({ CALLGATE_KEYRING: damaged })).toThrow(
        /^the environment variable CALLGATE_KEYRING is (damaged|not)/,
      );
      for (const secret of [ring.keys[0].sealing, ring.keys[0].chain])
        expect(() => idIn({ CALLGATE_KEYRING: damaged })).not.toThrow(secret);
    }
  });
});
