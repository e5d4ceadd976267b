import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { WriteLedger } from "../../ledger/write-ledger.ts";
import { LEASE_MS } from "../../tasks/task-run.ts";
import { longDomain, look, taskOf, withTasks } from "../testing/long-domain.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-left-write-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

/** A gate on the folder, and its ledger. */
async function open(
  { domain }: ReturnType<typeof longDomain>,
  clock: () => number,
): Promise<{ test: TestGate; ledger: WriteLedger }> {
  const seen: WriteLedger[] = [];
  const test = await openTestGate([domain], {
    folder,
    clock,
    domainsOf: ({ ledger }) => {
      seen.push(ledger);
      return [];
    },
  });
  return { test, ledger: seen[0] as WriteLedger };
}

describe("a long write whose process falls silent", () => {
  it("[L1][W3] is found out about by the next one as soon as its lease is over, also where it had been approved", {
    timeout: 30_000,
  }, async () => {
    // The beats of a machine that has gone.
    vi.useFakeTimers({ toFake: ["setInterval"] });
    const long = longDomain({}, { approval: "owner" });
    const { test: first, ledger } = await open(long, Date.now);
    const agent = { name: "may", idempotency_key: "k" };
    expect((await first.as("agent:ann").call("send_report", agent, withTasks)).code).toBe("approval_pending");
    const [asked] = (await first.gate.store.ledger.list({ limit: 9 })).rows;
    if (asked === undefined) throw new Error("nobody was asked");
    const person = { verdict: "approve", by: "person:ann", user: "ann", as: "owner", at: Date.now() } as const;
    expect(await ledger.decide(asked, person)).toMatchObject({ state: "approved" });
    const id = taskOf(await first.as("agent:ann").call("send_report", agent, withTasks));
    await expect.poll(() => long.held).toHaveLength(1);
    expect(await first.gate.store.ledger.get(asked.id)).toMatchObject({ state: "running", owner: `task:${id}` });
    vi.useRealTimers();
    const next = longDomain({}, { approval: "owner", lookup: () => ({ built: "sent before it fell silent" }) });
    const { test: second } = await open(next, () => Date.now() + 2 * LEASE_MS);
    const settled = () => look(second.as("agent:ann"), id);
    await expect.poll(settled, { timeout: 20_000 }).toMatchObject({ status: "completed" });
    expect((await settled())["result"]).toMatchObject({ structuredContent: { built: "sent before it fell silent" } });
    expect(next.held).toEqual([]);
    long.held[0]?.end("too late");
    for (const gate of [first, second]) await gate.close();
  });
});
