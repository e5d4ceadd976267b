import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CallLog } from "../define/context.ts";
import type { Store } from "../store/port.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";
import { followRing, joinStore } from "./join-store.ts";
import { openKeyRing } from "./key-ring.ts";
import { type Ring, withNextInUse } from "./ring.ts";
import { replaceRingFile } from "./ring-file.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "callgate-join-"));
  const keyRing = openKeyRing({ folder });
  store = await sqlite(join(folder, "gate.db")).open({ keyRing, clock: Date.now });
});
afterEach(async () => {
  vi.useRealTimers();
  await store.close();
  rmSync(folder, { recursive: true });
});

const open = (name = "") => openKeyRing({ folder: join(folder, name) });
const joining = () => ({ store, location: "here", at: 1_000 });
const rotate = (): void => {
  const path = join(folder, "keyring.json");
  replaceRingFile(path, withNextInUse(JSON.parse(readFileSync(path, "utf8")) as Ring, Date.now()));
};

test("a gate with another ring than the store's is told which key it lacks, and what to do (SECURITY 15)", async () => {
  const ring = open();
  await joinStore(ring, joining());
  const other = open("other");
  const refused = joinStore(other, joining());
  for (const words of [ring.chainKeyId, other.chainKeyId, join(folder, "other", "keyring.json"), "CALLGATE_KEYRING"])
    await expect(refused).rejects.toThrow(words);
  await joinStore(open(), joining());
});

test("the store learns of a key that begins to seal while a gate runs: a ring from before is refused then", async () => {
  const ring = open();
  await joinStore(ring, joining());
  const before = readFileSync(join(folder, "keyring.json"), "utf8");
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  const stop = new AbortController();
  const log = { error: vi.fn<CallLog["error"]>(), warn: vi.fn<CallLog["warn"]>() };
  followRing(ring, { store, clock: Date.now, log, signal: stop.signal });
  rotate();
  vi.advanceTimersByTime(60_000);
  const rotated = ring.sealingKeyId;
  expect(rotated).not.toBe(ring.chainKeyId);
  await vi.waitFor(async () => expect(await store.rings.join({ sealing: "x", known: ["x"] }, 0)).toBe(rotated));
  replaceRingFile(join(folder, "keyring.json"), JSON.parse(before) as Ring);
  await expect(joinStore(open(), joining())).rejects.toThrow(rotated);
  // Others seal with a key that this gate has never heard of: it says so once.
  await store.rings.adopt({ sealing: "ffffffff", known: ["ffffffff"] }, 0);
  for (let minute = 0; minute < 3; minute += 1) {
    vi.advanceTimersByTime(60_000);
    await vi.waitFor(() => expect(log.error).toHaveBeenCalledTimes(1));
  }
  expect(log.error.mock.calls[0]?.[1]).toMatchObject({ key: "ffffffff" });
  stop.abort();
  expect(vi.getTimerCount()).toBe(0);
  expect(log.warn).not.toHaveBeenCalled();
});
