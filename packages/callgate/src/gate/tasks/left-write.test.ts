import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CallError } from "../../define/call-error.ts";
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
    const asked = await first.gate.store.ledger.find("agent:ann-agent@ann", "send_report", "k");
    if (asked === undefined) throw new Error("nobody was asked");
    const person = { verdict: "approve", by: "person:ann", user: "ann", as: "owner", at: Date.now() } as const;
    expect(await ledger.approvals.decide(asked, person)).toMatchObject({ state: "approved" });
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

describe("a long write whose task is over", () => {
  const asked = { name: "may", idempotency_key: "k" };

  it("[W2] is begun anew where its row could not be given back, long before the lease is over", async () => {
    const refusing = longDomain(
      {},
      {
        commit: () => {
          throw new CallError("closed", "Not today.", { retry: "same_key" });
        },
      },
    );
    const { test: first } = await open(refusing, Date.now);
    const over = taskOf(await first.as("ann").call("send_report", asked, withTasks));
    await expect.poll(async () => (await look(first.as("ann"), over))["status"]).toBe("completed");
    const [row] = (await first.gate.store.ledger.list({ limit: 9 })).rows;
    expect(row).toMatchObject({ state: "released", owner: `task:${over}` });
    await first.close();
    leaveClaimed(Date.now() + 3_600_000);
    const long = longDomain();
    const { test: second } = await open(long, Date.now);
    const anew = taskOf(await second.as("ann").call("send_report", asked, withTasks));
    expect(anew).not.toBe(over);
    await expect.poll(() => long.held).toHaveLength(1);
    long.held[0]?.end("sent");
    await expect.poll(async () => (await look(second.as("ann"), anew))["status"]).toBe("completed");
    expect((await second.gate.store.ledger.list({ limit: 9 })).rows).toMatchObject([{ id: row?.id, state: "done" }]);
    await second.close();
  });
});

/** As a store leaves the row that takes the end of a task and then, its disk being full, takes nothing more. */
function leaveClaimed(leaseUntil: number): void {
  const database = new DatabaseSync(join(folder, "gate.db"));
  database
    .prepare("UPDATE writes SET state = 'claimed', finished_at = NULL, code = NULL, lease_until = ?")
    .run(leaseUntil);
  database.close();
}
