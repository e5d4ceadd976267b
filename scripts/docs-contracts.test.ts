import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "../packages/callgate/src/cli/fixtures/project.ts";
import { type Ran, startCommand } from "../packages/callgate/src/cli/fixtures/run-callgate.ts";
import { readCommands } from "./read-commands.ts";

const page = readFileSync(join(import.meta.dirname, "..", "docs", "contracts.md"), "utf8");
const binary = join(import.meta.dirname, "..", "packages", "callgate", "bin", "callgate.js");

const config = `
  import { defineDomain, defineGate, sqlite } from "callgate";
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
  const run = (line: string): Promise<Ran> => {
    const command = line.replace("npx callgate", `"${process.execPath}" "${binary}"`);
    return startCommand("sh", ["-c", command], project).ended;
  };
  it("shows three commands that work one after another", async () => {
    for (const command of readCommands(page, "contract-commands"))
      expect(await run(command)).toMatchObject({ code: 0 });
  });
});
