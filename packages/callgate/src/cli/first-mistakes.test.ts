import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "./testing/project.ts";
import { type Ran, runCallgate } from "./testing/run-callgate.ts";

let project: Project;
const run = (line: string, environment: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  runCallgate(line.split(" "), { folder: project.folder, environment });

beforeAll(() => {
  project = emptyFolder();
  installInto(project.folder);
  project.write(
    "callgate.config.ts",
    `import { defineDomain, defineGate, sqlite } from "callgate";
     const own = defineDomain("own", { owner: "team", purpose: "Greetings.", concern: "None." });
     own.read("greet", { description: "Greets whoever calls.", input: { type: "object" }, run: () => ({}) });
     export default defineGate({ name: "house", callers: {}, domains: [own], store: sqlite(".callgate/gate.db") });`,
  );
  mkdirSync(join(project.folder, "folder"));
});
afterAll(() => project.remove());

describe("a first mistake is told in words that lead on", { timeout: 60_000 }, () => {
  it.each([
    ["contract check --file folder", 2, "folder is a folder.", "folder/callgate.contract.json"],
    ["tasks list", 3, "no tool whose work is long", "longRunning: true"],
    ["tasks show task_1", 3, "no tool whose work is long", "callgate tools"],
    ["store export --out folder", 2, "is there already", "Name another file.\n"],
  ])("callgate %s", async (line, ...[code, problem, next]) => {
    const ran = await run(line);
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr).toContain(problem);
    expect(ran.stderr).toContain(next);
    expect(ran.stderr).not.toContain("--debug");
  });

  it("a level of the log that there is not", async () => {
    const { code, stderr } = await run("tools", { CALLGATE_LOG: "loud" });
    expect(code).toBe(4);
    expect(stderr).toContain(
      'setting "CALLGATE_LOG": the variable is "loud". It may be debug, info, warn, error, fatal.',
    );
    expect(await run("tools", { CALLGATE_LOG: "" })).toMatchObject({ code: 0 });
  });
});
