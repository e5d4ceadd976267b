import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type ServedGate, serveHttp, upstream } from "callgate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestGate } from "../../packages/callgate/src/gate/testing/open-test-gate.ts";
import { beginSession } from "../../packages/callgate/src/transports/testing/bridged-echo.ts";
import {
  modernHeaders,
  modernMessage,
  type Received,
  send,
} from "../../packages/callgate/src/transports/testing/modern-request.ts";
import { answerOffering } from "../../packages/callgate/src/upstream/testing/answer-offering.ts";
import type { Offering } from "../../packages/callgate/src/upstream/testing/offering.ts";
import { type ServedHttp, serveHttp as serve } from "../../packages/callgate/src/upstream/testing/serve-http.ts";

interface Asked {
  readonly id?: number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What a server says that lets everybody keep everything. */
const forAll = { resultType: "complete", ttlMs: 3_600_000, cacheScope: "public" };

/** A server of 2026 that calls whatever it says public, and good for an hour. */
function servePublic(offering: Offering): Promise<ServedHttp> {
  const capabilities = { tools: {}, resources: {}, prompts: {} };
  const discovered = { supportedVersions: ["2026-07-28"], capabilities };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { id, method, params = {} } = JSON.parse(await text(request)) as Asked;
    if (id === undefined) return void response.writeHead(202).end();
    const said =
      method === "server/discover"
        ? { result: { ...forAll, ...discovered } }
        : await answerOffering(offering, method, params).then(
            (result) => ({ result: { ...forAll, ...result } }),
            () => ({ error: { code: -32_601, message: "Method not found" } }),
          );
    response.writeHead(200, { "content-type": "application/json", "cache-control": "public, max-age=3600" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id, ...said }));
  };
  return serve((request, response) => void answer(request, response));
}

function offeringOf(whose: string): Offering {
  const schema = { type: "object", properties: {} };
  return {
    name: whose,
    tools: [{ name: `find_${whose}`, description: `Find what is ${whose}'s.`, inputSchema: schema }],
    resources: [{ uri: `${whose}://all`, name: `all of ${whose}` }],
    resourceTemplates: [{ uriTemplate: `${whose}://one/{id}`, name: `one of ${whose}` }],
    prompts: [{ name: `tell_${whose}`, description: `Tell of ${whose}.` }],
  };
}

const callers = ["carol", "bob"] as const;
const METHODS = ["tools/list", "resources/list", "resources/templates/list", "prompts/list"] as const;

let folder: string;
let servers: readonly ServedHttp[];
let served: ServedGate;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "callgate-lists-"));
  servers = await Promise.all(callers.map((whose) => servePublic(offeringOf(whose))));
  const domains = callers.map((whose, at) =>
    upstream(whose, {
      url: `${servers[at]?.url}`,
      reads: ["*"],
      scope: `${whose}:read`,
      lockFile: join(folder, "callgate.lock.json"),
    }),
  );
  const { gate } = await openTestGate(domains, {
    folder,
    config: {
      callers: {
        authenticate: [
          ({ bearer }) => (bearer === undefined ? undefined : { kind: "person", user: bearer, role: bearer }),
        ],
        roles: Object.fromEntries(callers.map((whose) => [whose, { modes: ["desk"], scopes: [`${whose}:read`] }])),
      },
    },
  });
  served = await serveHttp(gate, { port: 0 });
}, 60_000);
afterAll(async () => {
  await served.close();
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true });
});

function ask(who: string, method: string, endpoint = "/mcp"): Promise<Received> {
  const message = modernMessage(method);
  const headers = modernHeaders(message, { authorization: `Bearer ${who}` });
  return send(`${served.url}${endpoint}`, { headers, body: JSON.stringify(message) });
}

/** Whose things stand in an answer. */
function shownIn({ text }: Received): readonly string[] {
  return callers.filter((who) => text.includes(who));
}

describe.each(METHODS)("[C2] %s after another caller's (SECURITY 20)", (method) => {
  it("is one's own, in whatever order and number they ask", async () => {
    for (const who of ["carol", "bob", "carol", "bob", "bob", "carol"])
      expect(shownIn(await ask(who, method))).toEqual([who]);
    const many = Array.from({ length: 40 }, (_, at) => callers[at % 2] ?? "carol");
    const answers = await Promise.all(many.map((who) => ask(who, method)));
    expect(answers.map(shownIn)).toEqual(many.map((who) => [who]));
  });

  it("may be kept by nobody for anybody else, though the server lets everybody keep it", async () => {
    for (const who of callers) {
      for (const endpoint of ["/mcp", `/mcp/${who}`]) {
        const { headers, json } = await ask(who, method, endpoint);
        expect(json.result).toMatchObject({ cacheScope: "private" });
        expect(Number(json.result?.["ttlMs"])).toBeLessThanOrEqual(60_000);
        expect(String(headers["cache-control"] ?? "")).not.toContain("public");
      }
    }
  });

  it("is one's own in a session of 2025", async () => {
    const sessions = await Promise.all(
      callers.map((who) => beginSession(`${served.url}/mcp`, { authorization: `Bearer ${who}` })),
    );
    const body = JSON.stringify({ jsonrpc: "2.0", id: 7, method });
    for (const at of [0, 1, 0, 1]) {
      const answer = await send(`${served.url}/mcp`, { headers: sessions[at] ?? {}, body });
      expect(shownIn(answer)).toEqual([callers[at]]);
    }
  });

  it("is not there at the endpoint of a domain that one does not see", async () => {
    expect(shownIn(await ask("carol", method, "/mcp/carol"))).toEqual(["carol"]);
    expect(shownIn(await ask("bob", method, "/mcp/carol"))).toEqual([]);
  });
});

it("[C2] what a server lets everybody keep of a resource is for whoever read it alone (SECURITY 20)", async () => {
  const message = modernMessage("resources/read", { uri: "carol://all" });
  const read = (who: string) => {
    const headers = modernHeaders(message, { authorization: `Bearer ${who}` });
    return send(`${served.url}/mcp`, { headers, body: JSON.stringify(message) });
  };
  expect((await read("carol")).json.result).toMatchObject({ cacheScope: "private" });
  const others = await read("bob");
  expect(others.json.error).toMatchObject({ message: "Resource not found" });
});

it("[C2] [K3] the contracts of one caller are not what another one has, whatever tag is shown (SECURITY 20)", async () => {
  const document = (who: string, tag?: string) =>
    fetch(`${served.url}/tools`, {
      headers: { authorization: `Bearer ${who}`, ...(tag !== undefined && { "if-none-match": tag }) },
    });
  const carols = await document("carol");
  const bobs = await document("bob", carols.headers.get("etag") ?? "");
  expect([carols.status, bobs.status]).toEqual([200, 200]);
  expect(await bobs.text()).not.toContain("find_carol");
  expect(bobs.headers.get("cache-control")).toContain("private");
  expect(bobs.headers.get("vary")).toContain("authorization");
});
