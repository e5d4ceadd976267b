import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "../packages/callgate/src/cli/testing/project.ts";
import { type Ran, startCallgate, startCommand } from "../packages/callgate/src/cli/testing/run-callgate.ts";
import { readCommands } from "./read-commands.ts";

const page = readFileSync(join(import.meta.dirname, "..", "docs", "contracts.md"), "utf8");
const binary = join(import.meta.dirname, "..", "packages", "callgate", "bin", "callgate.js");

const config = `
  import { apiKeys, defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const notes = defineDomain("notes", { owner: "o", purpose: "p", concern: "c" });
  notes.read("find_notes", { description: "Finds notes.", input: z.object({ text: z.string() }), run: () => "" });
  export default defineGate({ name: "test", domains: [notes], callers: {}, store: sqlite(".callgate/gate.db") });
`;

describe("[K1] docs/contracts.md", { timeout: 60_000 }, () => {
  let project: Project;
  beforeEach(() => {
    project = emptyFolder();
    installInto(project.folder);
    project.write("callgate.config.ts", config);
    mkdirSync(join(project.folder, "prompts"));
    writeFileSync(join(project.folder, "prompts", "notes.md"), "Call find_notes with the text.\n");
  });
  afterEach(() => project.remove());

  /** Runs a line as a shell does, with the command of this checkout in the place of the installed one. */
  const run = (line: string, environment: Readonly<Record<string, string>> = {}): Promise<Ran> => {
    const command = line.replace("npx callgate", `"${process.execPath}" "${binary}"`);
    return startCommand("sh", ["-c", command], { ...project, environment }).ended;
  };

  it("shows three commands that work one after another", async () => {
    for (const command of readCommands(page, "contract-commands"))
      expect(await run(command)).toMatchObject({ code: 0 });
  });

  it("[K3] shows how a branch is held against what is deployed", async () => {
    const deployed = config.replace("callers: {}", "callers: { authenticate: [apiKeys()] }");
    project.write("callgate.config.ts", deployed);
    const key = (await run("npx callgate keys create --name ci")).stdout.trim();
    const gate = startCallgate(["start", "--port", "0", "--json"], project);
    const url = /"url":"([^"]+)"/.exec(await gate.until(/"url"/))?.[1] ?? "";
    const [fetching = "", check = ""] = readCommands(page, "contract-over-http");
    const fetched = await run(fetching.replace("http://127.0.0.1:7400", new URL(url).origin), { CALLGATE_KEY: key });
    expect(fetched).toMatchObject({ code: 0, stderr: "" });
    expect(await run(check)).toMatchObject({ code: 0 });
    project.write("callgate.config.ts", deployed.replace("{ text:", "{ words:"));
    expect(await run(check)).toMatchObject({ code: 7, stdout: expect.stringContaining("input.removed") });
    gate.kill("SIGTERM");
    expect(await gate.ended).toMatchObject({ code: 0 });
  });
});
