import { request } from "node:http";
import { beforeEach, describe, expect, test } from "vitest";
import { beginSession, callTool, post, startBridged } from "../../transports/testing/bridged-echo.ts";
import { send } from "../../transports/testing/modern-request.ts";
import { openStream } from "../../transports/testing/open-stream.ts";
import { RawConnection, rawPost } from "../../transports/testing/raw-connection.ts";
import { until } from "../../transports/testing/start-echo.ts";
import { useBridgedEcho } from "../../transports/testing/use-bridged-echo.ts";
import { rpcCode, rpcError } from "../rpc-error.ts";

describe("streams of 2025 clients", () => {
  const echo = useBridgedEcho();
  let headers: Record<string, string>;

  beforeEach(async () => {
    headers = await beginSession(echo.url, { capabilities: { elicitation: {} } });
  });

  test("an answer that nobody reads is cut off (SECURITY 13)", async () => {
    const small = await startBridged({ sealer: echo.sealer }, { streamKeepAliveMs: 50, maxConnections: 1 });
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
    const lively = await startBridged({ sealer: echo.sealer }, { streamKeepAliveMs: 20 });
    const stream = openStream(lively.url, { method: "GET", headers });
    await until(() => stream.text.includes(": keep-alive"));
    expect(stream.events).toEqual([]);
    stream.close();
    await lively.stop();
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

  test("a resource that the host does not let it hear of is refused, and one that it hears of is kept", async () => {
    await post(echo.url, headers, { id: 7, method: "resources/subscribe", params: { uri: "test://a" } });
    const stream = openStream(echo.url, { method: "GET", headers });
    await until(() => echo.host.subscribers.size === 1);
    echo.host.refusal = rpcError(rpcCode.limited, "Not so fast.", { httpStatus: 429 });
    for (const [method, uri] of [
      ["resources/subscribe", "test://b"],
      ["resources/unsubscribe", "test://a"],
    ]) {
      const refused = await post(echo.url, headers, { id: 8, method, params: { uri } });
      expect(refused).toMatchObject({ status: 429, json: { error: { message: "Not so fast." } } });
    }
    echo.host.refusal = undefined;
    expect(
      await post(echo.url, headers, { id: 9, method: "resources/subscribe", params: { uri: "test://c" } }),
    ).toMatchObject({ json: { result: {} } });
    expect(echo.host.asked.at(-1)?.resourceSubscriptions).toEqual(["test://a", "test://c"]);
    stream.close();
  });

  test("a session remembers no more letters of resources than it may (SECURITY 13)", async () => {
    const subscribe = async (letters: number): Promise<unknown> => {
      const uri = "test://".padEnd(letters, "a");
      const { json } = await post(echo.url, headers, { id: 7, method: "resources/subscribe", params: { uri } });
      return json.error?.message ?? "watched";
    };
    const tooMany = "This session watches too many resources: unsubscribe from one.";
    expect(await subscribe(1_000_000)).toBe(tooMany);
    expect([await subscribe(40_000), await subscribe(30_000), await subscribe(20_000)]).toEqual([
      "watched",
      tooMany,
      "watched",
    ]);
  });

  test("a resource that it may hear of is heard of, also where a later one is refused", async () => {
    const stream = openStream(echo.url, { method: "GET", headers });
    await until(() => echo.host.subscribers.size === 1);
    const before = new Set(echo.host.subscribers);
    const watch = async (uri: string) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      echo.host.listening = promise;
      const asked = echo.host.asked.length;
      const answer = post(echo.url, headers, { id: uri, method: "resources/subscribe", params: { uri } });
      await until(() => echo.host.asked.length === asked + 1);
      return { answer: async () => (await answer).status, letIn: resolve };
    };
    const [first, second] = [await watch("test://a"), await watch("test://b")];
    first.letIn();
    expect(await first.answer()).toBe(200);
    echo.host.refusal = rpcError(rpcCode.limited, "Not so fast.", { httpStatus: 429 });
    second.letIn();
    expect(await second.answer()).toBe(429);
    expect(echo.host.asked.map(({ resourceSubscriptions }) => resourceSubscriptions).slice(-2)).toEqual([
      ["test://a"],
      ["test://a", "test://b"],
    ]);
    expect([...echo.host.subscribers].map((subscriber) => before.has(subscriber))).toEqual([false]);
    stream.close();
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

  test("a resource that is named while the stream is about to begin is heard of", async () => {
    const listening = Promise.withResolvers<void>();
    echo.host.listening = listening.promise;
    const asked = echo.host.asked.length;
    const stream = openStream(echo.url, { method: "GET", headers });
    await until(() => echo.host.asked.length === asked + 1);
    await post(echo.url, headers, { id: 7, method: "resources/subscribe", params: { uri: "test://a" } });
    listening.resolve();
    await until(() => stream.text !== "");
    expect(echo.host.asked.at(-1)?.resourceSubscriptions).toEqual(["test://a"]);
    expect(echo.host.subscribers.size).toBe(1);
    stream.close();
  });
});
