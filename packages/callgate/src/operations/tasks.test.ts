import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineGate } from "../define/gate-config.ts";
import type { Identity } from "../define/subject.ts";
import type { Gate } from "../gate/open/create-gate.ts";
import { type LongDomain, longDomain, taskOf } from "../gate/testing/long-domain.ts";
import { TestCaller } from "../gate/testing/test-caller.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";
import { OPERATIONS_DOMAINS } from "./key-grants.ts";
import { openGate } from "./open-gate.ts";

/** `operator:…` may look after the tasks of others, `reader:…` sees no long work, anybody else is a clerk of a tenant by name. */
function authenticate(bearer: string | undefined): Identity | undefined {
  if (bearer?.startsWith("agent:")) return { kind: "agent", user: bearer.slice(6), agent: "helper", role: "clerk" };
  const [role = "", user = "", tenant] = (bearer ?? "").split(":");
  return bearer === undefined ? undefined : { kind: "person", user, role, ...(tenant !== undefined && { tenant }) };
}

let folder: string;
let gate: Gate;
let long: LongDomain;

const as = (credential: string): TestCaller => new TestCaller(gate, credential);
const ann = () => as("clerk:ann");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-tasks-"));
  long = longDomain({ scope: "reports:read" }, { scope: "reports:write", approval: "owner" });
  const config = defineGate({
    name: "test",
    domains: [long.domain],
    callers: {
      authenticate: [({ bearer }) => authenticate(bearer)],
      roles: {
        clerk: { scopes: ["reports:*"] },
        reader: { scopes: ["other:read"] },
        operator: { scopes: ["tasks:*"] },
      },
    },
    graduation: "off",
    store: sqlite(join(folder, "gate.db")),
  });
  gate = await openGate(config);
});

afterEach(async () => {
  for (const work of long.held) work.end("at last");
  await gate.close();
  await rm(folder, { recursive: true, force: true });
});

it("are of a domain that keys may be held to, as all that run the gate are", () => {
  // There is no server behind this gate to look after.
  const own = OPERATIONS_DOMAINS.filter((name) => name !== "upstreams");
  expect([...gate.registry.domains.keys()].toSorted()).toEqual(["reports", ...own].toSorted());
});

describe("the tools for tasks", () => {
  it("are shown to whoever sees long work, wherever that is, and to nobody else", async () => {
    const following = ["get_task", "cancel_task", "list_tasks"];
    const shown = async (who: string, endpoint?: string) => [...(await as(who).tools(endpoint)).keys()];
    expect(await shown("clerk:ann")).toEqual(expect.arrayContaining(["build_report", ...following]));
    expect(await shown("clerk:ann", "reports")).toEqual(expect.arrayContaining(following));
    expect(await shown("reader:rob")).not.toEqual(expect.arrayContaining(["get_task"]));
    expect((await as("reader:rob").call("get_task", { task_id: "task_1" })).code).toBe("unknown_tool");
  });

  it("say how far the work is, and give its result", async () => {
    const begun = await ann().call("build_report", { name: "may" });
    const { next } = begun.structured as { next: { tool: string; arguments: { task_id: string } } };
    await expect.poll(() => long.held).toHaveLength(1);
    long.held[0]?.ctx.progress(1, 12, "January");
    const get = async () => (await ann().call(next.tool, next.arguments)).structured;
    await expect.poll(get).toMatchObject({
      status: "working",
      progress: { done: 1, total: 12, message: "January" },
      history: [{ done: 1, total: 12, message: "January" }],
    });
    long.held[0]?.end("report of may");
    await expect.poll(get).toMatchObject({ status: "completed", result: { built: "report of may" } });
  });

  it("end the work, and say what it gave up and why", async () => {
    const id = taskOf(await ann().call("build_report", { name: "may" }));
    await expect.poll(() => long.held).toHaveLength(1);
    const cancelled = await ann().call("cancel_task", { task_id: id });
    expect(cancelled.structured).toMatchObject({ task_id: id, cancelled_by: "person:ann" });
    await expect.poll(() => long.aborted).toEqual(["may"]);
    const get = async () => (await ann().call("get_task", { task_id: id })).structured;
    await expect.poll(get).toMatchObject({ status: "cancelled", code: "call_cancelled" });
    expect((await ann().call("cancel_task", { task_id: id })).structured).toMatchObject({ status: "cancelled" });
  });

  it("[W3] follow a write that was approved before it became a task", async () => {
    const agent = as("agent:ann");
    const pending = await agent.call("send_report", { name: "may" });
    expect(pending.code).toBe("approval_pending");
    const write = await gate.store.ledger.get(String(pending.error?.details?.["write_id"]));
    const approval_id = write?.approval?.id;
    const decided = await ann().call(
      "decide_approval",
      { approval_id, decision: "approve" },
      {
        endpoint: "approvals",
      },
    );
    expect(decided.error).toBeUndefined();
    const id = taskOf(await agent.call("send_report", { name: "may" }));
    await expect.poll(() => long.held).toHaveLength(1);
    // The same write again is the same task, and takes no second approval.
    expect(taskOf(await agent.call("send_report", { name: "may" }))).toBe(id);
    long.held[0]?.end("sent");
    const get = async () => (await agent.call("get_task", { task_id: id })).structured;
    await expect.poll(get).toMatchObject({ status: "completed", result: { built: "sent" } });
    const { rows } = await gate.store.ledger.list({ tool: "send_report", limit: 9 });
    expect(rows).toMatchObject([{ state: "done", approval: { spentAt: expect.any(Number) } }]);
    expect(long.held).toHaveLength(1);
  });

  it("show each caller its own, and those of all only to who looks after them (SECURITY 19)", async () => {
    const annas = taskOf(await ann().call("build_report", { name: "may" }));
    const bens = taskOf(await as("clerk:ben:north").call("build_report", { name: "june" }));
    const list = async (who: string, input = {}) =>
      ((await as(who).call("list_tasks", input)).structured as { tasks: { task_id: string }[] }).tasks.map(
        ({ task_id }) => task_id,
      );
    expect(await list("clerk:ann")).toEqual([annas]);
    expect(await list("clerk:ben:north")).toEqual([bens]);
    expect(await list("operator:eve")).toEqual([]);
    expect(await list("operator:eve", { everyone: true })).toEqual([bens, annas]);
    expect(await list("operator:eve:north", { everyone: true })).toEqual([bens]);
    expect((await ann().call("list_tasks", { everyone: true })).code).toBe("missing_scope");
    for (const tool of ["get_task", "cancel_task"]) {
      const others = await ann().call(tool, { task_id: bens });
      const none = await ann().call(tool, { task_id: `task_${"0".repeat(40)}` });
      expect(others.error).toMatchObject({ code: "unknown_task" });
      expect(others.error?.message).toBe(none.error?.message);
      expect((await as("operator:eve:south").call(tool, { task_id: bens })).code).toBe("unknown_task");
    }
    expect((await as("operator:eve").call("cancel_task", { task_id: bens })).structured).toMatchObject({
      cancelled_by: "person:eve",
    });
  });
});
