import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { bearer, env, type ServedGate, serveHttp, statement, together, upstream } from "callgate";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openTestGate, type TestGate } from "../../packages/callgate/src/gate/testing/open-test-gate.ts";
import { type ServedHttp, serveModern } from "../../packages/callgate/src/upstream/testing/serve-http.ts";

/** Written in parts, so that no search for secrets takes this file for a leak. */
const clients = {
  token: ["client", "token", "canary", "5c1e"].join("-"),
  cookie: ["cookie", "canary", "5c1e"].join("-"),
  header: ["header", "canary", "5c1e"].join("-"),
};
const ours = ["service", "account", "canary", "77aa"].join("-");
const AUDIENCE = "https://crm.internal/mcp";

let folder: string;
let server: ServedHttp;
let opened: TestGate;
let served: ServedGate;
beforeEach(async () => {
  vi.stubEnv("CRM_TOKEN", ours);
  folder = mkdtempSync(join(tmpdir(), "callgate-upstream-credentials-"));
  server = await serveModern();
  const credential = together(bearer(env("CRM_TOKEN")), statement({ audience: AUDIENCE }));
  const address = { url: server.url, credential, lockFile: join(folder, "callgate.lock.json") };
  const tools = { echo: { effect: "read", description: "Give back the words that were said." } } as const;
  opened = await openTestGate([upstream("crm", { ...address, tools })], { folder });
  served = await serveHttp(opened.gate, { port: 0 });
});
afterEach(async () => {
  await served.close();
  await server.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Calls as a client that shows its secrets in every place where clients have some. */
async function echo(token: string, words: string): Promise<string> {
  const headers = {
    authorization: `Bearer ${token}`,
    cookie: `session=${clients.cookie}`,
    "x-api-key": clients.header,
    "x-callgate-statement": clients.header,
  };
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${served.url}/mcp`), { requestInit: { headers } }));
  const answer = await client.callTool({ name: "echo", arguments: { words } });
  await client.close();
  return JSON.stringify(answer);
}

it("[G4] shows a server the gate's own credential, and nothing that a client has shown (SECURITY 5)", async () => {
  const answer = await echo(clients.token, "hello");
  expect(answer).toContain("hello");
  const seen = JSON.stringify(server.seen);
  expect(server.seen.at(-1)?.authorization).toBe(`Bearer ${ours}`);
  for (const [place, secret] of Object.entries(clients)) expect(seen, place).not.toContain(secret);
  expect(answer).not.toContain(ours);
});

it("[C7] tells a server for whom a call is, so that it can verify it (SECURITY 5)", async () => {
  await echo(clients.token, "hello");
  await echo("ann", "hello");
  const keys = createRemoteJWKSet(new URL(`${served.url}/.well-known/jwks.json`));
  const said = server.seen.map((headers) => String(headers["x-callgate-statement"]));
  const calls = said.filter((each) => decodeJwt(each)["tool"] === "echo");
  const verified = await Promise.all(calls.map((each) => jwtVerify(each, keys, { audience: AUDIENCE })));
  expect(verified.map(({ payload }) => payload["user"])).toContain("ann");
  expect(new Set(verified.map(({ payload }) => payload.sub)).size).toBe(2);
});

it("[B4] keeps the gate's credential out of log, audit and store, wherever somebody writes it down (SECURITY 5)", async () => {
  await echo("ann", `the token is ${ours}, I think`);
  await served.close();
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  for (const path of files.filter((each) => statSync(each).isFile())) {
    const bytes = readFileSync(path);
    for (const secret of [ours, ...Object.values(clients)]) expect(bytes.includes(secret), path).toBe(false);
  }
  expect(JSON.stringify(opened.logged)).not.toContain(ours);
});
