import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import type { JsonObject } from "../wire/exchange.ts";
import { type ServedOffering, serveOffering } from "./testing/serve-offering.ts";
import { upstream } from "./upstream.ts";
import type { UpstreamRules } from "./upstream-options.ts";

const order = {
  name: "place_order",
  description: "Order a thing at a price.",
  inputSchema: { type: "object", properties: { price: { type: "number" } } },
} satisfies JsonObject;
const note = {
  name: "note_call",
  description: "Note that somebody has called.",
  inputSchema: { type: "object", properties: { name: { type: "string" } } },
} satisfies JsonObject;

describe("[G1] what the operator has written of a server's tools, and cannot work", () => {
  let folder: string;
  let server: ServedOffering;
  let gates: TestGate[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-operator-"));
    server = await serveOffering({ tools: [order, note] });
    gates = [];
  });
  afterEach(async () => {
    for (const gate of gates) await gate.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(rules: UpstreamRules): Promise<TestGate> {
    const lockFile = join(folder, "callgate.lock.json");
    const gate = await openTestGate([upstream("shop", { url: server.url, lockFile, ...rules })]);
    gates.push(gate);
    return gate;
  }

  it.each<[string, UpstreamRules, string]>([
    [
      "a rule over an argument that its tool does not have",
      { tools: { place_order: { approval: { rules: [{ when: "input.prise > 3", level: "owner" }] } } } },
      'tool "place_order": rule 1 of place_order, "input.prise > 3", is no rule',
    ],
    ["a flag of a tool that nothing decides", { tools: { place_order: { rollout: "new" } } }, "which nothing decides"],
    ["a flag that nothing decides", { rollout: "new" }, 'domain "shop": it is rolled out by the flag "new"'],
    [
      "a former name that leads nowhere",
      { tools: { place_order: { renamed: { fields: { cost: "prize" } } } } },
      'leads to "prize", which is no field of its input',
    ],
    [
      "a rule for all that fits none",
      { approval: { rules: [{ when: "input.prise > 3", level: "owner" }] } },
      'setting "upstream("shop", { approval })": its rule "input.prise > 3" fits none of the writes',
    ],
    [
      "an approval of what is taken for a read",
      { reads: ["note_*"], tools: { note_call: { approval: "operator" } } },
      'setting "upstream("shop", { tools: { note_call: { approval } } })": the tool is taken for a read, and only writes wait for an approval. Leave it out, or say that it is more than a read: effect: "write".',
    ],
    [
      "a high impact of what is taken for a read",
      { reads: ["*"], tools: { note_call: { impact: "high" } } },
      '{ tools: { note_call: { impact } } })": the tool is taken for a read',
    ],
    [
      "rules of an approval of what is taken for a read, under a name of the gate",
      {
        tools: {
          note_call: {
            as: "note",
            effect: "read",
            approval: { rules: [{ when: 'input.name == "Ann"', level: "owner" }] },
          },
        },
      },
      "only writes wait for an approval",
    ],
  ])("keeps the gate from starting: %s", async (_what, rules, words) => {
    await expect(open(rules)).rejects.toThrow(words);
  });

  it("[W3] an approval makes of a tool that a pattern takes for a read a write that waits, once it is called one", async () => {
    const note_call = { effect: "write", approval: "owner" } as const;
    const gate = await open({ reads: ["note_*"], tools: { note_call } });
    expect((await gate.call("note_call", { name: "ann", idempotency_key: "a" })).code).toBe("approval_pending");
  });

  it("[W3] a rule for all raises what it fits, and holds for what it cannot be judged of", async () => {
    const rule = { when: "input.price > 3.0", level: "owner" } as const;
    const gate = await open({ approval: { rules: [rule] } });
    const warned = gate.logged.find(({ message }) => message.startsWith("a rule of an upstream names arguments"));
    expect(warned).toMatchObject({ level: "warn", fields: { upstream: "shop", tools: ["note_call"] } });
    expect((await gate.call("place_order", { price: 2, idempotency_key: "a" })).code).toBeUndefined();
    expect((await gate.call("place_order", { price: 4, idempotency_key: "b" })).code).toBe("approval_pending");
    expect((await gate.call("note_call", { name: "ann", idempotency_key: "c" })).code).toBe("approval_pending");
  });

  it("[W3] a rule for all that looks first leaves out what does not have its argument", async () => {
    const when = "has(input.price) && input.price > 3.0";
    const gate = await open({ approval: { rules: [{ when, level: "owner" }] } });
    expect((await gate.call("place_order", { price: 4, idempotency_key: "a" })).code).toBe("approval_pending");
    expect((await gate.call("note_call", { name: "ann", idempotency_key: "b" })).code).toBeUndefined();
  });
});
