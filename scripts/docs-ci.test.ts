import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { emptyFolder, installInto, type Project } from "../packages/callgate/src/cli/testing/project.ts";
import { type Ran, startCommand } from "../packages/callgate/src/cli/testing/run-callgate.ts";

const page = readFileSync(join(import.meta.dirname, "..", "docs", "ci.md"), "utf8");
const binary = join(import.meta.dirname, "..", "packages", "callgate", "bin", "callgate.js");

const config = ({ name = "find_notes", argument = "text" } = {}): string => `
  import { defineDomain, defineGate, sqlite } from "callgate";
  import { z } from "zod";
  const notes = defineDomain("notes", { owner: "team-notes", purpose: "Keeping notes.", concern: "No note is lost." });
  notes.read("${name}", {
    description: "Find notes by their words. Use it to see what was written down.",
    input: z.object({ ${argument}: z.string().max(100).describe("Words to look for") }),
    output: z.looseObject({ notes: z.array(z.string()) }),
    run: () => ({ notes: [] }),
  });
  export default defineGate({ name: "test", domains: [notes], callers: {}, store: sqlite(".callgate/gate.db") });
`;

/** A recipe of the page, as the pipeline reads it. */
function recipe(mark: string): unknown {
  const [, block] = new RegExp(`<!-- ${mark} -->\\n\`\`\`yaml\\n([^]*?)\`\`\``).exec(page) ?? [];
  return parse(block ?? "");
}

interface Step {
  readonly run?: string;
  readonly if?: string;
  readonly "continue-on-error"?: boolean;
}
interface Job {
  readonly script: readonly string[];
  readonly after_script: readonly string[];
  readonly artifacts: { readonly paths: readonly string[] };
}
const ours = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.startsWith("npx callgate"));

describe("[K1] [T6] docs/ci.md", { timeout: 60_000 }, () => {
  let project: Project;
  beforeEach(async () => {
    project = emptyFolder();
    installInto(project.folder);
    project.write("callgate.config.ts", config());
    mkdirSync(join(project.folder, "prompts"));
    writeFileSync(join(project.folder, "prompts", "notes.md"), "Call find_notes with the text.\n");
    await run("npx callgate contract snapshot");
  });
  afterEach(() => project.remove());

  /** Runs a line as a pipeline does, with the command of this checkout in the place of the installed one. */
  const run = (line: string): Promise<Ran> => {
    const environment = { GITHUB_STEP_SUMMARY: join(project.folder, "summary.md") };
    const command = line.replace("npx callgate", `"${process.execPath}" "${binary}"`);
    return startCommand("sh", ["-c", command], { ...project, environment }).ended;
  };
  const codes = async (lines: readonly string[]): Promise<readonly (number | null)[]> => {
    const ended: (number | null)[] = [];
    for (const line of lines) ended.push((await run(line)).code);
    return ended;
  };
  const written = (name: string): string => readFileSync(join(project.folder, name), "utf8");

  it("has a recipe for GitHub that passes what is right, and fails with a tool that is badly named or breaks callers", async () => {
    const { jobs } = recipe("ci-github") as { jobs: { tools: { steps: Step[] } } };
    const lines = ours(jobs.tools.steps.flatMap((step) => step.run ?? []));
    expect(await codes(lines)).toEqual([0, 0, 0, 0]);
    project.write("callgate.config.ts", config({ name: "notes", argument: "words" }));
    expect(await codes(lines)).toEqual([1, 7, 0, 0]);
    expect(written("summary.md")).toContain("`prompts/notes.md:1` names `find_notes`");
    expect(JSON.parse(written("check.sarif"))).toMatchObject({
      version: "2.1.0",
      runs: [
        { results: expect.arrayContaining([expect.objectContaining({ ruleId: "verb-first", level: "warning" })]) },
      ],
    });
  });

  it("lets every step of it run that a failure of another one must not keep away", () => {
    const { jobs } = recipe("ci-github") as { jobs: { tools: { steps: Step[] } } };
    const [, ...afterCheck] = jobs.tools.steps.filter(({ run: line }) => line?.startsWith("npx callgate"));
    for (const step of afterCheck) expect(step.if).toMatch(/^(?:failure\(\)|\$\{\{ !cancelled\(\) \}\})$/);
  });

  it("has a recipe for GitLab that does the same, and keeps both reports", async () => {
    const { tools } = recipe("ci-gitlab") as { tools: Job };
    project.write("callgate.config.ts", config({ argument: "words" }));
    expect(await codes(ours(tools.script))).toEqual([0, 7]);
    expect(await codes(ours(tools.after_script))).toEqual([0, 0]);
    for (const path of tools.artifacts.paths) expect(JSON.parse(written(path))).toMatchObject({ version: "2.1.0" });
  });

  it("has one for where the backends are", async () => {
    const { plans } = recipe("ci-plans") as { plans: Job };
    expect(await codes(ours(plans.script))).toEqual([0]);
  });
});
