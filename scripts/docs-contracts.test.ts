import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { emptyFolder, installInto, type Project } from "../packages/callgate/src/cli/fixtures/project.ts";
import { type Ran, startCommand } from "../packages/callgate/src/cli/fixtures/run-callgate.ts";
import { readCommands } from "./read-commands.ts";

const page = readFileSync(join(import.meta.dirname, "..", "docs", "contracts.md"), "utf8");
const binary = join(import.meta.dirname, "..", "packages", "callgate", "bin", "callgate.js");

const config = (argument: string): string => `
  import { defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const notes = defineDomain("notes", { owner: "o", purpose: "p", concern: "c" });
  notes.read("find_notes", { description: "Finds notes.", input: z.object({ ${argument}: z.string() }), run: () => "" });
  export default defineGate({ name: "test", domains: [notes], callers: {}, store: sqlite(".callgate/gate.db") });
`;

/** A recipe of the page, as the pipeline reads it. */
function recipe(mark: string): unknown {
  const [, block] = new RegExp(`<!-- ${mark} -->\\n\`\`\`yaml\\n([^]*?)\`\`\``).exec(page) ?? [];
  return parse(block ?? "");
}

describe("[K1] docs/contracts.md", { timeout: 60_000 }, () => {
  let project: Project;
  beforeEach(() => {
    project = emptyFolder();
    installInto(project.folder);
    project.write("callgate.config.ts", config("text"));
    mkdirSync(join(project.folder, "prompts"));
    writeFileSync(join(project.folder, "prompts", "notes.md"), "Call find_notes with the text.\n");
  });
  afterEach(() => project.remove());

  /** Runs a line as a pipeline does, with the command of this checkout in the place of the installed one. */
  const run = (line: string): Promise<Ran> => {
    const environment = { GITHUB_STEP_SUMMARY: join(project.folder, "summary.md") };
    const command = line.replace("npx callgate", `"${process.execPath}" "${binary}"`);
    return startCommand("sh", ["-c", command], { ...project, environment }).ended;
  };
  const breakIt = async (): Promise<void> => {
    await run("npx callgate contract snapshot");
    project.write("callgate.config.ts", config("words"));
  };

  it("shows three commands that work one after another", async () => {
    for (const command of readCommands(page, "contract-commands"))
      expect(await run(command)).toMatchObject({ code: 0 });
  });

  it("has a recipe for GitHub that fails where callers break, and says in its summary what and where", async () => {
    const { jobs } = recipe("contract-github") as { jobs: { contract: { steps: { run?: string; if?: string }[] } } };
    const [check, summary] = jobs.contract.steps.filter(({ run }) => run?.startsWith("npx callgate"));
    await breakIt();
    expect(await run(check?.run ?? "")).toMatchObject({ code: 7 });
    expect(summary?.if).toBe("failure()");
    expect(await run(summary?.run ?? "")).toMatchObject({ code: 0 });
    const written = readFileSync(join(project.folder, "summary.md"), "utf8");
    expect(written).toContain("`prompts/notes.md:1` names `text`");
  });

  it("has a recipe for GitLab that fails where callers break, and keeps a report", async () => {
    const { contract } = recipe("contract-gitlab") as {
      contract: { script: string[]; after_script: string[]; artifacts: { paths: string[] } };
    };
    await breakIt();
    expect(await run(contract.script.at(-1) ?? "")).toMatchObject({ code: 7 });
    expect(await run(contract.after_script[0] ?? "")).toMatchObject({ code: 0 });
    const report = readFileSync(join(project.folder, contract.artifacts.paths[0] ?? ""), "utf8");
    expect(JSON.parse(report)).toMatchObject({ version: "2.1.0" });
  });
});
