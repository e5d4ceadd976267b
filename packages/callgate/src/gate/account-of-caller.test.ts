import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestGate } from "./testing/open-test-gate.ts";
import { openThingsGate } from "./testing/things-gate.ts";

let gate: TestGate;
let channel: string;
beforeAll(async () => {
  ({ gate, channel } = await openThingsGate());
});
afterAll(() => gate.close());

describe("a known client", () => {
  const asClient = (input: Record<string, unknown>, phone = "+1") =>
    gate.as(channel).call("get_thing", input, { meta: { "io.callgate/identity": { phone } } });

  it("[C5] has its account put in by the gate", async () => {
    expect((await asClient({ id: "a" })).structured).toEqual({ id: "a", owner: "account-1" });
  });

  it("[C5] chooses no other account", async () => {
    expect((await asClient({ id: "a", owner: "account-2" })).code).toBe("not_allowed");
    expect((await asClient({ id: "a", owner: "account-1" })).structured).toEqual({ id: "a", owner: "account-1" });
  });

  it("[C2] sees the tools of its mode alone, without the field that is not its own", async () => {
    const meta = { "io.callgate/identity": { phone: "+1" } };
    const { result } = await gate.as(channel).request("tools/list", {}, { meta });
    const tools = result?.["tools"] as readonly {
      readonly name: string;
      readonly inputSchema: { properties: object };
    }[];
    expect(tools.map(({ name }) => name)).toEqual(["get_thing", "find_stays"]);
    expect(Object.keys(tools[0]?.inputSchema.properties ?? {})).toEqual(["id", "deep", "include", "reason"]);
  });

  it("[C3] whose account is not found sees nothing of it", async () => {
    expect((await asClient({ id: "a" }, "+2")).answer.kind).toBe("error");
  });
});

describe("a stranger", () => {
  const ways: readonly (readonly [string, () => ReturnType<TestGate["as"]>, Record<string, unknown>])[] = [
    ["without a credential", () => gate.as(undefined), {}],
    ["whom a channel cannot place", () => gate.as(channel), { "io.callgate/identity": { phone: "+2" } }],
  ];

  it.each(ways)("[C5] %s names nobody's account (SECURITY 3)", async (_what, caller, meta) => {
    expect((await caller().call("find_stays", { account: "account-1" }, { meta })).code).toBe("not_allowed");
    expect((await caller().call("find_stays", {}, { meta })).texts).toEqual(["open ones"]);
  });

  it.each(ways)("[C5] %s is not shown the field of the account", async (_what, caller, meta) => {
    const { result } = await caller().request("tools/list", {}, { meta });
    const [tool] = (result?.["tools"] ?? []) as readonly { readonly inputSchema: { readonly properties: object } }[];
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(["reason"]);
  });
});
