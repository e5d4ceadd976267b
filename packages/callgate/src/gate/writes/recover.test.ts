import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { claimOf } from "../../store/contract-suite/sample-rows.ts";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import { bookingDomain } from "../testing/booking-domain.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";

const LEASE_MS = 10_000;
const LOOK_EVERY_MS = 10_000;
const SILENT_MS = 30_000;
let now: number;
let gate: TestGate;

beforeEach(async () => {
  now = Date.now();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  gate = await openTestGate([bookingDomain().domain], { clock: () => now });
});

afterEach(async () => {
  await gate.close();
  vi.useRealTimers();
});

/** A write of a process on another machine, whose calls are recorded by nobody here. */
async function claimedElsewhere(): Promise<LedgerRow> {
  const id = randomUUID();
  const claim = claimOf(id, { owner: "elsewhere/1/ab", key: id, now, leaseUntil: now + LEASE_MS });
  const { row } = await gate.gate.store.ledger.claim(claim);
  return row;
}

async function runningElsewhere(): Promise<LedgerRow> {
  const row = await claimedElsewhere();
  const running = await gate.gate.store.ledger.move({ row, from: ["claimed"], to: "running", now });
  if (running === undefined) throw new Error("the row has not moved");
  return running;
}

function pass(ms: number): void {
  now += ms;
  vi.advanceTimersByTime(ms);
}

const stateOf = async ({ id }: LedgerRow) => (await gate.gate.store.ledger.get(id))?.state;
const recordOf = async ({ callId }: LedgerRow) => (await gate.gate.store.audit.get(callId))?.outcome;

describe("a write whose process on another machine has died", () => {
  it("[W2] is found while the gate runs, once its lease is over, and its call is recorded (SECURITY 33)", async () => {
    const [claimed, running] = [await claimedElsewhere(), await runningElsewhere()];
    pass(LEASE_MS + 1);
    await expect.poll(() => recordOf(running), { interval: 5 }).toBe("unknown");
    await expect.poll(() => recordOf(claimed), { interval: 5 }).toBe("interrupted");
    expect([await stateOf(claimed), await stateOf(running)]).toEqual(["released", "unknown"]);
  });

  it("[W2] is left to itself as long as it may be alive", async () => {
    const waiting = await runningElsewhere();
    pass(LEASE_MS / 2);
    const lapsed = await runningElsewhere();
    pass(LEASE_MS / 2 + 1);
    await expect.poll(() => recordOf(waiting), { interval: 5 }).toBe("unknown");
    expect([await stateOf(lapsed), await recordOf(lapsed)]).toEqual(["running", undefined]);
  });

  it("[W2] with its outcome stored, but its call unrecorded, is recorded once by the gates that live on", async () => {
    const running = await runningElsewhere();
    const { ledger, processes } = gate.gate.store;
    await processes.beat({ owner: running.owner, heardAt: now });
    await ledger.move({ row: running, from: ["running"], to: "done", now });
    const { folder } = gate;
    const other = await openTestGate([bookingDomain().domain], { clock: () => now, folder });
    try {
      pass(SILENT_MS);
      await expect.poll(async () => (await processes.list()).map(({ heardAt }) => heardAt)).toContain(now);
      expect(await recordOf(running)).toBeUndefined();
      now += LOOK_EVERY_MS;
      const known = async (): Promise<number> => {
        // A gate that is still looking lets a tick pass.
        vi.advanceTimersByTime(LOOK_EVERY_MS);
        return (await processes.list()).length;
      };
      await expect.poll(known, { interval: 20 }).toBe(2);
      const { records } = await searchWhole(gate.gate.store.audit, { writeId: running.id, limit: 5 });
      expect(records).toMatchObject([{ kind: "recovered", outcome: "ok", callId: running.callId }]);
    } finally {
      await other.gate.close();
    }
  });

  it("[W2] is recorded by others where the process that gave it up ended before it could", async () => {
    const task = claimOf(randomUUID(), { owner: "task:task_1", key: randomUUID(), now, leaseUntil: now + LEASE_MS });
    const { row } = await gate.gate.store.ledger.claim(task);
    pass(LEASE_MS + 1);
    await expect.poll(() => recordOf(row), { interval: 5 }).toBe("interrupted");
    const given = await gate.gate.store.ledger.get(row.id);
    const { owner } = given as LedgerRow;
    expect((await gate.gate.store.ledger.heldBy(owner, now - 1)).map(({ id }) => id)).toContain(row.id);
  });

  it("[W2] is found at the next start where a task held it, long before anybody looks again", async () => {
    const task = claimOf(randomUUID(), { owner: "task:task_1", key: randomUUID(), now, leaseUntil: now + LEASE_MS });
    const { row } = await gate.gate.store.ledger.claim(task);
    now += LEASE_MS + 1;
    const next = await openTestGate([bookingDomain().domain], { clock: () => now, folder: gate.folder });
    try {
      expect((await next.gate.store.ledger.get(row.id))?.state).toBe("released");
      expect((await next.gate.store.audit.get(row.callId))?.outcome).toBe("interrupted");
    } finally {
      await next.gate.close();
    }
  });

  it("[W2] is left to itself while it is heard of", async () => {
    const running = await runningElsewhere();
    const { ledger, processes } = gate.gate.store;
    await ledger.move({ row: running, from: ["running"], to: "done", now });
    for (let round = 0; round < 5; round += 1) {
      await processes.beat({ owner: running.owner, heardAt: now });
      pass(LOOK_EVERY_MS);
      await expect.poll(async () => (await processes.list()).map(({ heardAt }) => heardAt)).toContain(now);
    }
    expect(await recordOf(running)).toBeUndefined();
  });
});
