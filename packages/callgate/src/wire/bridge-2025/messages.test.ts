import { request } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type BridgedEcho,
  beginSession,
  callTool,
  post,
  sharedKeys,
  startBridged,
} from "../../transports/fixtures/bridged-echo.ts";
import { eventsOf, send } from "../../transports/fixtures/modern-request.ts";
import { openStream } from "../../transports/fixtures/open-stream.ts";
import { RawConnection, rawPost } from "../../transports/fixtures/raw-connection.ts";
import { until } from "../../transports/fixtures/start-echo.ts";

describe("messages of 2025 clients", () => {
  let keys: Awaited<ReturnType<typeof sharedKeys>>;
  let echo: BridgedEcho;
  let headers: Record<string, string>;

  beforeAll(async () => {
    keys = await sharedKeys();
  });
  beforeEach(async () => {
    echo = await startBridged({ sealer: keys.sealer });
    headers = await beginSession(echo.url, { capabilities: { elicitation: {} } });
  });
  afterEach(() => echo.stop());
  afterAll(() => keys.remove());

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

  test("an answer that nobody reads is cut off (SECURITY 13)", async () => {
    const small = await startBridged({ sealer: keys.sealer }, { streamKeepAliveMs: 50, maxConnections: 1 });
    const raw = new RawConnection(small.port);
    raw.socket.pause();
    raw.write(rawPost(headers, JSON.stringify({ jsonrpc: "2.0", ...callTool("big", { bytes: 20_000_000 }) })));
    await until(() => small.host.seen.length === 1);
    // The one place is free again: nobody but the server has ended that connection.
    const ping = { id: 2, method: "ping" };
    await expect.poll(() => post(small.url, headers, ping).catch(String)).toMatchObject({ status: 200 });
    expect(raw.closed).toBe(false);
    raw.socket.destroy();
    await small.stop();
  });

  test("a quiet stream is kept alive as often as the transport says", async () => {
    const lively = await startBridged({ sealer: keys.sealer }, { streamKeepAliveMs: 20 });
    const stream = openStream(lively.url, { method: "GET", headers });
    await until(() => stream.text.includes(": keep-alive"));
    expect(stream.events).toEqual([]);
    stream.close();
    await lively.stop();
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

  test("an internal error, and nothing of it, where nobody can listen", async () => {
    echo.host.listening = Promise.reject(new Error("no listening today"));
    await expect(echo.host.listening).rejects.toThrow("today");
    expect(await send(echo.url, { method: "GET", headers })).toMatchObject({
      status: 500,
      text: '{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"Internal error."}}',
    });
    expect(echo.host.problems).toEqual(["the bridge for 2025 clients broke: Error: no listening today"]);
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

  test("a client without streams cannot be asked", async () => {
    const refused = await post(echo.url, { ...headers, accept: "application/json" }, callTool("ask", { times: 1 }));
    expect(refused.json).toMatchObject({ id: 1, error: { message: expect.stringContaining("no longer listens") } });
  });

  test("changes come on the session's own stream: of lists, and of the resources it subscribed to", async () => {
    await post(echo.url, headers, { id: 7, method: "resources/subscribe", params: { uri: "test://a" } });
    const stream = openStream(echo.url, { method: "GET", headers });
    await until(() => echo.host.subscribers.size === 1);
    echo.host.emit({ method: "notifications/tools/list_changed", params: {} });
    echo.host.emit({ method: "notifications/resources/updated", params: { uri: "test://a" } });
    expect(await stream.take(2)).toEqual([
      { jsonrpc: "2.0", method: "notifications/tools/list_changed" },
      { jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri: "test://a" } },
    ]);
    stream.close();
    await until(() => echo.host.subscribers.size === 0);
  });

  test("a client that comes back for its stream ends the one it left behind", async () => {
    const first = openStream(echo.url, { method: "GET", headers });
    await until(() => echo.host.subscribers.size === 1);
    const second = openStream(echo.url, { method: "GET", headers });
    await first.ended;
    await until(() => echo.host.subscribers.size === 1);
    echo.host.emit({ method: "notifications/tools/list_changed", params: {} });
    expect(await second.take(1)).toHaveLength(1);
    second.close();
  });

  test("a client that leaves before its stream has begun leaves nothing behind", async () => {
    const listening = Promise.withResolvers<void>();
    echo.host.listening = listening.promise;
    const asked = echo.host.asked.length;
    const left = openStream(echo.url, { method: "GET", headers });
    await until(() => echo.host.asked.length === asked + 1);
    left.close();
    // Answered on a connection of its own: the server has seen the other one go.
    await post(echo.url, headers, { id: 2, method: "ping" });
    listening.resolve();
    await until(() => echo.host.subscribers.size === 0);
    const second = openStream(echo.url, { method: "GET", headers });
    await until(() => second.text !== "");
    expect(echo.host.subscribers.size).toBe(1);
    second.close();
    await until(() => echo.host.subscribers.size === 0);
    expect([left.text, second.text]).toEqual(["", ": open\n\n"]);
  });

  test("a client that comes back before its lost stream is missed hears of what comes then", async () => {
    const lost = openStream(echo.url, { method: "GET", headers });
    await until(() => lost.text !== "");
    const listening = Promise.withResolvers<void>();
    echo.host.listening = listening.promise;
    const asked = echo.host.asked.length;
    const second = openStream(echo.url, { method: "GET", headers });
    await until(() => echo.host.asked.length === asked + 1);
    lost.close();
    await post(echo.url, headers, { id: 2, method: "ping" });
    listening.resolve();
    await until(() => second.text !== "");
    echo.host.emit({ method: "notifications/tools/list_changed", params: {} });
    expect(await second.take(1)).toHaveLength(1);
    expect(echo.host.subscribers.size).toBe(1);
    second.close();
    await until(() => echo.host.subscribers.size === 0);
  });

  test("a stream that begins only after its session has ended, ends as well", async () => {
    const listening = Promise.withResolvers<void>();
    echo.host.listening = listening.promise;
    const asked = echo.host.asked.length;
    const late = openStream(echo.url, { method: "GET", headers });
    await until(() => echo.host.asked.length === asked + 1);
    expect((await send(echo.url, { method: "DELETE", headers })).status).toBe(204);
    listening.resolve();
    await late.ended;
    expect(echo.host.subscribers.size).toBe(0);
  });

  test("a stream is for clients that take one", async () => {
    const refused = await send(echo.url, { method: "GET", headers: { ...headers, accept: "application/json" } });
    expect(refused.status).toBe(406);
  });

  test("a server that stops lets a call finish whose client has gone, for as long as its grace", async () => {
    const calls = ["k", "l"].map((key) => {
      const left = request(echo.url, { method: "POST", headers });
      left.on("error", () => {});
      left.end(JSON.stringify({ jsonrpc: "2.0", ...callTool("wait", { key }, key) }));
      return left;
    });
    await until(() => echo.host.waiting.size === 2);
    const [k, l] = ["k", "l"].map((key) => echo.host.waiting.get(key));
    for (const left of calls) left.destroy();
    await post(echo.url, headers, { id: 2, method: "ping" });
    const closing = echo.close({ graceMs: 300 });
    await expect(post(echo.url, headers, { id: 3, method: "ping" })).rejects.toThrow("ECONNREFUSED");
    expect([k?.signal.aborted, l?.signal.aborted]).toEqual([false, false]);
    k?.release();
    await closing;
    expect([k?.signal.aborted, l?.signal.aborted]).toEqual([false, true]);
  });

  test("a server that stops answers what runs, and asks no more", async () => {
    const stream = openStream(echo.url, { method: "GET", headers });
    const asked = openStream(echo.url, { method: "POST", headers, body: callTool("ask", { times: 1 }) });
    await asked.take(1);
    await until(() => echo.host.subscribers.size === 1);
    await echo.stop();
    await stream.ended;
    expect(asked.events.at(-1)).toMatchObject({ id: 1, error: { message: expect.stringContaining("about to stop") } });
  });
});
