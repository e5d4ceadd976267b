import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { OPERATIONS_DOMAINS } from "./key-grants.ts";
import { call, type Grant, team, useOperatedGate } from "./testing/operated-gate.ts";

const gate = useOperatedGate();

describe("keys", () => {
  it.each([
    ["an operator's", { kind: "operator", name: "tom", scopes: ["keys:read"] }],
    ["a channel's", { kind: "channel", name: "chat", scopes: ["lamps:read"] }],
    ["somebody else's", { kind: "person", name: "rita", role: "team", scopes: ["lamps:read"] }],
    ["another role's", { kind: "person", name: "tom", role: "reader", scopes: ["lamps:read"] }],
    ["one with a wider scope", { kind: "person", name: "tom", role: "team", scopes: ["audit:read"] }],
    ["one without bounds", { kind: "person", name: "tom", role: "team" }],
    ["another tenant's", { kind: "person", name: "tom", role: "team", scopes: ["lamps:read"], tenant: "other" }],
  ])("never open more than their maker's own: not %s", async (_what, grant) => {
    const tom = await gate.connectAs(team);
    expect(await call(tom, "create_key", grant)).toMatchObject({ code: "wider_than_yours", category: "security" });
  });

  it("are made by people for agents of theirs, and by agents for agents alone", async () => {
    const tom = await gate.connectAs(team);
    const forAgent = {
      kind: "agent",
      name: "helper",
      user: "tom",
      role: "team",
      scopes: ["keys:write", "lamps:write"],
    };
    const { secret } = await call(tom, "create_key", forAgent);
    const helper = await gate.connect(String(secret));
    const person = { kind: "person", name: "tom", role: "team", scopes: ["lamps:write"] };
    expect(await call(helper, "create_key", person)).toMatchObject({ code: "wider_than_yours" });
    const agent = { kind: "agent", name: "other", user: "tom", role: "team", scopes: ["lamps:write"] };
    expect(await call(helper, "create_key", agent)).toMatchObject({ key: { kind: "agent", user: "tom" } });
  });

  it("tell which of their scopes nothing asks for, for what has no scope is open all the same", async () => {
    const operator = await gate.connect();
    const given = (scopes: readonly string[]) => call(operator, "create_key", { ...team, scopes });
    expect(await given(["lamps:*", "crm:*"])).toMatchObject({ idle_scopes: ["crm:*"] });
    expect(await given(["lamps:write"])).not.toHaveProperty("idle_scopes");
    expect(await given(["*"])).not.toHaveProperty("idle_scopes");
  });

  it("are not replaced by somebody whom their successor would open more to", async () => {
    const operator = await gate.connect();
    const { key } = await call(operator, "create_key", { kind: "operator", name: "ops" });
    const tom = await gate.connectAs(team);
    const { id } = key as { id: string };
    expect(await call(tom, "rotate_key", { key_id: id })).toMatchObject({ code: "wider_than_yours" });
  });

  it("are replaced with an overlap of twenty minutes as well", async () => {
    const operator = await gate.connect();
    const { id } = await gate.keyFor(team);
    const before = Date.now();
    expect(await call(operator, "rotate_key", { key_id: id, overlap_hours: 0.3333333 })).toHaveProperty("secret");
    const { keys } = (await call(operator, "list_keys", { user: "tom" })) as {
      keys: { id: string; expires_at?: string }[];
    };
    const end = Date.parse(keys.find((key) => key.id === id)?.expires_at ?? "");
    expect(end - before).toBeGreaterThanOrEqual(1_199_999);
    expect(end - before).toBeLessThan(1_260_000);
  });

  it("are ended by operators, by their own holder, and by agents where they are an agent's of the same person", async () => {
    const helping = { kind: "agent", name: "helper", user: "tom", role: "team", scopes: ["keys:write"] };
    const tom = await gate.connectAs(team);
    const helper = await gate.connectAs(helping);
    const ended = async (by: Client, grant: Grant): Promise<unknown> => {
      const { code, key } = await call(by, "revoke_key", { key_id: (await gate.keyFor(grant)).id });
      return code ?? (key as { state: string }).state;
    };
    const ops = { kind: "operator", name: "ops" };
    const others = [ops, { ...team, name: "rita" }, { ...team, tenant: "b" }, { kind: "channel", name: "chat" }];
    for (const grant of others) expect(await ended(tom, grant)).toBe("wider_than_yours");
    for (const grant of [...others, team]) expect(await ended(helper, grant)).toBe("wider_than_yours");
    expect(await ended(tom, team)).toBe("revoked");
    expect(await ended(tom, helping)).toBe("revoked");
    expect(await ended(helper, helping)).toBe("revoked");
    const operator = await gate.connectAs(ops);
    for (const grant of others) expect(await ended(operator, grant)).toBe("revoked");
  });

  it.each([
    ["another tenant", { tenant: "a" }, { ...team, tenant: "b" }],
    ["a scope of their own kind", { scopes: ["keys:write"] }, { kind: "operator", name: "more" }],
    ["every scope of a role", { scopes: ["keys:write"] }, { ...team, role: "auditor" }],
    ["other domains", { domains: ["keys"] }, { ...team, domains: ["lamps"] }],
    ["every domain", { domains: ["keys", "lamps"] }, team],
  ])("open no more than their maker's own where operators make them either: not %s", async (_what, narrow, grant) => {
    const operator = await gate.connectAs({ kind: "operator", name: "narrow", ...narrow });
    expect(await call(operator, "create_key", grant)).toMatchObject({ code: "wider_than_yours" });
    const { id } = await gate.keyFor(grant);
    expect((await call(operator, "rotate_key", { key_id: id }))["code"]).toMatch(/^(wider_than_yours|unknown_key)$/);
  });

  it("for everyone within their tenant and domains are made by operators", async () => {
    const narrow = { tenant: "a", domains: ["keys", "lamps"], scopes: ["keys:read", "keys:write"] };
    const operator = await gate.connectAs({ kind: "operator", name: "narrow", ...narrow });
    const made = await call(operator, "create_key", { ...team, name: "rita", domains: ["lamps"] });
    expect(made).toMatchObject({ key: { user: "rita", tenant: "a", role: "team" } });
  });

  it("are made by agents for agents alone, whatever their scopes", async () => {
    const grant = { kind: "person", name: "root", role: "root" };
    const agent = await gate.connectAs({ ...grant, kind: "agent", name: "helper", user: "root" });
    expect(await call(agent, "create_key", grant)).toMatchObject({ code: "wider_than_yours" });
    expect(await call(agent, "create_key", { kind: "operator", name: "x" })).toMatchObject({
      code: "wider_than_yours",
    });
  });

  it("made twice with one idempotency key are one key, with the same secret", async () => {
    const operator = await gate.connect();
    const request = { ...team, idempotency_key: "tom-1" };
    const first = await call(operator, "create_key", request);
    expect(await call(operator, "create_key", request)).toEqual(first);
    expect(((await call(operator, "list_keys", {}))["keys"] as unknown[]).length).toBe(1);
  });

  it("are replaced under an idempotency key that has made another one", async () => {
    const operator = await gate.connect();
    const { key } = await call(operator, "create_key", { ...team, idempotency_key: "leak-1" });
    const { id } = key as { id: string };
    const rotated = await call(operator, "rotate_key", { key_id: id, idempotency_key: "leak-1" });
    expect(rotated["secret"]).toMatch(/^cg_p_/);
    const { keys } = await call(operator, "list_keys", {});
    const successor = (rotated["key"] as { id: string }).id;
    expect(keys).toContainEqual(expect.objectContaining({ id, state: "replaced", replaced_by: successor }));
  });

  it("are replaced once, however many ask at the same time: to all others it is a clear no", async () => {
    const operator = await gate.connect();
    const { id } = await gate.keyFor(team);
    const ask = (_: unknown, n: number): Promise<Readonly<Record<string, unknown>>> =>
      call(operator, "rotate_key", { key_id: id, idempotency_key: `rotation-${n}` });
    const answers = await Promise.all(Array.from({ length: 8 }, ask));
    const [made, ...others] = answers.toSorted((one) => (one["secret"] === undefined ? 1 : -1));
    expect(made?.["secret"]).toMatch(/^cg_p_/);
    expect(others.map(({ code }) => code)).toEqual(Array.from({ length: 7 }, () => "key_ended"));
    const { keys } = await call(operator, "list_keys", {});
    expect(keys).toHaveLength(2);
  });

  it("that nobody could use are refused", async () => {
    const operator = await gate.connect();
    const refusal = async (grant: object): Promise<unknown> =>
      (await call(operator, "create_key", { ...team, ...grant }))["code"];
    expect(await refusal({ role: undefined })).toBe("role_required");
    expect(await refusal({ role: "nobody" })).toBe("unknown_role");
    expect(await refusal({ domains: ["sofas"] })).toBe("unknown_domain");
    expect(await refusal({ domains: [...OPERATIONS_DOMAINS] })).toBeUndefined();
    expect(await refusal({ kind: "agent" })).toBe("user_required");
  });
});
