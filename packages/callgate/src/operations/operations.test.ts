import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { defineDomain } from "../define/domain.ts";
import { apiKeys, type GateConfig } from "../define/gate-config.ts";
import type { Gate } from "../gate/create-gate.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";
import { createMemoryTransport } from "../transports/memory.ts";
import { openGate } from "./open-gate.ts";

let folder: string;
let gate: Gate;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "operations-"));
  gate = await openGate(configOf(folder), { localOperator: "olga" });
});
afterEach(async () => {
  await gate.close();
  rmSync(folder, { recursive: true });
});

function configOf(folder: string): GateConfig {
  const lamps = defineDomain("lamps", { owner: "test", purpose: "test", concern: "test" });
  lamps.write("switch_lamp", {
    description: "Switches a lamp, and breaks on the way back.",
    scope: "lamps:write",
    input: z.object({ on: z.boolean() }),
    output: z.object({ on: z.boolean() }),
    plan: ({ on }) => ({ preview: { on }, on }),
    commit: () => Promise.reject(new Error("the line went dead")),
  });
  return {
    name: "test",
    domains: [lamps],
    callers: {
      authenticate: [apiKeys()],
      roles: { team: { scopes: ["lamps:*", "keys:*"] }, reader: { scopes: ["lamps:read"] } },
    },
    store: sqlite(join(folder, "gate.db")),
  };
}

async function connect(key?: string): Promise<Client> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(createMemoryTransport({ host: gate.host, ...(key !== undefined && { key }) }));
  return client;
}

/** A tool's result, or the error that the gate says of it. */
async function call(client: Client, name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { isError, structuredContent, _meta } = await client.callTool({ name, arguments: args });
  return (isError === true ? _meta?.["io.callgate/error"] : structuredContent) as Record<string, unknown>;
}

async function keyFor(grant: Record<string, unknown>): Promise<string> {
  const operator = await connect();
  const made = await call(operator, "create_key", { ...grant, idempotency_key: crypto.randomUUID() });
  return String(made["secret"]);
}

const team = { kind: "person", name: "tom", role: "team" };

describe("who sees the tools that run a gate", () => {
  it("is who has the scope, and nobody else", async () => {
    const seen = async (key?: string): Promise<string[]> =>
      (await (await connect(key)).listTools()).tools.map(({ name }) => name);
    const keys = ["list_keys", "create_key", "rotate_key", "revoke_key"];
    const operations = [
      ...keys,
      "search_audit",
      "get_audit_record",
      "export_audit",
      "verify_audit",
      "list_writes",
      "get_write",
      "resolve_write",
    ];
    expect(await seen()).toEqual(["switch_lamp", ...operations]);
    expect(await seen(await keyFor({ kind: "operator", name: "ops" }))).toEqual(operations);
    expect(await seen(await keyFor(team))).toEqual(["switch_lamp", ...keys]);
    expect(await seen(await keyFor({ kind: "person", name: "rita", role: "reader" }))).toEqual([]);
  });
});

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
    const tom = await connect(await keyFor(team));
    expect(await call(tom, "create_key", grant)).toMatchObject({ code: "wider_than_yours", category: "security" });
  });

  it("are made by people for agents of theirs, and by agents for agents alone", async () => {
    const tom = await connect(await keyFor(team));
    const forAgent = {
      kind: "agent",
      name: "helper",
      user: "tom",
      role: "team",
      scopes: ["keys:write", "lamps:write"],
    };
    const { secret } = await call(tom, "create_key", forAgent);
    const helper = await connect(String(secret));
    const person = { kind: "person", name: "tom", role: "team", scopes: ["lamps:write"] };
    expect(await call(helper, "create_key", person)).toMatchObject({ code: "wider_than_yours" });
    const agent = { kind: "agent", name: "other", user: "tom", role: "team", scopes: ["lamps:write"] };
    expect(await call(helper, "create_key", agent)).toMatchObject({ key: { kind: "agent", user: "tom" } });
  });

  it("are not replaced by somebody whom their successor would open more to", async () => {
    const operator = await connect();
    const { key } = await call(operator, "create_key", { kind: "operator", name: "ops" });
    const tom = await connect(await keyFor(team));
    const { id } = key as { id: string };
    expect(await call(tom, "rotate_key", { key_id: id })).toMatchObject({ code: "wider_than_yours" });
  });

  it("made twice with one idempotency key are one key, with the same secret", async () => {
    const operator = await connect();
    const request = { ...team, idempotency_key: "tom-1" };
    const first = await call(operator, "create_key", request);
    expect(await call(operator, "create_key", request)).toEqual(first);
    expect(((await call(operator, "list_keys", {}))["keys"] as unknown[]).length).toBe(1);
  });

  it("are replaced under an idempotency key that has made another one", async () => {
    const operator = await connect();
    const { key } = await call(operator, "create_key", { ...team, idempotency_key: "leak-1" });
    const { id } = key as { id: string };
    const rotated = await call(operator, "rotate_key", { key_id: id, idempotency_key: "leak-1" });
    expect(rotated["secret"]).toMatch(/^cg_p_/);
    const { keys } = await call(operator, "list_keys", {});
    const successor = (rotated["key"] as { id: string }).id;
    expect(keys).toContainEqual(expect.objectContaining({ id, state: "replaced", replaced_by: successor }));
  });

  it("that nobody could use are refused", async () => {
    const operator = await connect();
    const refusal = async (grant: object): Promise<unknown> =>
      (await call(operator, "create_key", { ...team, ...grant }))["code"];
    expect(await refusal({ role: undefined })).toBe("role_required");
    expect(await refusal({ role: "nobody" })).toBe("unknown_role");
    expect(await refusal({ domains: ["sofas"] })).toBe("unknown_domain");
    expect(await refusal({ kind: "agent" })).toBe("user_required");
  });
});

describe("a write whose outcome is unknown", () => {
  const on = { on: true, idempotency_key: "lamp-1" };

  async function unknownWrite(operator: Client): Promise<string> {
    const { code, details } = await call(operator, "switch_lamp", on);
    expect(code).toBe("outcome_unknown");
    return (details as { write_id: string }).write_id;
  }

  it.each([
    ["happened", "done", "settled_as_happened"],
    ["did_not_happen", "failed", "settled_as_not_happened"],
  ])("is settled by a person as %s, recorded with who and why, and replayed so", async (outcome, state, code) => {
    const operator = await connect();
    const write_id = await unknownWrite(operator);
    const listed = await call(operator, "list_writes", { state: "unknown" });
    expect(listed).toMatchObject({ writes: [{ write_id, tool: "switch_lamp" }] });
    const settle = { write_id, outcome, note: "I went and looked" };
    const settled = { write_id, state, settled_by: "person:olga", note: "I went and looked" };
    expect(await call(operator, "resolve_write", settle)).toMatchObject(settled);
    expect(await call(operator, "get_write", { write_id })).toMatchObject(settled);
    expect(await call(operator, "switch_lamp", on)).toMatchObject({ code, details: { replayed: true } });
    const { records } = await call(operator, "search_audit", { tool: "resolve_write" });
    expect(records).toMatchObject([{ subject: "person:olga", outcome: "ok" }]);
  });

  it("is settled once", async () => {
    const operator = await connect();
    const write_id = await unknownWrite(operator);
    await call(operator, "resolve_write", { write_id, outcome: "happened", note: "I went and looked" });
    const again = await call(operator, "resolve_write", { write_id, outcome: "did_not_happen", note: "it is dark" });
    expect(again).toMatchObject({ code: "write_not_unknown" });
    expect(await call(operator, "get_write", { write_id })).toMatchObject({ state: "done" });
  });
});

describe("openGate", () => {
  it("looks after a gate whose backend is down, without starting it", async () => {
    const down = defineDomain<object>("down", {
      owner: "test",
      purpose: "test",
      concern: "test",
      backend: { start: () => Promise.reject(new Error("down")) },
    });
    const config = { ...configOf(folder), domains: [down] };
    await expect(openGate(config)).rejects.toThrow('The backend of domain "down" did not come up: down');
    const looked = await openGate(config, { serve: "operations" });
    expect(await looked.problems()).toEqual({});
    await looked.close();
  });

  it("lets nobody in without a key who is not named as its operator", async () => {
    const plain = await openGate({ ...configOf(folder) });
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await client.connect(createMemoryTransport({ host: plain.host })).catch(() => undefined);
    await expect(client.listTools()).rejects.toThrow();
    await client.close();
    await plain.close();
  });
});
