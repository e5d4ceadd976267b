import { type IncomingMessage, request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../wire/exchange.ts";
import { envelope, eventsOf, modernHeaders, modernMessage, sendModern } from "./testing/modern-request.ts";
import { RawConnection, rawPost } from "./testing/raw-connection.ts";
import { type RunningEcho, startEcho, until } from "./testing/start-echo.ts";

let echo: RunningEcho;
beforeEach(async () => {
  echo = await startEcho({ limits: { streamKeepAliveMs: 50 } });
});
afterEach(() => echo.stop());

const toolsChanged = { method: "notifications/tools/list_changed", params: {} };
const listenFor = (filter: JsonObject, id: string | number = "sub"): JsonObject =>
  modernMessage("subscriptions/listen", { notifications: filter }, id);

/** An event stream as it grows. */
interface OpenStream {
  readonly status: number;
  text: string;
  ended: boolean;
  failed: boolean;
  leave(): void;
}

function open(message: JsonObject, changes: Record<string, string> = {}, url = echo.url): Promise<OpenStream> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", headers: modernHeaders(message, changes), agent: false });
    outgoing.on("error", reject);
    outgoing.on("response", (response: IncomingMessage) => {
      const stream: OpenStream = {
        status: response.statusCode ?? 0,
        text: "",
        ended: false,
        failed: false,
        leave: () => outgoing.destroy(),
      };
      response.on("data", (chunk: Buffer) => {
        stream.text += chunk.toString("utf8");
      });
      response.on("end", () => {
        stream.ended = true;
      });
      response.on("error", () => {
        stream.failed = true;
      });
      resolve(stream);
    });
    outgoing.end(JSON.stringify(message));
  });
}

describe("answers that stream", () => {
  it("begin with the first notification and end with the answer", async () => {
    const params = { name: "progress", arguments: { steps: 3 }, _meta: { ...envelope, progressToken: "p" } };
    const message = modernMessage("tools/call", params, 9);
    const { status, headers, text } = await sendModern(echo.url, message);
    expect([status, headers["content-type"], headers["cache-control"]]).toEqual([
      200,
      "text/event-stream",
      "no-cache, no-transform",
    ]);
    const events = eventsOf(text);
    expect(events.slice(0, 3)).toEqual(
      [1, 2, 3].map((progress) => ({
        jsonrpc: "2.0",
        method: "notifications/progress",
        params: { progressToken: "p", progress, total: 3 },
      })),
    );
    expect(events[3]).toMatchObject({ id: 9, result: { structuredContent: { steps: 3 } } });
    expect(events).toHaveLength(4);
  });

  it("stay plain for a client that takes no streams, and stream for one that takes nothing else", async () => {
    const message = modernMessage("tools/call", { name: "progress", arguments: { steps: 3 } });
    const plain = await sendModern(echo.url, message, { accept: "application/json" });
    expect(plain.json.result).toMatchObject({ structuredContent: { steps: 3 } });
    const quiet = await sendModern(echo.url, modernMessage("tools/list"), { accept: "text/event-stream" });
    expect(eventsOf(quiet.text)).toMatchObject([{ id: 1, result: { ttlMs: 1_000 } }]);
  });

  it("abort the call's signal when the client goes away, and only then", async () => {
    const message = modernMessage("tools/call", { name: "wait", arguments: { key: "k" } });
    const raw = new RawConnection(echo.port);
    raw.write(rawPost(modernHeaders(message), JSON.stringify(message)));
    await until(() => echo.host.waiting.has("k"));
    const signal = echo.host.waiting.get("k")?.signal;
    expect(signal?.aborted).toBe(false);
    raw.socket.destroy();
    await until(() => signal?.aborted === true);
    const done = sendModern(echo.url, message);
    await until(() => echo.host.waiting.has("k"));
    const second = echo.host.waiting.get("k");
    second?.release();
    expect((await done).json.result).toMatchObject({ structuredContent: { outcome: "released" } });
    expect(second?.signal.aborted).toBe(false);
  });

  it("are cut off when nobody reads them", async () => {
    const small = await startEcho({ limits: { streamKeepAliveMs: 50, maxConnections: 1 } });
    const message = modernMessage("tools/call", { name: "big", arguments: { bytes: 20_000_000 } });
    const raw = new RawConnection(small.port);
    raw.socket.pause();
    raw.write(rawPost(modernHeaders(message), JSON.stringify(message)));
    await until(() => small.host.seen.length === 1);
    // The one place is free again: nobody but the server has ended that connection.
    const status = async (): Promise<number> => (await sendModern(small.url, modernMessage("tools/list"))).status;
    await expect.poll(status, { timeout: 30_000 }).toBe(200);
    expect(raw.closed).toBe(false);
    raw.socket.destroy();
    await small.stop();
  });

  it("reach a client that reads slowly, however long it takes", async () => {
    const patient = await startEcho({ limits: { streamKeepAliveMs: 1_000 } });
    const message = modernMessage("tools/call", { name: "big", arguments: { bytes: 10_000_000 } });
    const raw = new RawConnection(patient.port);
    let pauses = 0;
    raw.socket.on("data", () => {
      if (raw.received.length < 100_000 * pauses) return;
      pauses += 1;
      raw.socket.pause();
      setTimeout(() => raw.socket.resume(), 15);
    });
    raw.write(rawPost({ ...modernHeaders(message), connection: "close" }, JSON.stringify(message)));
    await raw.untilClosed();
    expect(raw.received.length).toBeGreaterThan(20_000_000);
    await patient.stop();
  });
});

describe("subscriptions/listen", () => {
  it("acknowledges what is honoured, then brings the changes, each with the subscription's id", async () => {
    const stream = await open(listenFor({ toolsListChanged: true, promptsListChanged: true }));
    await until(() => echo.host.subscribers.size === 1);
    echo.host.emit({ method: "notifications/tools/list_changed", params: { _meta: { kept: 1 } } });
    await until(() => eventsOf(stream.text).length === 2);
    const subscriptionId = { "io.modelcontextprotocol/subscriptionId": "sub" };
    expect(eventsOf(stream.text)).toEqual([
      {
        jsonrpc: "2.0",
        method: "notifications/subscriptions/acknowledged",
        params: { notifications: { toolsListChanged: true }, _meta: subscriptionId },
      },
      { jsonrpc: "2.0", method: toolsChanged.method, params: { _meta: { kept: 1, ...subscriptionId } } },
    ]);
    await until(() => stream.text.includes(": keep-alive"));
    stream.leave();
    await until(() => echo.host.subscribers.size === 0);
  });

  it("ends at once, with its result, where nothing is honoured", async () => {
    const { text } = await sendModern(echo.url, listenFor({ promptsListChanged: true }, 4));
    const [acknowledged, result] = eventsOf(text);
    expect(acknowledged).toMatchObject({ params: { notifications: {} } });
    expect(result).toMatchObject({ id: 4, result: { _meta: { "io.modelcontextprotocol/subscriptionId": 4 } } });
    expect(echo.host.subscribers.size).toBe(0);
  });

  it("ends with its result when the gate says so, and when the server drains", async () => {
    const first = await open(listenFor({ toolsListChanged: true }, 1));
    await until(() => first.text.includes("acknowledged"));
    for (const subscriber of echo.host.subscribers) subscriber.end();
    await until(() => first.ended);
    const second = await open(listenFor({ resourceSubscriptions: ["a://b"] }, 2));
    await until(() => second.text.includes("acknowledged"));
    await echo.server.close({ graceMs: 5_000 });
    await until(() => second.ended);
    for (const [stream, id] of [
      [first, 1],
      [second, 2],
    ] as const) {
      expect(stream.failed).toBe(false);
      expect(eventsOf(stream.text).at(-1)).toMatchObject({ id, result: { resultType: "complete" } });
    }
  });

  it("is bounded per caller and in all, and frees its place (SECURITY 13)", async () => {
    const streams: OpenStream[] = [];
    for (let n = 0; n < 16; n++)
      streams.push(await open(listenFor({ toolsListChanged: true }, n), { authorization: "Bearer a" }));
    const refused = await sendModern(echo.url, listenFor({ toolsListChanged: true }), { authorization: "Bearer a" });
    expect([refused.status, refused.json.error?.code, refused.headers["retry-after"]]).toEqual([429, -32029, "30"]);
    // Another header with the same key is no other caller.
    const spelt = await sendModern(echo.url, listenFor({ toolsListChanged: true }), { "x-api-key": "a" });
    expect(spelt.status).toBe(429);
    expect(echo.host.subscribers.size).toBe(16);
    streams.push(await open(listenFor({ toolsListChanged: true }), { authorization: "Bearer b" }));
    expect(streams.at(-1)?.status).toBe(200);
    streams[0]?.leave();
    await until(() => echo.host.subscribers.size === 16);
    streams.push(await open(listenFor({ toolsListChanged: true }), { authorization: "Bearer a" }));
    expect(streams.at(-1)?.status).toBe(200);
    for (const stream of streams) stream.leave();
    await until(() => echo.host.subscribers.size === 0);

    const tight = await startEcho({ limits: { subscriptions: { perCaller: 2, total: 2 } } });
    const listen = (key: string): Promise<OpenStream> =>
      open(listenFor({ toolsListChanged: true }), { authorization: `Bearer ${key}` }, tight.url);
    const held = [await listen("a"), await listen("b")];
    expect([held[0]?.status, held[1]?.status, (await listen("c")).status]).toEqual([200, 200, 429]);
    held[0]?.leave();
    await until(() => tight.host.subscribers.size === 1);
    expect((await listen("c")).status).toBe(200);
    await tight.stop();
  });

  it("holds no more of a request than a subscription needs (SECURITY 13)", async () => {
    const filler = Array.from({ length: 6_000 }, () => []);
    for (const request of [
      modernMessage("subscriptions/listen", { notifications: { toolsListChanged: true }, filler }),
      listenFor({ toolsListChanged: true, resourceSubscriptions: ["a://".padEnd(20_000, "b")] }),
      listenFor({ toolsListChanged: true }, "x".repeat(20_000)),
    ]) {
      const { status, json } = await sendModern(echo.url, request);
      expect([status, json.error?.code]).toEqual([413, -32600]);
    }
    expect(echo.host.subscribers.size).toBe(0);
  });

  it("is an internal error, and nothing of it, where the host throws", async () => {
    echo.host.listen = () => Promise.reject(new Error("nobody listens"));
    const { status, text } = await sendModern(echo.url, listenFor({ toolsListChanged: true }));
    expect([status, text.includes("nobody")]).toEqual([500, false]);
    expect(echo.host.problems).toEqual(["subscriptions/listen broke: Error: nobody listens"]);
  });

  it("is refused where the client takes no streams", async () => {
    const { status } = await sendModern(echo.url, listenFor({ toolsListChanged: true }), {
      accept: "application/json",
    });
    expect(status).toBe(406);
    expect(echo.host.subscribers.size).toBe(0);
  });

  it("cuts off a client that never reads, while others get theirs (SECURITY 13)", async () => {
    const message = listenFor({ toolsListChanged: true });
    const deaf = new RawConnection(echo.port);
    deaf.socket.pause();
    deaf.write(rawPost(modernHeaders(message), JSON.stringify(message)));
    const listening = await open(message);
    await until(() => echo.host.subscribers.size === 2);
    const params = { filler: "x".repeat(32 * 1024) };
    let sent = 0;
    while (echo.host.subscribers.size === 2 && sent < 2_000) {
      echo.host.emit({ method: "notifications/tools/list_changed", params });
      sent++;
      await until(
        () => eventsOf(listening.text.slice(-40_000)).length > 0 && listening.text.split("filler").length > sent,
      );
    }
    expect(echo.host.subscribers.size).toBe(1);
    expect(listening.failed).toBe(false);
    deaf.socket.destroy();
    listening.leave();
  });
});
