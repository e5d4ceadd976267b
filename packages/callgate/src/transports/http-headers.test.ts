import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { envelope, modernMessage, sendModern } from "./testing/modern-request.ts";
import { type RunningEcho, startEcho } from "./testing/start-echo.ts";

let echo: RunningEcho;
beforeAll(async () => {
  echo = await startEcho();
});
afterAll(() => echo.stop());

const call = modernMessage("tools/call", { name: "echo", arguments: { a: 1 } }, 7);
const withMeta = (meta: unknown): Record<string, unknown> => ({
  ...call,
  params: { ...(call["params"] as object), _meta: meta },
});
const without = (key: keyof typeof envelope): Record<string, unknown> => {
  const { [key]: _left, ...rest } = envelope;
  return rest;
};
const base64 = (text: string): string => `=?base64?${Buffer.from(text).toString("base64")}?=`;

const table: [string, Record<string, unknown>, Record<string, string | undefined>, string][] = [
  ["a missing version header", call, { "mcp-protocol-version": undefined }, "400 -32020"],
  [
    "a version header that differs",
    withMeta({ ...envelope, "io.modelcontextprotocol/protocolVersion": "2026-09-01" }),
    {},
    "400 -32020",
  ],
  [
    "a revision nobody knows",
    withMeta({ ...envelope, "io.modelcontextprotocol/protocolVersion": "v9" }),
    { "mcp-protocol-version": "v9" },
    "400 -32022",
  ],
  [
    "an old revision in the envelope",
    withMeta({ ...envelope, "io.modelcontextprotocol/protocolVersion": "2025-11-25" }),
    { "mcp-protocol-version": "2025-11-25" },
    "400 -32022",
  ],
  ["a missing Mcp-Method", call, { "mcp-method": undefined }, "400 -32020"],
  ["an Mcp-Method that differs", call, { "mcp-method": "tools/list" }, "400 -32020"],
  ["an Mcp-Method in other case", call, { "mcp-method": "TOOLS/CALL" }, "400 -32020"],
  ["a missing Mcp-Name", call, { "mcp-name": undefined }, "400 -32020"],
  ["an Mcp-Name that differs", call, { "mcp-name": "other" }, "400 -32020"],
  ["an Mcp-Name in Base64", call, { "mcp-name": base64("echo") }, "200 ok"],
  ["an Mcp-Name in Base64 that differs", call, { "mcp-name": base64("other") }, "400 -32020"],
  ["an Mcp-Name in broken Base64", call, { "mcp-name": "=?base64?ZWNobw?=" }, "400 -32020"],
  ["space around header values", call, { "mcp-name": "  echo  ", "mcp-method": " tools/call " }, "200 ok"],
  ["an Mcp-Name on a URI", modernMessage("resources/read", { uri: "a://b" }), { "mcp-name": "a://c" }, "400 -32020"],
  ["no envelope under a modern header", { ...call, params: { name: "echo" } }, {}, "400 -32602"],
  ["an envelope without a version", withMeta(without("io.modelcontextprotocol/protocolVersion")), {}, "400 -32602"],
  [
    "an envelope without capabilities",
    withMeta(without("io.modelcontextprotocol/clientCapabilities")),
    {},
    "400 -32602",
  ],
  ["an envelope without client info", withMeta(without("io.modelcontextprotocol/clientInfo")), {}, "200 ok"],
  [
    "capabilities that are no object",
    withMeta({ ...envelope, "io.modelcontextprotocol/clientCapabilities": [] }),
    {},
    "400 -32602",
  ],
  ["client info without a name", withMeta({ ...envelope, "io.modelcontextprotocol/clientInfo": {} }), {}, "400 -32602"],
  ["an unknown log level", withMeta({ ...envelope, "io.modelcontextprotocol/logLevel": "loud" }), {}, "400 -32602"],
  ["a progress token that is an object", withMeta({ ...envelope, progressToken: {} }), {}, "400 -32602"],
  ["an unknown method", modernMessage("tools/burn"), {}, "404 -32601"],
  ["a method of Object", modernMessage("constructor"), {}, "404 -32601"],
  ["initialize with an envelope", modernMessage("initialize"), {}, "404 -32601"],
  ["initialize under a modern header", { jsonrpc: "2.0", id: 1, method: "initialize", params: {} }, {}, "400 -32020"],
  ["ping with an envelope", modernMessage("ping"), {}, "404 -32601"],
  ["a call without a name", modernMessage("tools/call"), {}, "200 -32602"],
  ["arguments that are a list", modernMessage("tools/call", { name: "echo", arguments: [] }), {}, "200 -32602"],
  ["a cursor that is a number", modernMessage("tools/list", { cursor: 3 }), {}, "200 -32602"],
  [
    "prompt arguments that are numbers",
    modernMessage("prompts/get", { name: "a", arguments: { x: 1 } }),
    {},
    "200 -32602",
  ],
  [
    "a completion without a reference",
    modernMessage("completion/complete", { argument: { name: "a", value: "" } }),
    {},
    "200 -32602",
  ],
  ["a listen without a filter", modernMessage("subscriptions/listen"), {}, "200 -32602"],
  [
    "an argument without its header",
    modernMessage("tools/call", { name: "route", arguments: { region: "eu" } }),
    {},
    "400 -32020",
  ],
  [
    "an argument with its header",
    modernMessage("tools/call", { name: "route", arguments: { region: "eu" } }),
    { "mcp-param-region": "eu" },
    "200 ok",
  ],
  ["a fractional id", { ...call, id: 1.5 }, {}, "400 -32600"],
  ["no jsonrpc member", { id: 1, method: "tools/list" }, {}, "400 -32600"],
  ["a request that is a response too", { ...call, result: {} }, {}, "400 -32600"],
];

describe("header and envelope rules (SECURITY 10)", () => {
  it.for(table)("%s", async ([_what, message, changes, expected]) => {
    const { status, json } = await sendModern(echo.url, message, changes);
    expect(`${status} ${json.error?.code ?? "ok"}`).toBe(expected);
    expect(json["id"]).toBe(Number.isInteger(message["id"]) ? message["id"] : null);
  });

  it("names what is missing, and what is served", async () => {
    const missing = await sendModern(echo.url, {
      ...call,
      params: { _meta: without("io.modelcontextprotocol/clientCapabilities") },
    });
    expect(missing.json.error?.message).toContain("io.modelcontextprotocol/clientCapabilities: missing");
    const version = withMeta({ ...envelope, "io.modelcontextprotocol/protocolVersion": "v9" }) as typeof call;
    const unsupported = await sendModern(echo.url, version, { "mcp-protocol-version": "v9" });
    expect(unsupported.json.error?.data).toEqual({ supported: ["2026-07-28"], requested: "v9" });
  });

  it("takes notifications, with standard headers or without, unless they contradict", async () => {
    const note = { jsonrpc: "2.0", method: "notifications/cancelled", params: { _meta: envelope, requestId: 1 } };
    expect(await sendModern(echo.url, note)).toMatchObject({ status: 202, text: "" });
    expect(
      (await sendModern(echo.url, note, { "mcp-method": undefined, "mcp-protocol-version": undefined })).status,
    ).toBe(202);
    expect((await sendModern(echo.url, note, { "mcp-method": "notifications/other" })).status).toBe(400);
  });
});
