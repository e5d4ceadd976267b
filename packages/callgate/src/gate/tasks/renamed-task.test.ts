import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { type Domain, defineDomain } from "../../define/domain.ts";
import { longDomain, look, taskOf, withTasks } from "../testing/long-domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-renamed-task-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A long read and a long write, by their names of before or of now. */
function reports(when: "before" | "now", sent: string[] = []): Domain<undefined> {
  const domain = defineDomain("reports", { owner: "o", purpose: "p", concern: "c" });
  const renamed = (from: string) => (when === "now" ? { renamed: { from: [from] } } : {});
  const rules = {
    input: z.object({ name: z.string() }),
    output: z.object({ built: z.string() }),
    longRunning: true,
  } as const;
  domain.read(when === "now" ? "build_report" : "make_report", {
    ...rules,
    ...renamed("make_report"),
    description: "Builds a report for as long as it takes.",
    run: ({ name }) => ({ built: name }),
  });
  domain.write(when === "now" ? "send_report" : "mail_report", {
    ...rules,
    ...renamed("mail_report"),
    description: "Sends a report for as long as it takes.",
    plan: ({ name }) => ({ preview: { send: name }, name }),
    commit: ({ name }, { idempotencyKey }) => {
      sent.push(idempotencyKey);
      return { built: name };
    },
  });
  return domain;
}

it("[L1][K2] work that waits is done by the version that has given its tool another name", async () => {
  const before = await openTestGate([reports("before")], { folder, takesTasks: false });
  const ids: string[] = [];
  for (const tool of ["make_report", "mail_report"])
    ids.push(taskOf(await before.as("ann").call(tool, { name: "may" }, withTasks)));
  await before.close();
  const sent: string[] = [];
  await using now = await openTestGate([reports("now", sent)], { folder });
  for (const id of ids)
    await expect
      .poll(() => look(now.as("ann"), id))
      .toMatchObject({ status: "completed", result: { structuredContent: { built: "may" } } });
  expect(sent).toHaveLength(1);
  expect((await now.gate.store.ledger.list({ limit: 9 })).rows).toMatchObject([{ tool: "mail_report", state: "done" }]);
});

it("[L1][K2] a write that waits is left to the version before while it is switched off under its new name", async () => {
  const before = await openTestGate([reports("before")], { folder, takesTasks: false });
  const [write, read] = [
    taskOf(await before.as("ann").call("mail_report", { name: "may" }, withTasks)),
    taskOf(await before.as("ann").call("make_report", { name: "may" }, withTasks)),
  ];
  await before.close();
  const now = await openTestGate([reports("now")], { folder, config: { graduation: "required" } });
  // What was begun last is tried last.
  await expect.poll(() => look(now.as("ann"), read)).toMatchObject({ status: "completed" });
  expect(await now.gate.store.tasks.get(write)).toMatchObject({ state: "working", attempt: 0 });
  await now.close();
  const sent: string[] = [];
  await using back = await openTestGate([reports("before", sent)], { folder });
  await expect.poll(() => look(back.as("ann"), write)).toMatchObject({ status: "completed" });
  expect(sent).toHaveLength(1);
});

it("[L1][K2] as many tasks of a tool are at work as may be, whatever name they were begun by", async () => {
  const { domain } = longDomain();
  const before = await openTestGate([domain], { folder, takesTasks: false });
  await before.as("ann").call("build_report", { name: "old" }, withTasks);
  await before.close();
  const declared = longDomain({ concurrency: 1 });
  const tools = declared.domain.tools.map((tool) =>
    tool.name === "build_report" ? { ...tool, name: "make_report", renamed: { from: [tool.name] } } : tool,
  );
  await using now = await openTestGate([{ ...declared.domain, tools }], { folder });
  const names = (): readonly string[] => declared.held.map(({ name }) => name);
  await expect.poll(names).toEqual(["old"]);
  await now.as("ann").call("make_report", { name: "new" }, withTasks);
  // What is begun last is tried last.
  await now.as("ann").call("send_report", { name: "other" }, withTasks);
  await expect.poll(names).toContain("other");
  expect(names()).toEqual(["old", "other"]);
  declared.held[0]?.end("old");
  await expect.poll(names).toEqual(["old", "other", "new"]);
  for (const work of declared.held) work.end(work.name);
});
