import { request } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { beginSession, callTool, post } from "../../transports/testing/bridged-echo.ts";
import { eventsOf } from "../../transports/testing/modern-request.ts";
import { openStream } from "../../transports/testing/open-stream.ts";
import { until } from "../../transports/testing/start-echo.ts";
import { useBridgedEcho } from "../../transports/testing/use-bridged-echo.ts";
import type { JsonObject } from "../exchange.ts";

describe("messages of 2025 clients", () => {
  const echo = useBridgedEcho();
  let headers: Record<string, string>;

  beforeEach(async () => {
    headers = await beginSession(echo.url, { capabilities: { elicitation: {} } });
  });

  test("answers in plain JSON, without what only later revisions have", async () => {
    const answered = await post(echo.url, headers, callTool("echo", { a: "ä\u2028" }));
    expect(answered.headers["content-type"]).toBe("application/json");
    expect(answered.json).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: { content: [{ type: "text", text: '{"a":"ä\u2028"}' }], structuredContent: { a: "ä\u2028" } },
    });
  });

  test("answers as a stream where the client takes nothing else", async () => {
    const answered = await post(echo.url, { ...headers, accept: "text/event-stream" }, callTool("echo"));
    expect(eventsOf(answered.text)).toMatchObject([{ id: 1, result: { structuredContent: {} } }]);
  });

  test("an internal error, and nothing of it, from a host that throws", async () => {
    const { text } = await post(echo.url, headers, callTool("throw"));
    expect(JSON.parse(text)).toEqual({ jsonrpc: "2.0", id: 1, error: { code: -32603, message: "Internal error." } });
    expect(echo.host.problems).toEqual(["tools/call broke: Error: a host that breaks its promise"]);
  });

  test.each([
    ["application/*", "application/json"],
    ["text/*, application/json;q=0", "text/event-stream"],
    ["text/html, */*;q=0.1", "application/json"],
  ])("reads what the client takes as HTTP says it: %s", async (accept, type) => {
    const answered = await post(echo.url, { ...headers, accept }, callTool("echo"));
    expect(answered).toMatchObject({ status: 200, headers: { "content-type": type } });
  });

  test("a client that takes neither form of an answer is told so", async () => {
    const refused = await post(echo.url, { ...headers, accept: "text/html" }, callTool("echo"));
    expect(refused).toMatchObject({ status: 406, json: { id: 1 } });
  });

  test("progress comes before the answer, on its stream", async () => {
    const answered = await post(echo.url, headers, callTool("progress", { steps: 2 }));
    expect(eventsOf(answered.text)).toMatchObject([
      { method: "notifications/progress", params: { progressToken: "p", progress: 1, total: 2 } },
      { method: "notifications/progress", params: { progress: 2 } },
      { id: 1, result: { structuredContent: { steps: 2 } } },
    ]);
  });

  test("a client that takes no streams is spared the progress", async () => {
    const answered = await post(
      echo.url,
      { ...headers, accept: "application/json" },
      callTool("progress", { steps: 2 }),
    );
    expect(answered.json).toMatchObject({ id: 1, result: { structuredContent: { steps: 2 } } });
  });

  test("notifications/cancelled ends the call, and its response without an answer", async () => {
    const waiting = post(echo.url, headers, callTool("wait", { key: "k" }, "w"));
    await until(() => echo.host.waiting.has("k"));
    const cancel = { method: "notifications/cancelled", params: { requestId: "w" } };
    expect((await post(echo.url, headers, cancel)).status).toBe(202);
    expect(eventsOf((await waiting).text).filter((event) => "id" in event)).toEqual([]);
    expect(echo.host.waiting.has("k")).toBe(false);
  });

  test("a client that merely goes away has cancelled nothing", async () => {
    const outgoing = request(echo.url, { method: "POST", headers });
    outgoing.on("error", () => {});
    outgoing.end(JSON.stringify({ jsonrpc: "2.0", ...callTool("wait", { key: "k" }) }));
    await until(() => echo.host.waiting.has("k"));
    outgoing.destroy();
    // The same connection pool is not used: this answer proves that the server has gone on since.
    await post(echo.url, headers, { id: 2, method: "ping" });
    expect(echo.host.waiting.get("k")?.signal.aborted).toBe(false);
    echo.host.waiting.get("k")?.release();
  });

  test("an id in flight is not taken twice", async () => {
    const waiting = post(echo.url, headers, callTool("wait", { key: "k" }));
    await until(() => echo.host.waiting.has("k"));
    expect(await post(echo.url, headers, callTool("echo"))).toMatchObject({ status: 400, json: { id: 1 } });
    echo.host.waiting.get("k")?.release();
    expect(eventsOf((await waiting).text).at(-1)).toMatchObject({
      result: { structuredContent: { outcome: "released" } },
    });
  });

  test.each([
    ["ping", {}],
    ["logging/setLevel", { level: "error" }],
  ])("%s is answered by the session itself", async (method, params) => {
    expect((await post(echo.url, headers, { id: 3, method, params })).json).toEqual({
      jsonrpc: "2.0",
      id: 3,
      result: {},
    });
  });

  test("calls carry the level that the client has set", async () => {
    await post(echo.url, headers, callTool("echo"));
    expect(echo.host.seen.at(-1)?.meta.logLevel).toBe("info");
    await post(echo.url, headers, { id: 3, method: "logging/setLevel", params: { level: "error" } });
    await post(echo.url, headers, callTool("echo"));
    expect(echo.host.seen.at(-1)?.meta.logLevel).toBe("error");
  });

  test.each([
    ["server/discover", -32601],
    ["subscriptions/listen", -32601],
    ["tasks/list", -32601],
    ["nonsense", -32601],
  ])("%s is no method of a session", async (method, code) => {
    expect(await post(echo.url, headers, { id: 4, method })).toMatchObject({
      status: 200,
      json: { id: 4, error: { code } },
    });
  });

  test("params of the wrong shape are named", async () => {
    const refused = await post(echo.url, headers, { id: 5, method: "tools/call", params: { name: 5 } });
    expect(refused).toMatchObject({
      status: 200,
      json: { error: { code: -32602, message: expect.stringContaining("params.name") } },
    });
  });

  test.each([
    ["a member that no request has", { params: { name: "echo" }, extra: true }],
    ["a progress token that is none", { params: { name: "echo", _meta: { progressToken: null } } }],
    ["`_meta` that is no object", { params: { name: "echo", _meta: "none" } }],
  ])("a request with %s is answered, and its id is free again", async (_, odd) => {
    const refused = await post(echo.url, headers, { id: 7, method: "tools/call", ...odd });
    expect(refused).toMatchObject({ status: 200, json: { id: 7, error: { code: -32600 } } });
    expect(refused.json).toHaveProperty("error.message", expect.stringContaining("progressToken"));
    expect(await post(echo.url, headers, callTool("echo", {}, 7))).toMatchObject({ json: { id: 7, result: {} } });
  });

  test("a client cannot answer questions that it was not asked", async () => {
    const params = { name: "ask", arguments: { times: 1 }, requestState: '["forged"]' };
    const asked = openStream(echo.url, { method: "POST", headers, body: { id: 6, method: "tools/call", params } });
    const [question] = await asked.take(1);
    expect(question).toMatchObject({ method: "elicitation/create" });
    asked.close();
  });

  test("questions are put while the call is open, round after round, and answered by a post", async () => {
    const asked = openStream(echo.url, { method: "POST", headers, body: callTool("ask", { times: 2 }) });
    for (const round of [1, 2]) {
      const [question] = await asked.take(1);
      expect(question).toMatchObject({ method: "elicitation/create", params: { message: `Question ${round}` } });
      const answer = { id: question?.["id"], result: { action: "accept", content: { round } } };
      expect((await post(echo.url, headers, answer)).status).toBe(202);
    }
    const [answered] = await asked.take(1);
    expect(answered).toMatchObject({
      id: 1,
      result: { structuredContent: { answered: [{ content: { round: 1 } }, { content: { round: 2 } }] } },
    });
  });

  test("a tool that never has enough is stopped after ten rounds", async () => {
    const asked = openStream(echo.url, { method: "POST", headers, body: callTool("ask", { times: 99 }) });
    for (let round = 0; round < 11; round++) {
      const [question] = await asked.take(1);
      if (question?.["method"] === undefined) break;
      await post(echo.url, headers, { id: question["id"], result: { action: "decline" } });
    }
    expect(asked.events).toHaveLength(11);
    expect(asked.events.at(-1)).toMatchObject({ id: 1, error: { code: -32603 } });
  });

  test("a client that refuses to answer ends the call with an error", async () => {
    const asked = openStream(echo.url, { method: "POST", headers, body: callTool("ask", { times: 1 }) });
    const [question] = await asked.take(1);
    await post(echo.url, headers, { id: question?.["id"], error: { code: -1, message: "no time" } });
    const [answered] = await asked.take(1);
    expect(answered).toMatchObject({ id: 1, error: { message: expect.stringContaining("no time") } });
  });

  test("no more is held of calls that wait for a client's answers than there is room for (SECURITY 13)", async () => {
    const ask = (id: number, letters: number): JsonObject =>
      callTool("ask", { times: 1, filler: "x".repeat(letters) }, id);
    const tooMuch = { error: { message: expect.stringContaining("too much waits for answers") } };
    expect((await post(echo.url, headers, ask(1, 300_000))).json).toMatchObject(tooMuch);
    const held = openStream(echo.url, { method: "POST", headers, body: ask(2, 200_000) });
    const [question] = await held.take(1);
    expect(question).toMatchObject({ method: "elicitation/create" });
    expect((await post(echo.url, headers, ask(3, 100_000))).json).toMatchObject(tooMuch);
    await post(echo.url, headers, { id: question?.["id"], result: { action: "decline" } });
    expect(await held.take(1)).toMatchObject([{ id: 2, result: {} }]);
    const next = openStream(echo.url, { method: "POST", headers, body: ask(4, 100_000) });
    expect(await next.take(1)).toMatchObject([{ method: "elicitation/create" }]);
    next.close();
  });

  test("a client without streams cannot be asked", async () => {
    const refused = await post(echo.url, { ...headers, accept: "application/json" }, callTool("ask", { times: 1 }));
    expect(refused.json).toMatchObject({ id: 1, error: { message: expect.stringContaining("no longer listens") } });
  });

  test("a session has no more than so many requests in flight (SECURITY 13)", async () => {
    const waiting = Array.from({ length: 256 }, (_, id) =>
      post(echo.url, headers, callTool("wait", { key: String(id) }, id)),
    );
    await until(() => echo.host.waiting.size === 256);
    expect(await post(echo.url, headers, callTool("echo", {}, "more"))).toMatchObject({
      status: 429,
      headers: { "retry-after": "1" },
      json: { id: "more", error: { code: -32029 } },
    });
    for (const call of echo.host.waiting.values()) call.release();
    await Promise.all(waiting);
    expect((await post(echo.url, headers, callTool("echo", {}, "more"))).status).toBe(200);
  });
});
