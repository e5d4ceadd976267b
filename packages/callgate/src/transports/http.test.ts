import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LegacyRequest } from "../wire/legacy-handler.ts";
import { envelope, modernHeaders, modernMessage, type Received, send, sendModern } from "./testing/modern-request.ts";
import { type RunningEcho, startEcho } from "./testing/start-echo.ts";

let echo: RunningEcho;
const toLegacy: LegacyRequest[] = [];

beforeAll(async () => {
  echo = await startEcho({
    allowedOrigins: ["https://app.example.com"],
    allowedHosts: ["proxy.internal"],
    publicUrl: "https://tools.example.com",
    // The caller's side of the bridge: notes what it is handed and answers.
    legacy: async () => ({
      handle: async (request) => {
        toLegacy.push(request);
        request.reply.conclude('"legacy"');
      },
      converse: () => ({ receive: () => {}, close: async () => {} }),
      close: async () => {},
    }),
  });
});
afterAll(() => echo.stop());

const call = modernMessage("tools/call", { name: "echo", arguments: { a: 1 } }, 7);
describe("a modern request", () => {
  it("is answered with one JSON message", async () => {
    const { status, headers, json, text } = await sendModern(echo.url, call);
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["content-length"]).toBe(String(Buffer.byteLength(text)));
    expect(json).toEqual({
      jsonrpc: "2.0",
      id: 7,
      result: {
        content: [{ type: "text", text: '{"a":1}' }],
        structuredContent: { a: 1 },
        resultType: "complete",
        _meta: { "io.modelcontextprotocol/serverInfo": { name: "echo", version: "1.2.3" } },
      },
    });
  });

  it("reaches the host with everything that the client said", async () => {
    const meta = {
      ...envelope,
      traceparent: "00-1-2-01",
      progressToken: "p",
      "io.modelcontextprotocol/logLevel": "info",
    };
    const message = modernMessage("tools/call", { name: "echo", _meta: meta });
    await send(`${echo.url}/bookings`, {
      headers: { ...modernHeaders(message), authorization: "Bearer k", "x-forwarded-for": "1.2.3.4" },
      body: JSON.stringify(message),
    });
    const exchange = echo.host.seen.at(-1);
    expect(exchange).toMatchObject({
      method: "tools/call",
      revision: "2026-07-28",
      transport: "http",
      endpoint: "bookings",
      inputBytes: JSON.stringify(message).length,
      meta: {
        clientInfo: { name: "test" },
        traceparent: "00-1-2-01",
        progressToken: "p",
        logLevel: "info",
        all: meta,
      },
    });
    expect(exchange?.presented.authorization).toBe("Bearer k");
    expect(exchange?.presented.local).toBe(false);
    expect(echo.host.lastAddress).toBe("127.0.0.1");
    expect(exchange?.presented.header("x-forwarded-for")).toBe("1.2.3.4");
    expect(exchange?.signal.aborted).toBe(false);
  });

  it("gets its cache hints, and the discovery its revisions", async () => {
    const list = await sendModern(echo.url, modernMessage("tools/list"));
    expect(list.json.result).toMatchObject({ ttlMs: 1_000, cacheScope: "private", resultType: "complete" });
    const { json } = await sendModern(echo.url, modernMessage("server/discover"));
    expect(json.result).toMatchObject({
      supportedVersions: ["2026-07-28"],
      instructions: "Say something.",
      ttlMs: 60_000,
    });
  });

  it("is refused with the host's status and headers, discovery too", async () => {
    for (const message of [
      call,
      modernMessage("server/discover"),
      modernMessage("subscriptions/listen", { notifications: {} }),
    ]) {
      const { status, headers, json } = await sendModern(echo.url, message, { authorization: "Bearer wrong" });
      expect([status, headers["www-authenticate"], json.error?.code]).toEqual([401, 'Bearer realm="echo"', -32001]);
    }
  });

  it("gets an internal error, and nothing of it, from a host that throws", async () => {
    const { status, text } = await sendModern(echo.url, modernMessage("tools/call", { name: "throw" }));
    expect(status).toBe(500);
    expect(text).toBe('{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error."}}');
    expect(echo.host.problems).toEqual(["tools/call broke: Error: a host that breaks its promise"]);
  });
});

describe("2025 clients", () => {
  it.each([
    ["initialize", { jsonrpc: "2.0", id: 1, method: "initialize", params: {} }, {}],
    [
      "a request with their version header",
      { jsonrpc: "2.0", id: 1, method: "tools/list" },
      { "mcp-protocol-version": "2025-11-25" },
    ],
    ["a request without any header", { jsonrpc: "2.0", id: 1, method: "ping" }, {}],
    ["a response", { jsonrpc: "2.0", id: 1, result: {} }, {}],
  ])("are handed over: %s", async (_what, message, headers) => {
    const body = JSON.stringify(message);
    const all = { "content-type": "application/json", ...(headers as Record<string, string>) };
    expect((await send(echo.url, { body, headers: all })).json).toBe("legacy");
    expect(toLegacy.at(-1)).toMatchObject({ body: message, bytes: body.length, endpoint: undefined });
  });

  it("come with a session on GET and DELETE; without one there is nothing to get", async () => {
    const session = { "mcp-session-id": "s" };
    expect((await send(`${echo.url}/bookings`, { method: "GET", headers: session })).json).toBe("legacy");
    expect(toLegacy.at(-1)).toMatchObject({ body: undefined, endpoint: "bookings" });
    expect((await send(echo.url, { method: "DELETE", headers: session })).json).toBe("legacy");
    expect(await send(echo.url, { method: "GET" })).toMatchObject({ status: 405, headers: { allow: "POST" } });
    expect((await send(echo.url, { method: "PUT", body: "{}" })).status).toBe(405);
  });

  it("are told what is served where nobody serves them", async () => {
    const alone = await startEcho();
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: {} });
    const { status, json } = await send(alone.url, { body, headers: { "content-type": "application/json" } });
    expect([status, json.error?.code, json.error?.data]).toEqual([400, -32022, { supported: ["2026-07-28"] }]);
    await alone.stop();
  });
});

/** Asks as a browser does before it lets a page call. */
const askBeforehand = (origin: string): Promise<Received> =>
  send(echo.url, { method: "OPTIONS", headers: { origin, "access-control-request-headers": "mcp-method" } });

describe("paths, hosts and origins (SECURITY 10)", () => {
  it("has MCP at /mcp and at each domain, health beside it, and nothing else", async () => {
    const root = new URL(echo.url).origin;
    expect(await send(`${root}/health`, { method: "GET" })).toMatchObject({ status: 200, json: { status: "ok" } });
    expect(await send(`${root}/ready`, { method: "GET" })).toMatchObject({ status: 200, json: { ready: true } });
    expect((await sendModern(`${echo.url}?x=1`, call)).status).toBe(200);
    for (const path of ["/", "/mcp/", "/mcpx", "/mcp/bookings/x", "/mcp/%62ookings", "/mcp/.."]) {
      expect([path, (await sendModern(root + path, call)).status]).toEqual([path, 404]);
    }
    // Whether there is such a domain depends on who asks.
    await sendModern(`${root}/mcp/nothing`, call);
    expect(echo.host.seen.at(-1)?.endpoint).toBe("nothing");
  });

  it("is not ready when its gate is not", async () => {
    const down = await startEcho({ status: () => ({ ready: false, failed: "bookings" }) });
    const ready = await send(down.url.replace("/mcp", "/ready"), { method: "GET" });
    expect(ready).toMatchObject({ status: 503, json: { ready: false, failed: "bookings" } });
    await down.stop();
  });

  it.each([
    ["localhost", undefined, 200],
    ["localhost:9999", undefined, 200],
    ["[::1]:80", undefined, 200],
    ["tools.example.com", undefined, 200],
    ["proxy.internal:8080", undefined, 200],
    ["PROXY.internal", undefined, 200],
    ["evil.example.com", undefined, 403],
    ["localhost.evil.example.com", undefined, 403],
    ["127.0.0.1.nip.io", undefined, 403],
    ["user@localhost/x", undefined, 403],
    ["localhost", "https://app.example.com", 200],
    ["localhost", "http://localhost:6274", 200],
    ["localhost:9999", "http://localhost:9999", 200],
    ["tools.example.com", "https://tools.example.com", 200],
    ["tools.example.com", "http://localhost:6274", 403],
    ["localhost", "https://evil.example.com", 403],
    ["localhost", "https://app.example.com.evil.org", 403],
    ["localhost", "http://localhost.evil.org", 403],
    ["localhost", "file://", 403],
    ["localhost", "null", 403],
  ])("Host %s with Origin %s gives %i", async (host, origin, expected) => {
    const { status, headers } = await sendModern(echo.url, call, { host, origin });
    expect(status).toBe(expected);
    expect(headers["access-control-allow-origin"]).toBe(expected === 200 ? origin : undefined);
  });

  it("is called by the IPv6 address that it listens on", async () => {
    const six = await startEcho({}, "::");
    expect(six.url).toBe(`http://[::]:${six.port}/mcp`);
    expect((await sendModern(six.url, call)).status).toBe(200);
    await six.stop();
  });

  it("answers the question that a browser asks beforehand, to allowed pages only", async () => {
    expect(await askBeforehand("https://app.example.com")).toMatchObject({
      status: 204,
      headers: { "access-control-allow-headers": "mcp-method" },
    });
    expect((await askBeforehand("https://evil.example.com")).status).toBe(403);
  });

  it.each([
    [{ "content-type": "text/plain" }, 415],
    [{ "content-type": undefined }, 415],
    [{ "content-type": "application/jsonp" }, 415],
    [{ "content-type": "Application/JSON; charset=utf-8" }, 200],
    [{ "content-encoding": "gzip" }, 415],
    [{ accept: undefined }, 200],
    [{ accept: "*/*" }, 200],
    [{ accept: "application/json" }, 200],
    [{ accept: "application/json;q=0, text/event-stream" }, 200],
    [{ accept: "text/html" }, 406],
  ])("%j gives %i", async (changes, expected) => {
    expect((await sendModern(echo.url, call, changes as Record<string, string | undefined>)).status).toBe(expected);
  });
});
