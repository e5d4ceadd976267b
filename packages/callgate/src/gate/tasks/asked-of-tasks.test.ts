import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { defineGate } from "../../define/gate-config.ts";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import { postgres } from "../../store/postgres/postgres.ts";
import { describeWithPostgres, usePostgres } from "../../store/postgres/testing/use-postgres.ts";
import { createGate } from "../open/create-gate.ts";
import { longDomain, taskOf, withTasks } from "../testing/long-domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";
import { TestCaller } from "../testing/test-caller.ts";

const methods = ["tasks/get", "tasks/update", "tasks/cancel"];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-asked-of-tasks-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("[O1] whatever breaks behind a question about a task, it is answered with an id and on record", async () => {
  const long = longDomain();
  await using test = await openTestGate([long.domain], { folder });
  const ann = test.as("ann");
  const taskId = taskOf(await ann.call("build_report", { name: "may" }, withTasks));
  await expect.poll(() => long.held).toHaveLength(1);
  long.held[0]?.end("report of may");
  const state = async () => (await test.gate.store.tasks.get(taskId))?.state;
  await expect.poll(state).toBe("completed");
  const database = new DatabaseSync(join(folder, "gate.db"));
  database.exec("UPDATE tasks SET sealed_outcome = x'00'");
  database.close();
  const { error } = await ann.request("tasks/get", { taskId }, withTasks);
  expect(error).toMatchObject({ code: "system_error", message: expect.stringMatching(/Its id is call_[0-9a-f]{32}/) });
  const { records } = await searchWhole(test.gate.store.audit, { limit: 1 });
  expect(records).toMatchObject([{ callId: error?.details?.["call_id"], method: "tasks/get", outcome: "error" }]);
});

describeWithPostgres("on PostgreSQL", () => {
  const used = usePostgres({ fsync: false });

  it("what no task can be called is the id of no task (SECURITY 19)", async () => {
    const store = postgres(await used.newDatabase(), { folder });
    const callers = { authenticate: [() => ({ kind: "person", user: "ann", scopes: ["*"] }) as const] };
    const gate = await createGate(
      defineGate({ name: "test", domains: [longDomain().domain], graduation: "off", callers, store }),
    );
    const ann = new TestCaller(gate, "ann");
    for (const method of methods) {
      for (const taskId of ["task_\0", "\0", "", "'; --", `task_${"0".repeat(40)}`]) {
        const { error } = await ann.request(method, { taskId }, withTasks);
        expect(error).toMatchObject({ code: "unknown_task", message: "Unknown task" });
      }
    }
    await gate.close();
  });
});
