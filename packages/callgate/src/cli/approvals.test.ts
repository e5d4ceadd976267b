import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gate } from "../gate/open/create-gate.ts";
import { openGate } from "../operations/open-gate.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";
import { createMemoryTransport } from "../transports/memory.ts";
import { type ServedGate, serveHttp } from "../transports/serve-http.ts";
import { ApprovalCalls } from "./approving/approval-calls.ts";
import { decideEach } from "./approving/decide-each.ts";
import { userName } from "./connection/user-name.ts";
import { answeringTerminal } from "./testing/answering-terminal.ts";
import house from "./testing/house.config.ts";
import { emptyFolder, type Project } from "./testing/project.ts";
import { type Ran, runCallgate, startCallgate } from "./testing/run-callgate.ts";

const HOUSE = fileURLToPath(new URL("testing/house.config.ts", import.meta.url));

let project: Project;
let gate: Gate;
let served: ServedGate;
let operator: Client;
let decider: Client;
let agent: Client;
let agentKey: string;
const run = (...args: string[]): Promise<Ran> => runCallgate(args, project);
const as = (secret: string, ...args: string[]): Promise<Ran> => run(...args, "--key", secret);

async function connect(key?: string, endpoint?: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(
    createMemoryTransport({ host: gate.host, ...(key !== undefined && { key }), ...(endpoint && { endpoint }) }),
  );
  return client;
}

async function keyFor(grant: Readonly<Record<string, unknown>>): Promise<string> {
  const args = { ...grant, idempotency_key: crypto.randomUUID() };
  const { structuredContent } = await operator.callTool({ name: "create_key", arguments: args });
  return (structuredContent as { secret: string }).secret;
}

/** Has ann's agent ask for a door; gives the approval's id. */
async function ask(door: string): Promise<string> {
  const { _meta } = await open(door);
  expect(_meta?.["io.callgate/error"]).toMatchObject({ code: "approval_pending" });
  const { structuredContent } = await decider.callTool({ name: "list_approvals", arguments: {} });
  return (structuredContent as { approvals: { approval_id: string }[] }).approvals[0]?.approval_id ?? "";
}

const open = (door: string): ReturnType<Client["callTool"]> =>
  agent.callTool({ name: "open_door", arguments: { door, reason: "the plumber is here" } });

beforeAll(async () => {
  project = emptyFolder();
  project.write("callgate.config.ts", `export { default } from ${JSON.stringify(HOUSE)};`);
  gate = await openGate(
    { ...house, store: sqlite(join(project.folder, ".callgate/gate.db")) },
    { localOperator: "tests" },
  );
  served = await serveHttp(gate, { port: 0 });
  operator = await connect();
  decider = await connect(undefined, "approvals");
  agentKey = await keyFor({ kind: "agent", name: "helper", user: "ann", role: "all" });
  agent = await connect(agentKey);
}, 60_000);
afterAll(async () => {
  await served.close();
  project.remove();
});

describe("callgate approvals", { timeout: 60_000 }, () => {
  it("[W3] shows what waits, and says what would happen, for whom and why", async () => {
    const id = await ask("front\u202etnorf");
    const listed = await run("approvals");
    expect(listed.stdout).toMatch(new RegExp(`${id} +open_door +Door: front\\[U\\+202E\\]tnorf +agent:helper@ann`));
    const { code, stdout } = await run("approvals", "show", id);
    expect(code).toBe(0);
    for (const words of [
      "Open door (open_door of doors), waiting",
      "It takes something away",
      "  Door: front[U+202E]tnorf",
      "  Steps:\n    1:\n      Turn: left",
      "  Fee: (none)",
      "Called with:\n  Door: front[U+202E]tnorf",
      "For:      ann, asked by agent:helper@ann",
      "Why:      the plumber is here",
    ])
      expect(stdout).toContain(words);
    expect(JSON.parse((await run("approvals", "show", id, "--json")).stdout)).toMatchObject({
      approval_id: id,
      preview: { door: "front\u202etnorf" },
    });
  });

  it("[W3] approves with a word, for the record, and the write goes through once", async () => {
    const id = await ask("front");
    expect(await run("approvals", "approve", id)).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
    const said = await run("approvals", "approve", id, "--yes", "--note", "I saw him");
    expect(said).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining(`${id}: approved. It is done as soon as`),
    });
    expect((await open("front")).isError).not.toBe(true);
    const { stdout } = await run("approvals", "show", id);
    expect(stdout).toContain("approved and begun");
    expect(stdout).toContain(`approve by person:${userName()} as operator`);
    expect((await run("approvals", "deny", id, "--yes")).stderr).toContain("not_to_decide");
  });

  it("[W3] denies, and whoever asked is told why", async () => {
    const id = await ask("back");
    const said = await run("approvals", "deny", id, "--yes", "--note", "ask first", "--json");
    expect(JSON.parse(said.stdout)).toMatchObject({ state: "denied", decisions: [{ note: "ask first" }] });
  });

  it("[W3] is nothing for agents, and shows others nothing of what is not theirs", async () => {
    const id = await ask("side");
    expect(await as(agentKey, "approvals", "list")).toMatchObject({ code: 3, stdout: "" });
    const eve = await keyFor({ kind: "person", name: "eve", role: "none" });
    expect((await as(eve, "approvals", "list")).stdout).toContain("(none)");
    const shown = await as(eve, "approvals", "show", id);
    expect(shown).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("unknown_approval") });
    const ann = await keyFor({ kind: "person", name: "ann", role: "none" });
    const withdrawn = await as(ann, "approvals", "withdraw", id, "--yes");
    expect(withdrawn).toMatchObject({ code: 0, stderr: expect.stringContaining(`${id}: withdrawn.`) });
  });

  it("[W3] tells a key that is no person's who decides, over HTTP as within its folder", async () => {
    const machine = await keyFor({ kind: "operator", name: "deploy" });
    for (const args of [[], ["--url", served.url]]) {
      for (const key of [agentKey, machine]) {
        const refused = await as(key, "approvals", "list", ...args);
        expect(refused).toMatchObject({ code: 3, stdout: "" });
        expect(refused.stderr).toContain("Approvals are for people, and this is not a person's key.");
        expect(refused.stderr).toContain("approvals:decide");
        expect(refused.stderr).not.toContain("jsonrpc");
      }
    }
    const nobody = await run("approvals", "list", "--url", served.url);
    expect(nobody).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("The gate wants a key, and none is given."),
    });
  });

  it("[W3] watches for what comes, until it is ended", async () => {
    const watching = startCallgate(["approvals", "watch", "--json"], project);
    await watching.until(/Watching/);
    const id = await ask("roof");
    await watching.until(new RegExp(`"approval_id":"${id}"`));
    watching.kill("SIGTERM");
    const { stdout } = await watching.ended;
    expect(stdout.split("\n").filter((line) => line.includes(id))).toHaveLength(1);
  });

  it("[W3] shows a person one request after the other, and does nothing that they did not say", async () => {
    const earlier = new ApprovalCalls(decider, answeringTerminal({}));
    for (const { approval_id } of await earlier.list())
      await earlier.say({ id: approval_id, deed: "deny", note: undefined });
    const [first, second, third] = [await ask("attic"), await ask("cellar"), await ask("shed")];
    const terminal = answeringTerminal({ choices: ["later", "deny", "approve"], texts: ["not that one"] });
    const calls = new ApprovalCalls(decider, terminal);
    expect(await decideEach(calls, terminal)).toBe(2);
    expect(terminal.said.join("\n")).toMatch(/1 of 3[^]*Door: shed[^]*2 of 3[^]*Door: cellar[^]*3 of 3[^]*Door: attic/);
    expect(await calls.get(third)).toMatchObject({ state: "awaiting", decisions: [] });
    expect(await calls.get(second)).toMatchObject({ state: "denied", decisions: [{ note: "not that one" }] });
    expect(await calls.get(first)).toMatchObject({ state: "approved" });
    const away = answeringTerminal({});
    expect(await decideEach(calls, away)).toBe(0);
    expect(await calls.get(third)).toMatchObject({ state: "awaiting", decisions: [] });
    await calls.say({ id: third, deed: "deny", note: undefined });
    expect(await decideEach(calls, away)).toBe(0);
    expect(away.said.at(-1)).toBe("Nothing waits for you.");
  });
});
