import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openTestGate, type TestGate, type TestGateOptions } from "../gate/testing/open-test-gate.ts";
import { workshop } from "../gate/testing/workshop.ts";
import type { JsonObject } from "../wire/exchange.ts";
import { openTestHost } from "./credentials/testing/test-host.ts";
import { hashOf, type LockedItem, type LockedUpstream } from "./lock/locked.ts";
import { type ServedOffering, serveOffering } from "./testing/serve-offering.ts";
import { upstream, upstreamOf } from "./upstream.ts";
import type { UpstreamRules } from "./upstream-options.ts";

const find = {
  name: "find_contacts",
  description: "Find contacts by a part of their name.",
  inputSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
} satisfies JsonObject;
const get = { ...find, name: "get_contact", description: "Get one contact." } satisfies JsonObject;
const note = {
  name: "note_call",
  description: "Note that somebody was called.",
  inputSchema: { type: "object", properties: { name: { type: "string" } } },
} satisfies JsonObject;
const reads = { reads: ["find_*", "get_*"] };
const soon = { timeout: 20_000 };

let folder: string;
let lockFile: string;
let server: ServedOffering;
let gates: TestGate[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "callgate-renewal-"));
  lockFile = join(folder, "callgate.lock.json");
  server = await serveOffering({ tools: [find, note] });
  gates = [];
});
afterEach(async () => {
  for (const gate of gates) await gate.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const crm = (rules: UpstreamRules = {}) => upstream("crm", { url: server.url, lockFile, ...reads, ...rules });

async function open(rules: UpstreamRules = {}, options: TestGateOptions = {}): Promise<TestGate> {
  const gate = await openTestGate([crm(rules)], options);
  gates.push(gate);
  return gate;
}

interface Accepting {
  readonly only?: string;
  /** What it would have offered in another revision. */
  readonly seenAs?: (now: LockedUpstream) => LockedUpstream;
}

/** As the command does it: another process reads the config, asks the server, and writes the file. */
async function accept({ only, seenAs = (now) => now }: Accepting = {}): Promise<void> {
  const live = upstreamOf(crm());
  if (live === undefined) throw new Error("there is no upstream");
  await using command = await openTestHost();
  const now = seenAs(await live.look(command.host));
  const findings = live.findingsIn(now);
  live.accept(
    now,
    findings.filter(({ name }) => only === undefined || name === only),
  );
}

async function toolsOf(gate: TestGate): Promise<readonly string[]> {
  return [...(await gate.as("ann").tools()).keys()];
}

async function heardBy(gate: TestGate): Promise<readonly string[]> {
  const heard: string[] = [];
  const wanted = {
    toolsListChanged: true,
    promptsListChanged: true,
    resourcesListChanged: true,
    resourceSubscriptions: [],
  };
  await gate.gate.host.listen(gate.as("ann").exchange("subscriptions/listen", {}), wanted, {
    emit: ({ method }) => void heard.push(method),
    end: () => {},
  });
  return heard;
}

const lines = (gate: TestGate, words: RegExp) => gate.logged.filter(({ message }) => words.test(message));
const refused = /accepted since is not taken up/;
const taken = /served as it was accepted since/;

describe("[G2] [G5] what is accepted while gates run", () => {
  it("is served by every replica that has the file, without a restart, and told to their clients", async () => {
    const replicas = [await open(), await open()];
    const heard = await Promise.all(replicas.map(heardBy));
    server.offer({ tools: [{ ...find, description: "Find contacts by their whole name." }, get] });
    for (const gate of replicas)
      await vi.waitFor(async () => expect(await toolsOf(gate)).toEqual(["find_contacts"]), soon);
    await accept();
    for (const [at, gate] of replicas.entries()) {
      await vi.waitFor(async () => expect(await toolsOf(gate)).toEqual(["find_contacts", "get_contact"]), soon);
      expect((await gate.as("ann").tools()).get("find_contacts")?.["description"]).toMatch(/whole name/);
      // Once when `note_call` was withdrawn, once when the rest was taken up.
      await vi.waitFor(() => expect(heard[at]).toHaveLength(2), soon);
      expect(new Set(heard[at])).toEqual(new Set(["notifications/tools/list_changed"]));
      expect(lines(gate, taken)).toMatchObject([
        {
          level: "info",
          fields: { upstream: "crm", added: ["get_contact"], changed: ["find_contacts"], gone: ["note_call"] },
        },
      ]);
      expect((await gate.call("get_contact", { name: "Ann" })).texts).toEqual(['{"name":"Ann"}']);
    }
    expect(upstreamOf(replicas[0]!.gate.config.domains[0]!)?.report()).toMatchObject({
      state: "accepted",
      findings: [],
    });
  });

  it("holds back still what the server has come to offer after it was looked at", async () => {
    const gate = await open();
    server.offer({ tools: [find, get] });
    await vi.waitFor(async () => expect(await toolsOf(gate)).toEqual(["find_contacts"]), soon);
    await accept({ only: "get_contact" });
    server.offer({ tools: [find, { ...get, inputSchema: { ...get.inputSchema, required: ["name", "evil"] } }] });
    await vi.waitFor(() => expect(lines(gate, taken)).toHaveLength(1), soon);
    await vi.waitFor(async () => expect(await toolsOf(gate)).toEqual(["find_contacts"]), soon);
    expect(JSON.stringify(await gate.as("ann").request("tools/list", {}))).not.toContain("evil");
  });

  it("is served where nothing was before, writes among it", async () => {
    const { url } = server;
    await server.close();
    const gate = await open();
    expect(await toolsOf(gate)).toEqual([]);
    server = await serveOffering({ tools: [find, note] });
    // It came up elsewhere: what the config names is still where nobody is.
    const there = upstreamOf(upstream("crm", { url: server.url, lockFile, ...reads }));
    await using command = await openTestHost();
    const now = await there!.look(command.host);
    there!.accept({ ...now, address: { url } }, there!.findingsIn(now));
    await vi.waitFor(async () => expect(await toolsOf(gate)).toEqual(["find_contacts", "note_call"]), soon);
    expect((await gate.call("note_call", { idempotency_key: "k" })).code).toBe("backend_down");
  });

  it("leaves alone what it does not change: counts of calls, and places", async () => {
    const gate = await open({ tools: { find_contacts: { rate: "1/h" }, note_call: { rate: "1/h" } } });
    expect((await gate.call("find_contacts", { name: "Ann" })).code).toBeUndefined();
    expect((await gate.call("note_call", { idempotency_key: "k" })).code).toBeUndefined();
    server.offer({ tools: [find, { ...note, description: "Note a call." }] });
    await accept();
    await vi.waitFor(() => expect(lines(gate, taken)).toHaveLength(1), soon);
    expect((await gate.call("find_contacts", { name: "Ann" })).code).toBe("rate_limited");
    expect((await gate.call("note_call", { idempotency_key: "k2" })).code).toBe("rate_limited");
  });

  it("leaves long work that is new to the next start, and takes up the rest", async () => {
    const gate = await open();
    server.offer({ tools: [{ ...find, description: "Find contacts by their whole name." }, note, get] });
    const listed = { ...get, execution: { taskSupport: "required" } };
    const long = { sha256: hashOf(listed), listed };
    const isOther = (item: LockedItem): boolean => item.listed["name"] !== get.name;
    const seenAs = (now: LockedUpstream): LockedUpstream => {
      return { ...now, revision: "2025-11-25", tools: [...now.tools.filter(isOther), long] };
    };
    await accept({ seenAs });
    await vi.waitFor(() => expect(lines(gate, taken)).toHaveLength(1), soon);
    expect(lines(gate, /cannot be served/)).toMatchObject([
      { fields: { tool: "get_contact", why: expect.stringMatching(/long work from its start.*Start it again/) } },
    ]);
    const tools = await gate.as("ann").tools();
    expect([...tools.keys()]).toEqual(["find_contacts", "note_call"]);
    expect(tools.get("find_contacts")?.["description"]).toMatch(/whole name/);
  });

  it("[W5] switches off a write that is another one by it, until a person switches it on again", async () => {
    const gate = await open({}, { config: { graduation: "required" } });
    const { graduations, registry } = gate.gate;
    const tool = registry.tools.find(({ name }) => name === "note_call");
    const [at, by, domain] = [Date.now(), "person:ann", "crm"];
    const proof = { id: "p", domain, contractHash: "h", at, by, gateVersion: "1", passed: true, outcomes: [] };
    await graduations.addProof(proof);
    const contractHash = tool?.contractHash ?? "";
    await graduations.graduate({ tool: "note_call", domain, contractHash, proofId: proof.id, at, by });
    await vi.waitFor(async () => expect(await toolsOf(gate)).toEqual(["find_contacts", "note_call"]), soon);
    server.offer({ tools: [find, { ...note, inputSchema: { type: "object", properties: { name: {}, times: {} } } }] });
    await accept();
    await vi.waitFor(async () => expect(await toolsOf(gate)).toEqual(["find_contacts"]), soon);
    expect(graduations.stateOf({ name: "note_call", domain: "crm" })).toMatchObject({ kind: "contract_changed" });
  });
});

describe("[G2] a lock file that a gate could not be started with", () => {
  const broken: readonly [string, (text: string) => void, RegExp][] = [
    ["half written", (text) => writeFileSync(lockFile, text.slice(0, text.length / 2)), /not JSON.*Take it from git/s],
    ["written into", (text) => writeFileSync(lockFile, text.replace("Find", "EVIL")), /find_contacts.*by hand/s],
    ["gone", () => rmSync(lockFile), /says nothing of it any more.*Put back/s],
    [
      "for another address",
      (text) => writeFileSync(lockFile, text.replace("127.0.0.1", "127.0.0.2")),
      /another address.*Start the gate again/s,
    ],
  ];

  it.each(broken)("leaves what is served as it is, and says the way out: %s", async (_what, breakIt, words) => {
    const gate = await open();
    const before = await gate.as("ann").request("tools/list", {});
    const good = readFileSync(lockFile, "utf8");
    breakIt(good);
    await vi.waitFor(() => expect(lines(gate, refused)).toHaveLength(1), soon);
    expect(lines(gate, refused)[0]).toMatchObject({
      level: "error",
      fields: { problem: expect.stringMatching(words) },
    });
    expect(await gate.as("ann").request("tools/list", {})).toEqual(before);
    expect((await gate.call("find_contacts", { name: "Ann" })).texts).toEqual(['{"name":"Ann"}']);
    // Mended, it is as it was; and what is accepted then is taken up.
    writeFileSync(lockFile, good);
    server.offer({ tools: [find, note, get] });
    await accept();
    await vi.waitFor(async () => expect(await toolsOf(gate)).toContain("get_contact"), soon);
    expect(lines(gate, refused)).toHaveLength(1);
  });

  it("is not taken up by half: a name that another domain has keeps out all of it (SECURITY 22)", async () => {
    const own = workshop(() => ({}));
    const gate = await openTestGate([crm(), own]);
    gates.push(gate);
    const before = await toolsOf(gate);
    const [taken = ""] = own.tools.map(({ name }) => name);
    server.offer({ tools: [{ ...find, description: "Other words." }, note, { ...get, name: taken }] });
    await accept();
    await vi.waitFor(() => expect(lines(gate, refused)).toHaveLength(1), soon);
    expect(lines(gate, refused)[0]?.fields["problem"]).toMatch(/reads like.*prefix/s);
    expect(await toolsOf(gate)).toEqual(before);
    expect((await gate.as("ann").tools()).get("find_contacts")?.["description"]).toBe(find.description);
  });
});

it("[G5] follows a mounted folder whose link is turned to another one, as Kubernetes does it", async () => {
  await open().then((gate) => gate.close());
  gates = [];
  const [first, second] = ["one", "two"].map((name) => join(folder, name)) as [string, string];
  for (const version of [first, second]) mkdirSync(version);
  renameSync(lockFile, join(first, "callgate.lock.json"));
  server.offer({ tools: [find, note, get] });
  lockFile = join(second, "callgate.lock.json");
  await accept();
  const link = join(folder, "..data");
  symlinkSync(first, link);
  lockFile = join(link, "callgate.lock.json");
  const gate = await open();
  expect(await toolsOf(gate)).toEqual(["find_contacts", "note_call"]);
  symlinkSync(second, `${link}.next`);
  renameSync(`${link}.next`, link);
  await vi.waitFor(async () => expect(await toolsOf(gate)).toContain("get_contact"), soon);
});
