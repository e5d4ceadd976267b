import { existsSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiKeys, type GateConfig } from "../../define/gate-config.ts";
import type { Gate } from "../../gate/open/create-gate.ts";
import { openGate } from "../../operations/open-gate.ts";
import { sqlite } from "../../store/sqlite/sqlite.ts";
import { createMemoryTransport } from "../../transports/memory.ts";
import { serveHttp } from "../../transports/serve-http.ts";
import { ChangingServer } from "../../upstream/testing/offering.ts";
import { silentLog } from "../../upstream/testing/silent-log.ts";
import { upstream } from "../../upstream/upstream.ts";
import { startWords } from "../printing/start-words.ts";
import { runCli } from "../run-cli.ts";
import { answeringTerminal } from "../testing/answering-terminal.ts";
import { emptyFolder, type Project } from "../testing/project.ts";
import { findTool } from "./find-tool.ts";

const find = { name: "find_contacts", description: "Find contacts.", inputSchema: { type: "object" } };

let project: Project;
let server: ChangingServer;
let gate: Gate | undefined;
let client: Client;
beforeEach(() => {
  project = emptyFolder();
  server = new ChangingServer(join(project.folder, "server"), { tools: [find] });
});
afterEach(async () => {
  await gate?.close();
  project.remove();
});

const lockFile = (): string => join(project.folder, "callgate.lock.json");

function config(address: { readonly command: string; readonly args: readonly string[] }): GateConfig {
  return {
    name: "house",
    graduation: "off",
    callers: { authenticate: [apiKeys()] },
    domains: [upstream("crm", { ...address, reads: ["find_*"], lockFile: lockFile() })],
    store: sqlite(join(project.folder, "gate.db")),
  };
}

/** What is seen from outside. */
async function operatorKey(): Promise<string> {
  const args = { kind: "operator", name: "rita", idempotency_key: "one" };
  const { structuredContent } = await client.callTool({ name: "create_key", arguments: args });
  return (structuredContent as { secret: string }).secret;
}

/** What a command in the gate's folder says of a tool. */
async function look(tool: string, address = server.address): Promise<unknown> {
  gate = await openGate(config(address), { localOperator: "olga", acceptsNew: false, log: silentLog });
  client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(createMemoryTransport({ host: gate.host }));
  return findTool(client, tool).catch((error: unknown) => error);
}

const cure = "callgate upstreams accept crm";

describe("a tool that is not there", { timeout: 60_000 }, () => {
  it("[G2] a command that looks accepts nothing, and says that nobody has", async () => {
    expect(await look("find_contacts")).toMatchObject({
      message: "Nobody has accepted what crm offers.",
      next: expect.stringContaining(cure),
    });
    const served = await serveHttp(gate as Gate, { port: 0 });
    const terminal = answeringTerminal({});
    const key = await operatorKey();
    for (const command of ["tools", "upstreams"])
      expect(await runCli([command, "--url", served.url, "--key", key], terminal)).toBe(0);
    expect(terminal.said.filter((words) => words.includes(cure))).toHaveLength(2);
    expect(await startWords(gate as Gate, "")).toContain("Nothing is served of crm: nobody has accepted");
    await served.close();
    expect(existsSync(lockFile())).toBe(false);
  });

  it("says why a server cannot be asked whose tools nobody has accepted", async () => {
    expect(await look("find_contacts", { command: process.execPath, args: ["no-such-file.js"] })).toMatchObject({
      message: expect.stringMatching(/nothing is accepted of crm yet: \S+/),
      next: expect.stringContaining(cure),
    });
    const words = await startWords(gate as Gate, "");
    expect(words).toMatch(/nobody has accepted what it offers, and it could not be asked: \S.* npx callgate upstreams/);
  });

  it("says that a tool is held back which the server offers since", async () => {
    gate = await openGate(config(server.address), { localOperator: "olga", log: silentLog });
    expect(await startWords(gate, "")).toMatch(
      /What crm offers was accepted at this first start.*callgate\.lock\.json/,
    );
    await gate.close();
    server.offer({ tools: [find, { ...find, name: "merge_contacts" }] });
    expect(await look("merge_contacts")).toMatchObject({
      message: "crm has merge_contacts, which is held back until a person accepts it.",
      next: "See why: callgate upstreams show crm",
    });
    expect(await look("find_contacts")).toMatchObject({ name: "find_contacts" });
  });
});
