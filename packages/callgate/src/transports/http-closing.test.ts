import { describe, expect, it } from "vitest";
import { beginSession, initialize, sharedKeys, startBridged } from "./testing/bridged-echo.ts";
import { modernHeaders, modernMessage, sendModern } from "./testing/modern-request.ts";
import { openStream } from "./testing/open-stream.ts";
import { RawConnection, rawPost } from "./testing/raw-connection.ts";
import { startEcho, until } from "./testing/start-echo.ts";

describe("closing", () => {
  it("lets running calls be answered, takes no more, and ends what will not end", async () => {
    const echo = await startEcho();
    const running = modernMessage("tools/call", { name: "wait", arguments: { key: "k" } });
    const answer = sendModern(echo.url, running);
    await until(() => echo.host.waiting.has("k"));
    let closed = false;
    const closing = (async () => {
      await echo.server.close({ graceMs: 60_000 });
      closed = true;
    })();
    await expect(sendModern(echo.url, modernMessage("tools/list"))).rejects.toThrow("ECONNREFUSED");
    expect(closed).toBe(false);
    echo.host.waiting.get("k")?.release();
    expect((await answer).json.result).toMatchObject({ structuredContent: { outcome: "released" } });
    await closing;

    const stubborn = await startEcho();
    const cut = sendModern(stubborn.url, running);
    await until(() => stubborn.host.waiting.has("k"));
    const signal = stubborn.host.waiting.get("k")?.signal;
    await Promise.all([stubborn.server.close({ graceMs: 50 }), expect(cut).rejects.toThrow("socket hang up")]);
    await until(() => signal?.aborted === true);
  });

  it("lets a client that reads slowly have its answer to the end, then closes its connection", async () => {
    const echo = await startEcho();
    const message = modernMessage("tools/call", { name: "big", arguments: { bytes: 20_000_000 } });
    const raw = new RawConnection(echo.port);
    raw.write(rawPost(modernHeaders(message), JSON.stringify(message)));
    raw.socket.once("data", () => raw.socket.pause());
    await until(() => raw.received.length > 0);
    const closing = echo.server.close({ graceMs: 60_000 });
    await expect(sendModern(echo.url, modernMessage("tools/list"))).rejects.toThrow("ECONNREFUSED");
    raw.socket.resume();
    await raw.untilClosed();
    expect(raw.received.length).toBeGreaterThan(20_000_000);
    await closing;
  });

  it("cuts off a client that stops reading while the server closes", async () => {
    const echo = await startEcho({ limits: { streamKeepAliveMs: 50 } });
    const message = modernMessage("tools/call", { name: "big", arguments: { bytes: 20_000_000 } });
    const raw = new RawConnection(echo.port);
    raw.socket.pause();
    raw.write(rawPost(modernHeaders(message), JSON.stringify(message)));
    await until(() => echo.host.seen.length === 1);
    // Only that it does not read can end it: the grace is longer than the test may take.
    await echo.server.close({ graceMs: 60_000 });
    raw.socket.resume();
    await raw.untilClosed();
    expect(raw.received.length).toBeLessThan(40_000_000);
  });

  it("ends idle connections, and those that never asked, at once", async () => {
    const echo = await startEcho();
    const idle = new RawConnection(echo.port);
    const message = modernMessage("tools/list");
    idle.write(rawPost(modernHeaders(message), JSON.stringify(message)));
    await until(() => idle.statuses.length === 1);
    const unused = new RawConnection(echo.port);
    await until(() => !unused.socket.connecting);
    await echo.server.close({ graceMs: 60_000 });
    await Promise.all([idle.untilClosed(), unused.untilClosed()]);
    expect(unused.received).toBe("");
  });

  it("answers a request whose headers were on their way, and closes its connection", async () => {
    const echo = await startEcho();
    const message = modernMessage("tools/list");
    const bytes = rawPost(modernHeaders(message), JSON.stringify(message));
    const raw = new RawConnection(echo.port);
    raw.write(bytes.slice(0, 60));
    await sendModern(echo.url, message);
    const closing = echo.server.close({ graceMs: 60_000 });
    await expect(sendModern(echo.url, message)).rejects.toThrow("ECONNREFUSED");
    raw.write(bytes.slice(60));
    await raw.untilClosed();
    expect([raw.statuses, /connection: close/i.test(raw.received)]).toEqual([[200], true]);
    await closing;
  });

  it("ends the streams of 2025 clients, even after one of their requests has broken", async () => {
    const keys = await sharedKeys();
    const echo = await startBridged({ sealer: keys.sealer });
    const stream = openStream(echo.url, { method: "GET", headers: await beginSession(echo.url) });
    await until(() => echo.host.subscribers.size === 1);
    echo.host.identify = () => Promise.reject(new Error("nobody knows"));
    expect((await initialize(echo.url)).status).toBe(500);
    expect(echo.host.problems).toEqual(["the bridge for 2025 clients broke: Error: nobody knows"]);
    await echo.close({ graceMs: 60_000 });
    await stream.ended;
    await keys.remove();
  });
});
