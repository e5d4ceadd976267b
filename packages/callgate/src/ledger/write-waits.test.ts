import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { claimOf } from "../store/contract-suite/sample-rows.ts";
import { storeOptions } from "../store/contract-suite/store-under-test.ts";
import type { LedgerRow } from "../store/ledger-port.ts";
import type { Store } from "../store/port.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";
import { WriteWaits } from "./write-waits.ts";

const WAITING = 200;
const WAIT_MS = 500;

let folder: string;
let store: Store;
let looks: number;
let waits: WriteWaits;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "callgate-write-waits-"));
  store = await sqlite(join(folder, "gate.db")).open(storeOptions);
  looks = 0;
  const get = (id: string): Promise<LedgerRow | undefined> => {
    looks += 1;
    return store.ledger.get(id);
  };
  waits = new WriteWaits({ store: { get }, clock: Date.now, owner: "this process" });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Two hundred who wait for a write of another process. */
async function waitForOne(): Promise<{ row: LedgerRow; settled: Promise<readonly LedgerRow[]> }> {
  const { row } = await store.ledger.claim(claimOf("w", { leaseUntil: Date.now() + 60_000 }));
  const until = Date.now() + WAIT_MS;
  return { row, settled: Promise.all(Array.from({ length: WAITING }, () => waits.whenSettled(row, until))) };
}

it("[W2] many who wait for one write of another process look at it together", async () => {
  const { settled } = await waitForOne();
  expect(new Set((await settled).map(({ state }) => state))).toEqual(new Set(["claimed"]));
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThan(WAITING / 4);
});

it("[W2] all of them see what became of it", async () => {
  const { row, settled } = await waitForOne();
  await store.ledger.move({ row, from: ["claimed"], to: "done", now: Date.now() });
  waits.wake(row.id);
  expect(new Set((await settled).map(({ state }) => state))).toEqual(new Set(["done"]));
  expect(looks).toBeLessThan(WAITING / 4);
});
