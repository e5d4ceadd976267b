import { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { webhook } from "../approvals/notify/webhook.ts";
import { defineDomain } from "../define/domain.ts";
import { redis } from "../define/redis.ts";
import { env } from "../define/secret.ts";
import { createMemoryTransport } from "../transports/memory.ts";
import { bridge2025 } from "../wire/bridge-2025/load-bridge.ts";
import { openGate } from "./open-gate.ts";
import { team, useOperatedGate } from "./testing/operated-gate.ts";

const gate = useOperatedGate();

describe("who sees the tools that run a gate", () => {
  it("is who has the scope, and nobody else", async () => {
    const seen = async (client: Client): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name);
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
      "list_domains",
      "run_smoke",
      "graduate_tool",
      "withdraw_tool",
    ];
    expect(await seen(await gate.connect())).toEqual(["switch_lamp", ...operations]);
    expect(await seen(await gate.connectAs({ kind: "operator", name: "ops" }))).toEqual(operations);
    expect(await seen(await gate.connectAs(team))).toEqual(["switch_lamp", ...keys]);
    expect(await seen(await gate.connectAs({ kind: "person", name: "rita", role: "reader" }))).toEqual([]);
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
    const config = { ...gate.config, domains: [down] };
    await expect(openGate(config)).rejects.toThrow('The backend of domain "down" did not come up: down');
    const looked = await openGate(config, { serve: "operations" });
    expect(await looked.problems()).toEqual({});
    await looked.close();
  });

  it("looks after a gate without the secret of the Redis that its replicas count in", async () => {
    const config = { ...gate.config, limits: { shared: redis(env("CALLGATE_TEST_NOT_SET")) } };
    await expect(openGate(config)).rejects.toThrow("the environment variable CALLGATE_TEST_NOT_SET is not set");
    const looked = await openGate(config, { serve: "operations" });
    expect(looked.config.limits).toEqual({});
    await looked.close();
  });

  it("lets nobody in without a key who is not named as its operator", async () => {
    const plain = await openGate({ ...gate.config });
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(createMemoryTransport({ host: plain.host, legacy: bridge2025(plain) }));
    await expect(client.listTools()).rejects.toMatchObject({ data: { code: "credential_required" } });
    await client.close();
    await plain.close();
  });

  it.each(["required", "off"] as const)("calls its own tools without a reason where that is %s", async (reason) => {
    const strict = await openGate({ ...gate.config, reason }, { localOperator: "olga" });
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(createMemoryTransport({ host: strict.host }));
    expect((await client.callTool({ name: "list_keys", arguments: {} })).structuredContent).toEqual({ keys: [] });
    await client.close();
    await strict.close();
  });

  it("looks after a gate whose notifiers lack their secrets here, and serves none without them", async () => {
    const notify = [webhook({ url: "https://hooks.example.com", secret: env("NO_SUCH_SECRET") })];
    const config = { ...gate.config, approvals: { notify } };
    await expect(openGate(config)).rejects.toThrow("NO_SUCH_SECRET is not set");
    const said: string[] = [];
    const log = { debug: () => {}, info: () => {}, warn: (words: string) => void said.push(words), error: () => {} };
    const looked = await openGate(config, { serve: "operations", log });
    expect(said).toEqual(["nobody is told by webhook"]);
    await looked.close();
  });
});
