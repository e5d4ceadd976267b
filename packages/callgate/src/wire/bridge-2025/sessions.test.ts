import { describe, expect, test } from "vitest";
import {
  beginSession,
  callTool,
  headersFor,
  initialize,
  legacyClient,
  post,
  sharedKeys,
  startBridged,
} from "../../transports/testing/bridged-echo.ts";
import { send } from "../../transports/testing/modern-request.ts";
import { openStream } from "../../transports/testing/open-stream.ts";
import { until } from "../../transports/testing/start-echo.ts";
import { useBridgedEcho } from "../../transports/testing/use-bridged-echo.ts";

const right = "Bearer right";
const list = { id: 1, method: "tools/list" };

describe("sessions of 2025 clients", () => {
  let now = Date.UTC(2026, 10, 1);
  const echo = useBridgedEcho({ clock: () => now, limits: { perCaller: 2, lifeMs: 60_000 } });

  test.each(["2025-11-25", "2025-06-18", "2025-03-26"])("speaks %s where the client asks for it", async (revision) => {
    const begun = await initialize(echo.url, { protocolVersion: revision });
    expect(begun.json.result).toMatchObject({ protocolVersion: revision, serverInfo: { name: "echo" } });
    const headers = await beginSession(echo.url, { protocolVersion: revision });
    expect((await post(echo.url, { ...headers, "mcp-protocol-version": revision }, list)).status).toBe(200);
    expect(echo.host.seen.at(-1)).toMatchObject({ revision, transport: "http", meta: { clientInfo: legacyClient } });
  });

  test("tells who names neither session nor revision of both ways", async () => {
    const { json } = await post(echo.url, headersFor(), list);
    expect(json.error?.message).toMatch(/initialize first, or MCP-Protocol-Version: 2026-07-28/);
  });

  test("offers the newest revision to a client that asks for another", async () => {
    const begun = await initialize(echo.url, { protocolVersion: "2024-11-05" });
    expect(begun.json.result).toMatchObject({ protocolVersion: "2025-11-25" });
  });

  test("a process with the same keys takes a session up, with all that the client said of itself", async () => {
    const handshake = { authorization: right, protocolVersion: "2025-06-18", capabilities: { elicitation: {} } };
    const headers = await beginSession(echo.url, handshake);
    const other = await startBridged({ sealer: echo.sealer, clock: () => now });
    expect((await post(other.url, headers, list)).json.result).toHaveProperty("tools");
    expect(other.host.seen.at(-1)).toMatchObject({
      revision: "2025-06-18",
      meta: { clientInfo: legacyClient, clientCapabilities: { elicitation: {} } },
    });
    await other.stop();
  });

  test("a process with other keys does not know the session", async () => {
    const strangeKeys = await sharedKeys();
    const stranger = await startBridged({ sealer: strangeKeys.sealer, clock: () => now });
    expect((await post(stranger.url, await beginSession(echo.url), list)).status).toBe(404);
    await stranger.stop();
    await strangeKeys.remove();
  });

  test.each([{ authorization: right }, { "x-api-key": "right" }, { cookie: "session=right" }])(
    "a session is its subject's alone, who proved itself by %o (SECURITY 19)",
    async (proof: Record<string, string>) => {
      const begun = await initialize(echo.url, { capabilities: { elicitation: {} } }, proof);
      const session = headersFor({ "mcp-session-id": String(begun.headers["mcp-session-id"]) });
      const asked = openStream(echo.url, {
        method: "POST",
        headers: { ...session, ...proof },
        body: callTool("ask", { times: 1 }),
      });
      const [question] = await asked.take(1);
      const yes = { id: question?.["id"], result: { action: "accept" } };
      for (const stranger of [session, { ...session, "x-api-key": "other" }]) {
        const answers = [list, yes, { method: "notifications/cancelled", params: { requestId: 1 } }];
        for (const message of answers) expect((await post(echo.url, stranger, message)).status).toBe(404);
        for (const method of ["GET", "DELETE"])
          expect((await send(echo.url, { method, headers: stranger })).status).toBe(404);
      }
      expect((await post(echo.url, { ...session, ...proof }, yes)).status).toBe(202);
      const [answered] = await asked.take(1);
      expect(answered).toMatchObject({ result: { structuredContent: { answered: [{ action: "accept" }] } } });
    },
  );

  test("whoever proves to be the same subject has the session, and a wrong credential has nothing", async () => {
    const { authorization: _, ...session } = await beginSession(echo.url, { authorization: right });
    expect((await post(echo.url, { ...session, "x-api-key": "right" }, list)).status).toBe(200);
    for (const method of ["POST", "GET", "DELETE"]) {
      const headers = { ...session, authorization: "Bearer wrong" };
      const body = JSON.stringify({ jsonrpc: "2.0", ...list });
      expect(await send(echo.url, { method, headers, ...(method === "POST" && { body }) })).toMatchObject({
        status: 401,
        headers: { "www-authenticate": 'Bearer realm="echo"' },
      });
    }
  });

  test("a session of one endpoint is none of another", async () => {
    const headers = await beginSession(`${echo.url}/bookings`);
    expect((await post(echo.url, headers, list)).status).toBe(404);
    expect((await post(`${echo.url}/bookings`, headers, list)).status).toBe(200);
    expect(echo.host.seen.at(-1)).toMatchObject({ endpoint: "bookings" });
  });

  test("ends with DELETE", async () => {
    const headers = await beginSession(echo.url);
    expect((await send(echo.url, { method: "DELETE", headers })).status).toBe(204);
    expect((await post(echo.url, headers, list)).status).toBe(404);
    expect((await send(echo.url, { method: "GET", headers })).status).toBe(404);
  });

  test("ends when its id has expired", async () => {
    const headers = await beginSession(echo.url);
    const other = await startBridged({ sealer: echo.sealer, clock: () => now + 60_001 });
    expect((await post(other.url, headers, list)).status).toBe(404);
    await other.stop();
  });

  test("an id changed in any one place is refused", async () => {
    const headers = await beginSession(echo.url);
    const id = String(headers["mcp-session-id"]);
    for (const at of [0, id.length >> 1, id.length - 1]) {
      const changed = id.slice(0, at) + (id[at] === "A" ? "B" : "A") + id.slice(at + 1);
      expect((await post(echo.url, { ...headers, "mcp-session-id": changed }, list)).status).toBe(404);
    }
  });

  test("the oldest idle session makes room, and is taken up again from its id", async () => {
    const sessions = [];
    for (let count = 0; count < 3; count++) sessions.push(await beginSession(echo.url, { authorization: right }));
    for (const headers of sessions) expect((await post(echo.url, headers, list)).status).toBe(200);
  });

  test("where all sessions of a caller are in use, there is no further one", async () => {
    const waiting = [];
    for (const key of ["a", "b"]) {
      const headers = await beginSession(echo.url, { authorization: right });
      waiting.push(post(echo.url, headers, callTool("wait", { key })));
      await until(() => echo.host.waiting.has(key));
    }
    const refused = await initialize(echo.url, { authorization: right });
    expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "30" } });
    expect((await initialize(echo.url, { authorization: "Bearer other" })).status).toBe(200);
    for (const call of echo.host.waiting.values()) call.release();
    await Promise.all(waiting);
  });

  test("a client that says too much of itself gets no session", async () => {
    const clientInfo = { name: "x".repeat(8_000), version: "1" };
    expect((await initialize(echo.url, { clientInfo })).status).toBe(429);
  });

  test.each([
    ["no session id", {}, 400],
    ["a revision that has no sessions", { "mcp-protocol-version": "2024-11-05" }, 400],
    ["a session id that is none", { "mcp-session-id": "none" }, 404],
  ])("%s is refused", async (_case, extra, status) => {
    expect((await post(echo.url, headersFor(extra), list)).status).toBe(status);
  });

  test.each([
    ["clientInfo", { clientInfo: {} }],
    ["capabilities", { capabilities: { sampling: 5 } }],
  ])("a handshake with broken %s is refused", async (_part, handshake) => {
    const refused = await initialize(echo.url, handshake);
    expect(refused).toMatchObject({ status: 400, json: { id: "hello", error: { code: -32602 } } });
  });

  test("a wrong credential is told at the door, with the challenge", async () => {
    const refused = await initialize(echo.url, { authorization: "Bearer wrong" });
    expect(refused).toMatchObject({ status: 401, headers: { "www-authenticate": 'Bearer realm="echo"' } });
    expect(refused.headers["mcp-session-id"]).toBeUndefined();
  });

  test("a credential revoked in mid-session answers 401 to the next call", async () => {
    const headers = await beginSession(echo.url, { authorization: right });
    echo.host.revoked.add(right);
    const refused = await post(echo.url, headers, callTool("echo"));
    expect(refused).toMatchObject({
      status: 401,
      headers: { "www-authenticate": 'Bearer realm="echo"' },
      json: { id: 1, error: { code: -32001 } },
    });
  });
});
