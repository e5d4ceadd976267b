import { describe, expect, it } from "vitest";
import { type IssuedKey, issueKey } from "../../callers/api-key.ts";
import { CallError } from "../../define/call-error.ts";
import { apiKeys } from "../../define/gate-config.ts";
import { inputRequired } from "../../define/input-required.ts";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import { longDomain, look, taskOf, withTasks } from "../testing/long-domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";

const form = { method: "elicitation/create", params: { message: "?", requestedSchema: { type: "object" } } } as const;
const yes = { action: "accept", content: { ok: true } };

describe("long work, for a client that knows tasks", () => {
  it("[L1] is a task at once, and its result stands in the task", async () => {
    const long = longDomain();
    await using test = await openTestGate([long.domain]);
    const ann = test.as("ann");
    const begun = await ann.call("build_report", { name: "may" }, withTasks);
    expect(begun.answer).toMatchObject({ resultType: "task" });
    expect(begun.result).toMatchObject({ status: "working", pollIntervalMs: 1_000 });
    const id = taskOf(begun);
    expect(id).toMatch(/^task_[0-9a-f]{40}$/);
    await expect.poll(() => long.held).toHaveLength(1);
    long.held[0]?.end("report of may");
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "completed" });
    expect((await look(ann, id))["result"]).toMatchObject({ structuredContent: { built: "report of may" } });
  });

  it("[L1][L2] tells how far it is, what it costs, and who ended it; its own work hears of that", async () => {
    const long = longDomain();
    await using test = await openTestGate([long.domain]);
    const ann = test.as("ann");
    const id = taskOf(await ann.call("build_report", { name: "may" }, withTasks));
    await expect.poll(() => long.held).toHaveLength(1);
    long.held[0]?.ctx.progress(3, 12, "March");
    long.held[0]?.ctx.recordCost({ usd: 0.25, rows: 10 });
    long.held[0]?.ctx.recordCost({ usd: 0.25 });
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "working", statusMessage: "3 of 12: March" });
    const { result } = await ann.request("tasks/cancel", { taskId: id }, withTasks);
    expect(result).toEqual({});
    await expect.poll(() => long.aborted).toEqual(["may"]);
    await expect
      .poll(() => look(ann, id))
      .toMatchObject({
        status: "cancelled",
        statusMessage: "Cancelled, as was asked.",
      });
    const row = await test.gate.store.tasks.get(id);
    expect(row).toMatchObject({ cost: { usd: 0.5, rows: 10 }, cancelBy: "person:ann", code: "call_cancelled" });
    const { records } = await searchWhole(test.gate.store.audit, { tool: "build_report", limit: 9 });
    expect(records.map(({ outcome }) => outcome)).toEqual(["cancelled", "begun"]);
    expect(records[0]?.message).toContain("Cost: usd 0.5, rows 10.");
    expect(records[0]?.message).toContain(id);
    expect(new Set(records.map(({ traceId }) => traceId))).toHaveLength(1);
  });

  it("that breaks has failed, and the no of a tool is a result", async () => {
    const long = longDomain();
    await using test = await openTestGate([long.domain]);
    const ann = test.as("ann");
    const ids: string[] = [];
    for (const name of ["breaks", "says-no"]) ids.push(taskOf(await ann.call("build_report", { name }, withTasks)));
    await expect.poll(() => long.held).toHaveLength(2);
    const heldBy = (name: string) => long.held.find((work) => work.name === name);
    heldBy("breaks")?.fail(new Error("the secret 4711"));
    heldBy("says-no")?.fail(new CallError("too_early", "May has not ended yet."));
    await expect.poll(() => look(ann, String(ids[0]))).toMatchObject({ status: "failed", error: { code: -32_603 } });
    expect(JSON.stringify(await look(ann, String(ids[0])))).not.toContain("4711");
    await expect.poll(() => look(ann, String(ids[1]))).toMatchObject({ status: "completed" });
    expect((await look(ann, String(ids[1])))["result"]).toMatchObject({ isError: true });
  });

  it("[L3] ends with the time that it has", async () => {
    const long = longDomain({ timeoutMs: 50, longRunning: true });
    await using test = await openTestGate([long.domain]);
    const ann = test.as("ann");
    const id = taskOf(await ann.call("build_report", { name: "may" }, withTasks));
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "completed", result: { isError: true } });
    expect(JSON.stringify(await look(ann, id))).toContain("deadline_exceeded");
    expect(long.aborted).toEqual(["may"]);
  });

  it("asks from within, waits for every answer, and goes on with them", async () => {
    const long = longDomain({
      run: (_, { inputResponses, state }) =>
        inputResponses["second"] === undefined
          ? inputRequired({ requests: { first: form, second: form }, state: { page: 7 } })
          : { built: JSON.stringify([inputResponses, state]) },
    });
    await using test = await openTestGate([long.domain]);
    const ann = test.as("ann");
    const id = taskOf(await ann.call("build_report", { name: "may" }, withTasks));
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "input_required" });
    const keys = Object.keys((await look(ann, id))["inputRequests"] as object);
    expect(keys).toHaveLength(2);
    const answer = (inputResponses: object) => ann.request("tasks/update", { taskId: id, inputResponses }, withTasks);
    await answer({ [String(keys[0])]: yes, nobody: yes });
    expect(Object.keys((await look(ann, id))["inputRequests"] as object)).toEqual([keys[1]]);
    await answer({ [String(keys[1])]: yes });
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "completed" });
    const { result } = (await look(ann, id)) as { result: { structuredContent: { built: string } } };
    expect(JSON.parse(result.structuredContent.built)).toEqual([{ first: yes, second: yes }, { page: 7 }]);
  });

  it("loses no answer, however many come at the same moment", async () => {
    const asked = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`q${index}`, form]));
    const long = longDomain({
      run: (_, { inputResponses }) =>
        Object.keys(inputResponses).length === 0
          ? inputRequired({ requests: asked })
          : { built: Object.keys(inputResponses).join() },
    });
    await using test = await openTestGate([long.domain]);
    const ann = test.as("ann");
    const id = taskOf(await ann.call("build_report", { name: "may" }, withTasks));
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "input_required" });
    const keys = Object.keys((await look(ann, id))["inputRequests"] as object);
    await Promise.all(
      keys.map((key) => ann.request("tasks/update", { taskId: id, inputResponses: { [key]: yes } }, withTasks)),
    );
    await expect.poll(() => look(ann, id)).toMatchObject({ status: "completed" });
    const { result } = (await look(ann, id)) as { result: { structuredContent: { built: string } } };
    expect(result.structuredContent.built.split(",").toSorted()).toEqual(Object.keys(asked).toSorted());
  });

  it("is there for nobody else, and nobody else hears of it (SECURITY 19)", async () => {
    const long = longDomain();
    await using test = await openTestGate([long.domain]);
    const [ann, ben] = [test.as("ann"), test.as("ben")];
    const id = taskOf(await ann.call("build_report", { name: "may" }, withTasks));
    for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
      const others = await ben.request(method, { taskId: id, inputResponses: {} }, withTasks);
      const none = await ben.request(method, { taskId: `task_${"0".repeat(40)}`, inputResponses: {} }, withTasks);
      expect(others.answer).toEqual(none.answer);
      expect(others.answer).toMatchObject({ kind: "error", code: -32_602 });
    }
    const heard: { who: string; status: unknown }[] = [];
    const listen = async (who: string, caller: typeof ann) => {
      const wanted = {
        toolsListChanged: false,
        promptsListChanged: false,
        resourcesListChanged: false,
        resourceSubscriptions: [],
        taskIds: [id],
      };
      const exchange = caller.exchange("subscriptions/listen", {}, withTasks);
      const emit = ({ params }: { params: Readonly<Record<string, unknown>> }) =>
        void heard.push({ who, status: params["status"] });
      return test.gate.host.listen(exchange, wanted, { emit, end: () => undefined });
    };
    expect(await listen("ben", ben)).toMatchObject({ honoured: { taskIds: [] } });
    expect(await listen("ann", ann)).toMatchObject({ honoured: { taskIds: [id] } });
    await expect.poll(() => long.held).toHaveLength(1);
    long.held[0]?.end("done");
    await expect.poll(() => heard.map(({ status }) => status)).toContain("completed");
    expect(new Set(heard.map(({ who }) => who))).toEqual(new Set(["ann"]));
    expect(long.aborted).toEqual([]);
  });

  it("that waits is not begun for a key that was revoked meanwhile", async () => {
    const long = longDomain({ concurrency: 1 });
    const callers = { authenticate: [apiKeys()] };
    await using test = await openTestGate([long.domain], { config: { callers } });
    const { keys } = test.gate.store;
    const [lost, kept] = ["lost", "kept"].map(() =>
      issueKey({ kind: "person", name: "ann", user: "ann", scopes: ["*"] }, Date.now()),
    ) as [IssuedKey, IssuedKey];
    for (const { row } of [lost, kept]) await keys.insert(row);
    const begin = async (name: string) => taskOf(await test.as(lost.secret).call("build_report", { name }, withTasks));
    await begin("first");
    const waiting = await begin("second");
    await expect.poll(() => long.held).toHaveLength(1);
    await keys.revoke(lost.row.id, Date.now());
    long.held[0]?.end("done");
    const ann = test.as(kept.secret);
    await expect.poll(() => look(ann, waiting)).toMatchObject({ status: "failed" });
    expect(JSON.stringify(await look(ann, waiting))).toContain("credential_ended");
    expect(long.held).toHaveLength(1);
  });

  it("is for clients that have said so: the others are told what they lack", async () => {
    const long = longDomain({ longRunning: { clients: "with_tasks" } });
    await using test = await openTestGate([long.domain]);
    const required = { requiredCapabilities: { extensions: { "io.modelcontextprotocol/tasks": {} } } };
    const refused = { kind: "error", code: -32_021, httpStatus: 400, data: required };
    expect((await test.call("build_report", { name: "may" })).answer).toMatchObject(refused);
    for (const method of ["tasks/get", "tasks/update", "tasks/cancel"])
      expect((await test.as("ann").request(method, { taskId: "task_1" })).answer).toMatchObject(refused);
    expect(long.held).toEqual([]);
  });
});

describe("long work, for a client that knows no tasks", () => {
  it("is a plain result where it comes in time, with the progress until then", async () => {
    const long = longDomain({ longRunning: { waitMs: 30_000 } });
    await using test = await openTestGate([long.domain]);
    const told: unknown[] = [];
    const asked = { progressToken: "p", onNotify: (_: string, params: object) => void told.push(params) };
    const call = test.call("build_report", { name: "may" }, asked);
    await expect.poll(() => long.held).toHaveLength(1);
    long.held[0]?.ctx.progress(1, 2, "half");
    await expect.poll(() => told).toHaveLength(1);
    long.held[0]?.end("report of may");
    expect((await call).structured).toEqual({ built: "report of may" });
    expect(told).toEqual([{ progressToken: "p", progress: 1, total: 2, message: "half" }]);
  });

  it("is told of, with the tool to follow it by, where it takes longer", async () => {
    const long = longDomain();
    await using test = await openTestGate([long.domain]);
    const begun = await test.call("build_report", { name: "may" });
    const id = taskOf(begun);
    expect(begun.structured).toMatchObject({
      task: { task_id: id, tool: "build_report", status: "working" },
      next: { tool: "get_task", arguments: { task_id: id } },
    });
    expect(begun.texts.at(-1)).toContain("get_task");
    await expect.poll(() => long.held).toHaveLength(1);
    long.held[0]?.end("done");
  });

  it("asks through the call itself", async () => {
    const long = longDomain({
      longRunning: { waitMs: 30_000 },
      run: (_, { inputResponses }) =>
        inputResponses["sure"] === undefined
          ? inputRequired({ requests: { sure: form } })
          : { built: JSON.stringify(inputResponses) },
    });
    await using test = await openTestGate([long.domain]);
    const asked = { capabilities: { elicitation: {} } };
    const first = await test.call("build_report", { name: "may" }, asked);
    expect(first.answer).toMatchObject({ resultType: "input_required" });
    const { inputRequests, requestState } = first.result as { inputRequests: object; requestState: string };
    const inputResponses = Object.fromEntries(Object.keys(inputRequests).map((key) => [key, yes]));
    const again = await test.call(
      "build_report",
      { name: "may" },
      { ...asked, params: { inputResponses, requestState } },
    );
    expect(again.structured).toEqual({ built: JSON.stringify({ sure: yes }) });
    expect((await test.gate.store.tasks.list({ limit: 9 })).rows).toHaveLength(1);
  });

  it("of a read ends with the call that its client gives up", async () => {
    const long = longDomain({ longRunning: { waitMs: 30_000 } });
    await using test = await openTestGate([long.domain]);
    const client = new AbortController();
    const call = test.call("build_report", { name: "may" }, { signal: client.signal });
    await expect.poll(() => long.held).toHaveLength(1);
    client.abort();
    expect((await call).code).toBe("call_cancelled");
    await expect.poll(() => long.aborted).toEqual(["may"]);
  });
});

describe("the places for long work", () => {
  it("are those of the tool: what is beyond them waits", async () => {
    const long = longDomain({ concurrency: 2 });
    await using test = await openTestGate([long.domain]);
    const ids: string[] = [];
    for (const name of ["a", "b", "c"]) ids.push(taskOf(await test.call("build_report", { name })));
    await expect.poll(() => long.held).toHaveLength(2);
    expect(await look(test.as("ann"), String(ids[2]))).toMatchObject({ statusMessage: "Waiting to be begun." });
    long.held[0]?.end("done");
    await expect.poll(() => long.held).toHaveLength(3);
    for (const work of long.held) work.end("done");
    for (const id of ids) await expect.poll(() => look(test.as("ann"), id)).toMatchObject({ status: "completed" });
  });

  it("go to what is urgent first", async () => {
    const long = longDomain();
    long.domain.read("build_urgent", {
      ...(long.domain.tools[0] as object as Parameters<typeof long.domain.read>[1]),
      longRunning: { waitMs: 1, priority: 9 },
    });
    await using test = await openTestGate([long.domain], { config: { tasks: { atOnce: 1 } } });
    for (const name of ["first", "second"]) await test.call("build_report", { name });
    await test.call("build_urgent", { name: "urgent" });
    for (let index = 0; index < 3; index += 1) {
      await expect.poll(() => long.held).toHaveLength(index + 1);
      long.held[index]?.end("done");
    }
    expect(long.held.map(({ name }) => name)).toEqual(["first", "urgent", "second"]);
  });

  it("are bounded: further work is refused, and says when to come again", async () => {
    const long = longDomain();
    const config = { tasks: { mostOpen: 3, mostOpenPerSubject: 2 } };
    await using test = await openTestGate([long.domain], { config });
    const begin = (who: string) => test.as(who).call("build_report", { name: who });
    for (const who of ["ann", "ann", "ben"]) taskOf(await begin(who));
    expect((await begin("ann")).error).toMatchObject({ code: "too_many_tasks", retry: { afterMs: 10_000 } });
    expect((await begin("cleo")).code).toBe("too_many_tasks");
    await expect.poll(() => long.held).toHaveLength(3);
    for (const work of long.held) work.end("done");
    await expect.poll(async () => (await begin("cleo")).code).toBeUndefined();
    long.held.at(-1)?.end("done");
  });
});
