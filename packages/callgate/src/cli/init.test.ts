import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyFolder, installInto, type Project } from "./testing/project.ts";
import { type Ran, runCallgate, startCallgate, startNode } from "./testing/run-callgate.ts";

const TSC = fileURLToPath(new URL("./bin/tsc", import.meta.resolve("typescript/package.json")));
const ROOT = new URL("../../../../package.json", import.meta.url);

let project: Project;
beforeEach(() => {
  project = emptyFolder();
});
afterEach(() => project.remove());

const read = (name: string): string => readFileSync(join(project.folder, name), "utf8");
const readManifest = (): Record<string, Record<string, string>> =>
  JSON.parse(read("package.json")) as Record<string, Record<string, string>>;

/** What the compiler says of a project. */
const typesOf = ({ folder }: Project): Promise<Ran> => startNode([TSC, "-p", folder], project).ended;

/** Lists and calls the tools of the gate that `init` makes. */
async function callNotes(transport: Transport, mode: "auto" | "legacy"): Promise<void> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(transport);
  const names = (await client.listTools()).tools.map((tool) => tool.name);
  expect(names.filter((name) => name.includes("note"))).toEqual(["list_notes", "add_note"]);
  const text = `${transport.constructor.name} ${mode}`;
  const added = await client.callTool({ name: "add_note", arguments: { text } });
  expect(added.structuredContent).toMatchObject({ author: "me", text });
  await client.close();
}

describe("callgate init in an empty folder", () => {
  it("makes a gate whose test passes, and whose tools the official client calls over HTTP and stdio in both eras", async () => {
    const { code, stdout } = await runCallgate(["init"], project);
    expect([code, stdout]).toEqual([0, expect.stringContaining("npm install")]);
    installInto(project.folder);
    expect(await typesOf(project)).toMatchObject({ code: 0, stdout: "" });
    const tested = await startNode(["--test"], project).ended;
    expect([tested.code, tested.stdout]).toEqual([0, expect.stringMatching(/pass 2/)]);

    const smoked = await runCallgate(["smoke", "notes", "--graduate"], project);
    expect([smoked.code, smoked.stderr]).toEqual([0, expect.stringContaining("add_note is on.")]);
    const made = await runCallgate(["keys", "create", "--name", "me", "--role", "team"], project);
    const key = made.stdout.trim();
    expect([made.code, key]).toEqual([0, expect.stringMatching(/^cg_p_/)]);
    const gate = startCallgate(["start", "--port", "0"], project);
    const url = /http:\S+\/mcp/.exec(await gate.until(/serves 2 tools/))?.[0] ?? "";
    const { CALLGATE_KEY: _key, ...env } = process.env as Record<string, string>;
    const requestInit = { headers: { authorization: `Bearer ${key}` } };
    const binary = join(project.folder, "node_modules", "callgate", "bin", "callgate.js");
    const stdio = { command: process.execPath, args: [binary, "start", "--stdio"], cwd: project.folder, env };
    for (const mode of ["auto", "legacy"] as const) {
      await callNotes(new StreamableHTTPClientTransport(new URL(url), { requestInit }), mode);
      await callNotes(new StdioClientTransport({ ...stdio, stderr: "pipe" }), mode);
    }
    gate.kill("SIGTERM");
    expect((await gate.ended).code).toBe(0);
  }, 60_000);

  it("depends on the package that runs, and names what it cannot get from a registry", async () => {
    const { stdout } = await runCallgate(["init", "my-gate"], project);
    const manifest = JSON.parse(read("my-gate/package.json")) as Record<string, Record<string, string>>;
    const specifier = manifest["dependencies"]?.["callgate"] ?? "";
    expect(statSync(join(specifier.replace("file:", ""), "bin", "callgate.js")).isFile()).toBe(true);
    const root = JSON.parse(readFileSync(ROOT, "utf8")) as typeof manifest;
    expect(manifest["devDependencies"]?.["@types/node"]).toBe(root["devDependencies"]?.["@types/node"]);
    expect(stdout).toContain("cd my-gate");
    expect(stdout).toContain(specifier);
  });
});

describe("callgate init on a machine whose Node is too old", () => {
  it.each([{ CALLGATE_SYSTEM_NODE: "20.20.2" }, { npm_config_user_agent: "npm/10.8.2 node/v20.20.2 linux x64" }])(
    "has the project bring its own, on which its test runs: told by %j",
    async (environment) => {
      const { stdout } = await startCallgate(["init"], { ...project, environment }).ended;
      expect(stdout).toContain("with Node 24, for this machine's is too old");
      expect(readManifest()).toMatchObject({
        devDependencies: { node: expect.stringMatching(/^24\./) },
        allowScripts: { node: true },
      });
    },
  );
});

describe("callgate init in a project that is there", () => {
  it("adds what is missing and overwrites nothing", async () => {
    const scripts = { start: "node server.js", test: "jest" };
    project.write("package.json", JSON.stringify({ name: "shop", scripts, dependencies: { zod: "3.0.0" } }));
    project.write(".gitignore", "dist\nnode_modules");
    project.write("tsconfig.json", "{}");
    const { stdout } = await runCallgate(["init"], project);
    expect(readManifest()).toMatchObject({
      name: "shop",
      scripts: { ...scripts, gate: "callgate start", "gate:test": "node --test" },
      dependencies: { zod: "3.0.0" },
    });
    expect(read(".gitignore")).toBe("dist\nnode_modules\n.callgate/\n");
    expect(read("tsconfig.json")).toBe("{}");
    expect(stdout).toContain("npm run gate");
  });

  it("takes the place of the test that `npm init` writes, which is none", async () => {
    const scripts = { test: 'echo "Error: no test specified" && exit 1', lint: "eslint ." };
    project.write("package.json", JSON.stringify({ name: "shop", scripts }));
    await runCallgate(["init"], project);
    expect(readManifest()["scripts"]).toEqual({ start: "callgate start", test: "node --test", lint: "eslint ." });
  });

  it.each([{ type: "commonjs" }, {}])(
    "makes modules of its files where package.json says %j",
    { timeout: 60_000 },
    async (said) => {
      project.write("package.json", JSON.stringify({ name: "shop", ...said }));
      expect((await runCallgate(["init"], project)).stdout).toContain("into callgate.config.mts");
      installInto(project.folder);
      expect(read("domains/notes.mts")).toContain('"./notes-book.mts"');
      const { code, stderr } = await runCallgate(["call", "list_notes"], project);
      expect([code, stderr]).toEqual([0, expect.not.stringContaining("Warning")]);
      expect(await typesOf(project)).toMatchObject({ code: 0, stdout: "" });
    },
  );

  it("refuses a folder that is a file", async () => {
    project.write("notes.txt", "");
    const { code, stderr } = await runCallgate(["init", "notes.txt"], project);
    expect([code, stderr]).toEqual([2, expect.stringContaining("Choose another folder")]);
  });

  it("refuses where a gate is there already", async () => {
    project.write("callgate.config.ts", "export default 1;");
    const { code, stderr } = await runCallgate(["init"], project);
    expect([code, stderr]).toEqual([2, expect.stringContaining("There is a gate here already")]);
    expect(read("callgate.config.ts")).toBe("export default 1;");
  });
});
