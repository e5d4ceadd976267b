import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "./testing/project.ts";
import { type Ran, runCallgate, startCallgate } from "./testing/run-callgate.ts";
import { type Started, startHttp } from "./testing/waiting-gate.ts";

const CONFIG = `
  import { existsSync } from "node:fs";
  import { setTimeout } from "node:timers/promises";
  import { defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const reports = defineDomain("reports", { owner: "o", purpose: "p", concern: "c" });
  reports.read("build_report", {
    description: "Builds a report until it is enough.",
    input: z.object({ name: z.string() }),
    output: z.object({ built: z.string() }),
    longRunning: { waitMs: 1 },
    run: async ({ name }, { signal, progress, recordCost }) => {
      recordCost({ pages: 3 });
      progress(1, 2, "half of " + name);
      while (!existsSync(name + ".end")) await setTimeout(10, undefined, { signal });
      return { built: name };
    },
  });
  export default defineGate({
    name: "test",
    domains: [reports],
    store: sqlite(".callgate/gate.db"),
    callers: { authenticate: [({ bearer }) => (bearer === undefined ? undefined : { kind: "person", user: bearer, scopes: ["*"] })] },
  });`;

let project: Project;
let started: Started;
const run = (...args: string[]): Promise<Ran> => runCallgate(args, project);
const asAnn = (...args: string[]): Promise<Ran> => run(...args, "--url", started.url, "--key", "ann");

async function begin(name: string): Promise<string> {
  const { stdout, stderr } = await asAnn("call", "build_report", `name=${name}`, "--json");
  const { task } = JSON.parse(stdout || stderr) as { task: { task_id: string } };
  return task.task_id;
}

beforeAll(async () => {
  project = emptyFolder();
  installInto(project.folder);
  project.write("callgate.config.ts", CONFIG);
  started = await startHttp(project);
});
afterAll(async () => {
  started.gate.kill("SIGTERM");
  await started.gate.ended;
  project.remove();
});

describe("callgate tasks", () => {
  it("tells how far a task is until it has ended, and prints what it gave", async () => {
    const id = await begin("may");
    const watching = asAnn("tasks", "watch", id);
    await expect
      .poll(async () => (await asAnn("tasks", "show", id)).stderr, { timeout: 30_000 })
      .toContain("1 of 2: half of may");
    project.write("may.end", "");
    const { code, stdout, stderr } = await watching;
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ built: "may" });
    expect(stderr).toContain("cost pages 3");
  });

  it("ends the work in another process on the same store, after asking or told not to ask", async () => {
    const id = await begin("june");
    const listed = await run("tasks", "list", "--everyone", "--status", "working");
    expect(listed.stdout).toContain(id);
    const refused = await run("tasks", "cancel", id);
    expect(refused.code).not.toBe(0);
    expect((await run("tasks", "cancel", id, "--yes")).stderr).toContain(id);
    await expect
      .poll(async () => (await asAnn("tasks", "show", id)).stderr, { timeout: 30_000 })
      .toMatch(/^cancelled.*its end was asked for by/msu);
    expect(JSON.parse((await asAnn("tasks", "list", "--json")).stdout)).toMatchObject({
      tasks: [{ task_id: id, status: "cancelled" }, { status: "completed" }],
    });
  });

  it("goes on watching, tasks and approvals, when the gate is there again that was away", async () => {
    const id = await begin("july");
    const asked = ["--url", started.url, "--key", "ann"];
    const watching = [
      ["tasks", "watch", id],
      ["approvals", "watch"],
    ].map((args) => startCallgate([...args, ...asked], project));
    await watching[0]?.until(/working/);
    await watching[1]?.until(/Watching/);
    started.gate.kill("SIGTERM");
    await Promise.all(watching.map((each) => each.until(/The gate does not answer/)));
    project.write("july.end", "");
    await started.gate.ended;
    started = await startHttp(project, { args: ["--port", new URL(started.url).port] });
    const { code, stdout, stderr } = (await watching[0]?.ended) ?? {};
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout ?? "")).toEqual({ built: "july" });
    watching[1]?.kill("SIGTERM");
    // By that signal, and not by itself before.
    expect(await watching[1]?.ended).toMatchObject({ code: null });
  });

  it("knows no task that is not there", async () => {
    const { code, stderr } = await asAnn("tasks", "show", "task_1");
    expect(code).not.toBe(0);
    expect(stderr).toContain("There is no such task");
  });
});
