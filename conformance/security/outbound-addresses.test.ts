import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openapi, read, upstream } from "callgate";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { webhook } from "../../packages/callgate/src/approvals/notify/webhook.ts";
import { env } from "../../packages/callgate/src/define/secret.ts";
import { openTestGate, type TestGate } from "../../packages/callgate/src/gate/testing/open-test-gate.ts";
import { type Run, workshop } from "../../packages/callgate/src/gate/testing/workshop.ts";
import { serveNames } from "../../packages/callgate/src/outbound/testing/names.ts";
import { Trap } from "../../packages/callgate/src/outbound/testing/trap.ts";
import { askHttp } from "../../packages/callgate/src/secrets/sources/ask-http.ts";
import { TokenEndpoint } from "../../packages/callgate/src/upstream/credentials/token-endpoint.ts";
import { PetApi, sendJson } from "../../packages/callgate/src/upstream/openapi/testing/pet-api.ts";
import { serveHttp } from "../../packages/callgate/src/upstream/testing/serve-http.ts";
import { json, type RawRequest, rpc, startRawServer } from "../upstreams/raw-server.ts";

const owned = { owner: "o", purpose: "p", concern: "c" } as const;
const SECRET = "a-secret-of-more-than-24-bytes";

let trap: Trap;
let stopNames: () => void;
let folder: string;
const gates: TestGate[] = [];
beforeAll(async () => {
  trap = await Trap.start();
  folder = mkdtempSync(join(tmpdir(), "callgate-outbound-"));
  stopNames = serveNames({ "api.public.test": ["127.0.0.1"], "metadata.test": ["169.254.169.254"] });
});
beforeEach(() => {
  trap.connections = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(gates.splice(0).map((gate) => gate.close()));
});
afterAll(async () => {
  stopNames();
  await trap.close();
  rmSync(folder, { recursive: true });
});

async function open(...domains: Parameters<typeof openTestGate>[0]): Promise<TestGate> {
  const gate = await openTestGate(domains);
  gates.push(gate);
  return gate;
}

describe("SECURITY 24: a tool that fetches", () => {
  const fetches: Run = async ({ how }, ctx) => (await ctx.fetchPublic(how)).text();

  it("what a caller names is not led to this machine, and its domain takes no harm from that", async () => {
    const gate = await open(workshop(fetches));
    const addresses = [
      `http://127.0.0.1:${trap.port}/`,
      `http://2130706433:${trap.port}/`,
      `http://api.public.test:${trap.port}/`,
    ];
    for (const how of [...addresses, ...addresses, "http://169.254.169.254/latest/meta-data/"]) {
      const { code, texts } = await gate.call("do_work", { how });
      expect(code).toBe("address_blocked");
      expect(texts.join()).not.toContain("127.0.0.1");
    }
    expect(trap.connections).toBe(0);
  });

  it("from its own network is not led on to another origin there, nor to the machine's own services", async () => {
    const own = await Trap.start();
    const gate = await open(workshop(async ({ how }, ctx) => (await ctx.fetch(how)).text()));
    try {
      expect((await gate.call("do_work", { how: `http://127.0.0.1:${own.port}/` })).code).toBeUndefined();
      own.redirect = `http://localhost:${trap.port}/`;
      expect((await gate.call("do_work", { how: `http://127.0.0.1:${own.port}/` })).code).toBe("address_blocked");
      for (const how of ["http://169.254.169.254/", "http://metadata.test/", "http://[fd00:ec2::254]/"])
        expect((await gate.call("do_work", { how })).code).toBe("address_blocked");
      expect(trap.connections).toBe(0);
    } finally {
      await own.close();
    }
  });
});

describe("SECURITY 24: an upstream", () => {
  it("whose answers are full of addresses has none of them fetched", async () => {
    const there = `http://127.0.0.1:${trap.port}/`;
    const tool = { description: "Looks.", icons: [{ src: `${there}icon.png` }], _meta: { url: there } };
    const tools = [
      { ...tool, name: "look", inputSchema: { type: "object" } },
      { ...tool, name: "look_there", inputSchema: { $ref: `${there}schema.json` } },
    ];
    const content = [
      { type: "resource_link", uri: `${there}file`, name: "file" },
      { type: "text", text: there },
    ];
    let refuses = false;
    const server = await startRawServer(({ reply, id, method }: RawRequest) => {
      if (method === "tools/list") return reply("200 OK", json, rpc(id, { resultType: "complete", tools }));
      if (!refuses) return reply("200 OK", { ...json, link: `<${there}>; rel=preload` }, rpc(id, { content }));
      const challenge = `Bearer resource_metadata="${there}.well-known/oauth-protected-resource"`;
      reply("401 Unauthorized", { "www-authenticate": challenge, location: there }, "");
    });
    const crm = upstream("crm", {
      url: server.url,
      reads: ["look*"],
      modes: ["desk"],
      lockFile: join(folder, "lock.json"),
    });
    const gate = await open(crm);
    expect((await gate.call("look")).code).toBeUndefined();
    refuses = true;
    expect((await gate.call("look")).code).toBe("upstream_unauthorized");
    expect(trap.connections).toBe(0);
    await Promise.all(gates.splice(0).map((each) => each.close()));
    await server.close();
  });
});

describe("SECURITY 24: an API", () => {
  const document = {
    openapi: "3.1.0",
    info: { title: "Pets", version: "1" },
    paths: {
      "/pets": {
        get: { operationId: "listPets", description: "Lists the pets.", responses: { 200: { description: "Pets." } } },
      },
    },
  };
  const pets = (where: Partial<Parameters<typeof openapi>[1]>) =>
    openapi("pets", { ...owned, document, serve: { listPets: read() }, ...where });

  it("is not where its document alone says, if that name leads into a private network", async () => {
    const url = `https://api.public.test:${trap.port}`;
    const gate = await open(pets({ document: { ...document, servers: [{ url }] } }));
    expect((await gate.call("list_pets")).code).toBe("api_unreachable");
    expect(trap.connections).toBe(0);
  });

  it("is where its config says, but for the machine's own services", async () => {
    await using api = await PetApi.start();
    api.answer = (_, response) => sendJson(response, 200, []);
    const { port } = new URL(api.url);
    const gate = await open(pets({ baseUrl: `http://api.public.test:${port}` }));
    expect((await gate.call("list_pets")).code).toBeUndefined();
    const other = await open(pets({ baseUrl: "http://metadata.test" }));
    expect((await other.call("list_pets")).code).toBe("api_unreachable");
  });
});

describe("SECURITY 24: an authorization server", () => {
  it("whose metadata lead to another origin in a private network is not asked there", async () => {
    const elsewhere = `http://localhost:${trap.port}/token`;
    const issuer = await serveHttp(({ headers }, response) => {
      const metadata = { issuer: `http://${headers.host}`, token_endpoint: elsewhere, jwks_uri: elsewhere };
      response.setHeader("content-type", "application/json").end(JSON.stringify(metadata));
    });
    const client = { clientId: "gate" };
    try {
      const found = new TokenEndpoint({ ...client, issuer: new URL(issuer.url).origin });
      await expect(found.request("client_credentials", {})).rejects.toThrow("an address of a private network");
      expect(trap.connections).toBe(0);
      const said = new TokenEndpoint({ ...client, tokenUrl: elsewhere });
      await expect(said.request("client_credentials", {})).rejects.toThrow("no token comes from");
      expect(trap.connections).toBeGreaterThan(0);
    } finally {
      await issuer.close();
    }
  });

  it("is not where its name leads to the machine's own services", async () => {
    const endpoint = new TokenEndpoint({ clientId: "gate", tokenUrl: "https://metadata.test/token" });
    await expect(endpoint.request("client_credentials", {})).rejects.toThrow("the machine's own services");
  });
});

describe("SECURITY 24: the machine's own services are not reached by a name", () => {
  it("in the address of an upstream", async () => {
    const crm = upstream("crm", {
      url: "http://metadata.test/mcp",
      reads: ["look*"],
      lockFile: join(folder, "none.json"),
    });
    const gate = await open(
      crm,
      workshop(() => "works"),
    );
    expect(await gate.gate.problems()).toMatchObject({ crm: expect.stringContaining("the machine's own services") });
  });

  it("in that of a webhook", async () => {
    vi.stubEnv("HOOK_SECRET", SECRET);
    const warn = vi.fn<(message: string, fields?: unknown) => void>();
    const log = { debug: () => {}, info: () => {}, warn, error: warn };
    const hook = webhook(
      { url: "https://metadata.test/hook", secret: env("HOOK_SECRET") },
      { tryMs: 5_000, waitsMs: [] },
    );
    const running = hook.start({ log });
    const times = { at: new Date().toISOString(), expiresAt: new Date().toISOString() };
    running.notify({ ...times, kind: "requested", approval: "approval_1" } as unknown as Parameters<
      typeof running.notify
    >[0]);
    await vi.waitFor(() => expect(JSON.stringify(warn.mock.calls)).toContain("the machine's own services"), 10_000);
    await running.close(1_000);
  });

  it("in that of a keeper of secrets", async () => {
    const question = { url: new URL("http://metadata.test/v1/secret"), headers: { "x-vault-token": SECRET } };
    const asking = askHttp(question, AbortSignal.timeout(10_000));
    await expect(asking).rejects.toThrow("metadata.test leads to 169.254.169.254");
  });
});
