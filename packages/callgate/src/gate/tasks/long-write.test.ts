import { describe, expect, it } from "vitest";
import { CallError } from "../../define/call-error.ts";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import { longDomain, look, taskOf, withTasks } from "../testing/long-domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";

describe("a long write", () => {
  it("[W1] is planned within its call, committed within its task, and done once", async () => {
    const long = longDomain();
    await using test = await openTestGate([long.domain]);
    const ann = test.as("ann");
    const id = taskOf(await ann.call("send_report", { name: "may" }, withTasks));
    await expect.poll(() => long.held).toHaveLength(1);
    // The same write again is the same task.
    expect(taskOf(await ann.call("send_report", { name: "may" }, withTasks))).toBe(id);
    long.held[0]?.end("sent");
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "completed" });
    const { rows } = await test.gate.store.ledger.list({ limit: 9 });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ state: "done" });
    const replayed = await ann.call("send_report", { name: "may", idempotency_key: String(rows[0]?.key) }, withTasks);
    expect(replayed.structured).toEqual({ built: "sent" });
    expect(replayed.meta["io.callgate/replayed"]).toBe(true);
    expect(long.held).toHaveLength(1);
    const { records } = await searchWhole(test.gate.store.audit, { writeId: String(rows[0]?.id), limit: 9 });
    expect(records.map(({ outcome }) => outcome)).toEqual(["replayed", "ok", "begun", "begun"]);
  });

  it("shows its preview without a task", async () => {
    const long = longDomain();
    await using test = await openTestGate([long.domain]);
    const preview = await test.call("send_report", { name: "may", dry_run: true }, withTasks);
    expect(preview.structured).toMatchObject({ dry_run: true, preview: { send: "may" } });
    expect((await test.gate.store.tasks.list({ limit: 9 })).rows).toEqual([]);
  });

  it("that is cancelled before it begins was never made, and may be made anew", async () => {
    const long = longDomain({}, { concurrency: 1 });
    await using test = await openTestGate([long.domain]);
    const ann = test.as("ann");
    const first = taskOf(await ann.call("send_report", { name: "first" }, withTasks));
    const second = taskOf(await ann.call("send_report", { name: "second" }, withTasks));
    await expect.poll(() => long.held).toHaveLength(1);
    await ann.request("tasks/cancel", { taskId: second }, withTasks);
    expect(await look(ann, second)).toMatchObject({ status: "cancelled" });
    const again = taskOf(await ann.call("send_report", { name: "second" }, withTasks));
    expect(again).not.toBe(second);
    long.held[0]?.end("sent");
    await expect.poll(() => long.held.map(({ name }) => name)).toEqual(["first", "second"]);
    long.held[1]?.end("sent");
    for (const id of [first, again]) await expect.poll(() => look(ann, id)).toMatchObject({ status: "completed" });
    expect(long.held).toHaveLength(2);
  });

  it("that is cancelled while it is made may have taken place: the next one to ask is told what the backend knows", async () => {
    const sent: string[] = [];
    const long = longDomain({}, { lookup: () => (sent.length > 0 ? { built: "sent after all" } : undefined) });
    await using test = await openTestGate([long.domain]);
    const ann = test.as("ann");
    const id = taskOf(await ann.call("send_report", { name: "may" }, withTasks));
    await expect.poll(() => long.held).toHaveLength(1);
    await ann.request("tasks/cancel", { taskId: id }, withTasks);
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "completed", result: { isError: true } });
    expect(JSON.stringify(await look(ann, id))).toContain("outcome_unknown");
    expect(long.aborted).toEqual(["may"]);
    sent.push("may");
    expect((await ann.call("send_report", { name: "may" }, withTasks)).structured).toEqual({ built: "sent after all" });
  });

  it("goes on where its client has gone", async () => {
    const long = longDomain({}, { longRunning: { waitMs: 30_000 } });
    await using test = await openTestGate([long.domain]);
    const client = new AbortController();
    const call = test.call("send_report", { name: "may" }, { signal: client.signal });
    await expect.poll(() => long.held).toHaveLength(1);
    client.abort();
    expect((await call).code).toBe("call_cancelled");
    long.held[0]?.end("sent");
    await expect.poll(async () => (await test.gate.store.ledger.list({ limit: 1 })).rows[0]?.state).toBe("done");
    expect(long.aborted).toEqual([]);
  });

  it("[W2] that its task gives back is on record under the task's own call, and held by that call's process", async () => {
    const refuse = (): never => {
      throw new CallError("closed", "Not now.", { retry: "same_key" });
    };
    const plans: string[] = [];
    const plan = ({ name }: { name: string }) => {
      plans.push(name);
      return plans.length === 1 ? { preview: { send: name }, name } : refuse();
    };
    await using test = await openTestGate([longDomain({}, { plan }).domain]);
    const ann = test.as("ann");
    const id = taskOf(await ann.call("send_report", { name: "may" }, withTasks));
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "completed", result: { isError: true } });
    const { audit, ledger, processes } = test.gate.store;
    const [row] = (await ledger.list({ limit: 9 })).rows;
    const [own] = await processes.list();
    expect(row).toMatchObject({ state: "released", code: "closed", owner: own?.owner });
    expect(await audit.get(row?.callId ?? "")).toMatchObject({ kind: "call", outcome: "error", code: "closed" });
  });

  it("waits for its approval before it is a task", async () => {
    const long = longDomain({}, { approval: "owner" });
    await using test = await openTestGate([long.domain]);
    const asked = await test.as("agent:ann").call("send_report", { name: "may" }, withTasks);
    expect(asked.code).toBe("approval_pending");
    expect((await test.gate.store.tasks.list({ limit: 9 })).rows).toEqual([]);
  });
});
