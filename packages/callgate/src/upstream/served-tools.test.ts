import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DefinitionError } from "../define/definition-error.ts";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import { searchWhole } from "../store/contract-suite/search-whole.ts";
import type { JsonObject } from "../wire/exchange.ts";
import { type ServedOffering, serveOffering } from "./testing/serve-offering.ts";
import { upstream } from "./upstream.ts";
import type { UpstreamRules } from "./upstream-options.ts";

const text = { type: "string" };
const find = {
  name: "find_contacts",
  description: "Find contacts by a part of their name.",
  inputSchema: { type: "object", properties: { name: text } },
} satisfies JsonObject;
const purge = {
  name: "purge_contacts",
  description: "Remove contacts that nobody has called for years.",
  inputSchema: {
    type: "object",
    properties: { years: { type: "integer" }, simulate: { type: "boolean" } },
    required: ["years", "simulate"],
  },
} satisfies JsonObject;
const refund = {
  name: "refund",
  description: "Refund a payment, for a reason.",
  inputSchema: {
    type: "object",
    properties: { payment: text, reason: text, dry_run: { type: "boolean" } },
    required: ["payment", "reason"],
  },
} satisfies JsonObject;

let folder: string;
let server: ServedOffering;
let gates: TestGate[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "callgate-served-"));
  server = await serveOffering({
    tools: [find, purge, refund],
    resources: [{ uri: "crm://all", name: "all" }],
    prompts: [{ name: "greet", description: "Greet a contact.", arguments: [{ name: "name" }] }],
  });
  gates = [];
});
afterEach(async () => {
  for (const gate of gates) await gate.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(rules: UpstreamRules = {}): Promise<TestGate> {
  const lockFile = join(folder, "callgate.lock.json");
  const gate = await openTestGate([upstream("crm", { url: server.url, lockFile, reads: ["find_*"], ...rules })]);
  gates.push(gate);
  return gate;
}

async function inputOf(gate: TestGate, tool: string): Promise<JsonObject> {
  return ((await gate.as("ann").tools()).get(tool)?.["inputSchema"] ?? {}) as JsonObject;
}

describe("[W1] a server's own argument for a dry run", () => {
  it("makes its previews, is served by no other name than the gate's, and is not there when it is meant", async () => {
    const gate = await open({ tools: { purge_contacts: { dryRunArgument: "simulate" } } });
    const { properties, required } = await inputOf(gate, "purge_contacts");
    expect(Object.keys(properties as object)).toEqual(expect.arrayContaining(["years", "dry_run"]));
    expect(properties).not.toHaveProperty("simulate");
    expect(required).toEqual(["years"]);
    const preview = await gate.call("purge_contacts", { years: 2, dry_run: true });
    expect(preview.structured?.["preview"]).toMatchObject({
      action: "purge_contacts",
      arguments: { years: 2 },
      says: ['{"years":2,"simulate":true}'],
    });
    const done = await gate.call("purge_contacts", { years: 2, idempotency_key: "spring" });
    expect(done.texts).toEqual(['{"years":2}']);
    // Each time the server was asked what it would do, and once to do it.
    const asked = server.calls.map(({ arguments: given }) => given);
    expect(asked).toEqual([{ years: 2, simulate: true }, { years: 2, simulate: true }, { years: 2 }]);
  });

  it("is not left to the caller: who gives it is told that there is no such argument", async () => {
    const gate = await open({ tools: { purge_contacts: { dryRunArgument: "simulate" } } });
    const { code } = await gate.call("purge_contacts", { years: 2, simulate: false, idempotency_key: "k" });
    expect(code).toBe("unknown_argument");
    expect(server.calls).toEqual([]);
  });
});

describe("[G1] names of one's own for what a server has", () => {
  it("go before its tools and prompts, and not before its addresses; it is asked by its own", async () => {
    const gate = await open({ prefix: "crm_", reads: ["*"] });
    const ann = gate.as("ann");
    expect([...(await ann.tools()).keys()]).toEqual(["crm_find_contacts", "crm_purge_contacts", "crm_refund"]);
    expect((await ann.call("crm_find_contacts", { name: "Ann" })).texts).toEqual(['{"name":"Ann"}']);
    expect(server.calls).toMatchObject([{ name: "find_contacts" }]);
    expect((await ann.call("find_contacts", { name: "Ann" })).code).toBe("unknown_tool");
    const prompt = await ann.request("prompts/get", { name: "crm_greet", arguments: { name: "Ann" } });
    expect(JSON.stringify(prompt.result)).toContain('\\"name\\":\\"greet\\"');
    expect((await ann.request("resources/read", { uri: "crm://all" })).result).toBeDefined();
  });

  it("stand for one tool in place of the prefix", async () => {
    const gate = await open({ prefix: "crm_", tools: { find_contacts: { as: "search_people" } } });
    const names = [...(await gate.as("ann").tools()).keys()];
    expect(names).toContain("search_people");
    expect(names).not.toContain("crm_find_contacts");
    expect((await gate.call("search_people", { name: "Ann" })).texts).toEqual(['{"name":"Ann"}']);
  });

  it("keep old names and arguments working, which the server never hears of", async () => {
    const renamed = { from: ["find_people"], fields: { who: "name" } };
    const gate = await open({ tools: { find_contacts: { renamed } } });
    const answer = await gate.call("find_people", { who: "Ann" });
    expect(answer.texts[0]).toBe('{"name":"Ann"}');
    expect(answer.meta).toHaveProperty(["io.callgate/renamed"]);
    expect(server.calls).toMatchObject([{ name: "find_contacts", arguments: { name: "Ann" } }]);
  });
});

describe("[G1] arguments that the gate has as well", () => {
  it("go by a name of their own, and reach the server by its own; the gate's stay with the gate", async () => {
    const gate = await open({ serve: "named", tools: { refund: { effect: "write" } } });
    const { properties, required } = await inputOf(gate, "refund");
    expect(Object.keys(properties as object)).toEqual(
      expect.arrayContaining([
        "payment",
        "upstream_reason",
        "upstream_dry_run",
        "reason",
        "dry_run",
        "idempotency_key",
      ]),
    );
    expect(required).toEqual(["payment", "upstream_reason"]);
    const given = { payment: "p1", upstream_reason: "broken bed", reason: "the guest asked", idempotency_key: "k" };
    const { texts } = await gate.call("refund", given);
    expect(texts).toEqual(['{"payment":"p1","reason":"broken bed"}']);
    const { records } = await searchWhole(gate.gate.store.audit, { tool: "refund", limit: 1 });
    expect(records).toMatchObject([{ reason: "the guest asked" }]);
  });
});

describe("[G1] a rule for a tool that the server does not have", () => {
  it.each([
    ["find_contcats", /"find_contcats": nobody has accepted a tool of this name\. Did you mean "find_contacts"\?/],
    ["export_everything", /Take it out of the config; if it is new: callgate upstreams accept crm/],
  ])("keeps the gate from starting, with what to do: %s", async (name, words) => {
    const refused = await open({ tools: { [name]: { effect: "read" } } }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DefinitionError);
    expect(String(refused)).toMatch(words);
  });

  it.each([
    ["fnd_contacts", /"fnd_contacts": nobody has accepted a tool of this name\. Did you mean "find_contacts"\?/],
    ["list_invoices", /Take it out of the config; if it is new: callgate upstreams accept crm/],
  ])("keeps it from starting where it is in `reads`, for another would be a write: %s", async (name, words) => {
    const refused = await open({ reads: [name] }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DefinitionError);
    expect(String(refused)).toMatch(words);
  });

  it("is told of where it is a pattern that takes in nothing", async () => {
    const { logged } = await open({ reads: ["fnd_*", "find_*"] });
    const told = logged.find(({ message }) => message.includes("what they were meant for is a write"));
    expect(told).toMatchObject({ level: "warn", fields: { upstream: "crm", patterns: ["fnd_*"] } });
  });

  it("may say that one is not served at all", async () => {
    const gate = await open({ tools: { purge_contacts: { hidden: true } } });
    expect([...(await gate.as("ann").tools()).keys()]).toEqual(["find_contacts", "refund"]);
  });
});
