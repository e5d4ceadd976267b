import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import type { JsonObject } from "../wire/exchange.ts";
import { shownMeta } from "./serve/shown-meta.ts";
import { ChangingServer } from "./testing/offering.ts";
import { upstream } from "./upstream.ts";

const meta = {
  "org.example/locale": "de",
  "org.example/deep": { session: [{ api_key: "opaque" }] },
  "io.callgate/identity": { phone: "+4930123456" },
  "io.modelcontextprotocol/related-task": { taskId: "t" },
};

describe("_meta of a client's request", () => {
  let folder: string;
  let server: ChangingServer;
  const gates: TestGate[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "callgate-meta-"));
    server = new ChangingServer(folder, {
      tools: [
        { name: "find", description: "Finds what is there.", inputSchema: { type: "object" } },
        { name: "keep", description: "Keeps what is given.", inputSchema: { type: "object" } },
      ],
    });
  });
  afterAll(async () => {
    for (const gate of gates) await gate.close();
    await rm(folder, { recursive: true });
  });

  /** What the server was shown, with the last call of a read and of a write. */
  async function shown(clientMeta?: readonly string[]): Promise<readonly unknown[]> {
    const rules = { reads: ["find"], ...(clientMeta !== undefined && { clientMeta }) };
    const domain = upstream("crm", { ...server.address, ...rules, lockFile: join(folder, "callgate.lock.json") });
    const gate = await openTestGate([domain]);
    gates.push(gate);
    for (const tool of ["find", "keep"]) await gate.call(tool, { n: gates.length }, { meta });
    return server.calls.slice(-2).map(({ _meta: came }) => {
      const { traceparent: _, progressToken: __, ...own } = came as JsonObject;
      return Object.keys(own).filter((name) => !name.startsWith("io.modelcontextprotocol/"));
    });
  }

  it("goes on with reads, but for what looks like a credential, and with no write", async () => {
    expect(await shown()).toEqual([["org.example/locale"], []]);
  });

  it("goes on with both where the config names it, and then nothing else does", async () => {
    expect(await shown(["org.example/deep"])).toEqual([["org.example/deep"], ["org.example/deep"]]);
  });
});

it.each([
  [{ "a/session_token": "x" }, {}],
  [{ a: { deep: [{ Authorization: "x" }] } }, {}],
  [{ "org.example/auth": "x", userAuth: "x", bearer: "x" }, {}],
  [
    { author: "ann", authors: 2 },
    { author: "ann", authors: 2 },
  ],
  [{ a: "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ" }, {}],
  [{ max_tokens: 5 }, { max_tokens: 5 }],
  [{ a: "my token is lost" }, { a: "my token is lost" }],
])("a member is kept back by its name and by what it holds: %j", (given, expected) => {
  expect(shownMeta(given, { named: undefined, isWrite: false })).toEqual(expected);
});
