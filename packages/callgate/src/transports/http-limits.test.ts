import { Agent } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modernHeaders, modernMessage, send, sendModern } from "./testing/modern-request.ts";
import { RawConnection, rawPost } from "./testing/raw-connection.ts";
import { type RunningEcho, startEcho, until } from "./testing/start-echo.ts";

let echo: RunningEcho;
beforeAll(async () => {
  echo = await startEcho({ limits: { headersTimeoutMs: 400, requestTimeoutMs: 800 } });
});
afterAll(() => echo.stop());

const json = { "content-type": "application/json" };
const call = modernMessage("tools/call", { name: "echo", arguments: {} });
const stillServes = async (): Promise<void> => {
  expect((await sendModern(echo.url, call)).status).toBe(200);
};

describe("bodies (SECURITY 12)", () => {
  const withArguments = (text: string): string => JSON.stringify(call).replace('"arguments":{}', `"arguments":${text}`);

  it.each([
    ["a doubled key", withArguments('{"a":1,"a":2}'), -32600],
    ["a doubled key, escaped", withArguments('{"a":1,"\\u0061":2}'), -32600],
    ["65 levels", withArguments("[".repeat(70) + "]".repeat(70)), -32600],
    ["a hundred thousand levels", "[".repeat(100_000), -32600],
    ["20,000 keys", withArguments(`{${[...Array(20_000).keys()].map((n) => `"k${n}":0`).join()}}`), -32600],
    ["a batch", `[${JSON.stringify(call)}]`, -32600],
    ["an empty batch", "[]", -32600],
    ["a string", '"hello"', -32600],
    ["half a text", '{"jsonrpc":', -32700],
    ["nothing", "", -32700],
  ])("refuses %s with 400", async (_what, body, code) => {
    const { status, json: answer } = await send(echo.url, { body, headers: modernHeaders(call) });
    expect([status, answer.error?.code, answer["id"]]).toEqual([400, code, null]);
    await stillServes();
  });

  it("refuses bytes that are not UTF-8", async () => {
    const body = Buffer.from(withArguments('{"a":"?"}'));
    body[body.indexOf("?")] = 0xff;
    expect(await send(echo.url, { body, headers: modernHeaders(call) })).toMatchObject({
      status: 400,
      json: { error: { code: -32700 } },
    });
  });

  it("takes __proto__ as a name like any other", async () => {
    const body = withArguments('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    const { text } = await send(echo.url, { body, headers: modernHeaders(call) });
    expect(text).toContain('"__proto__":{"polluted":true}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("refuses a body that is too large by its length alone, and closes", async () => {
    const raw = new RawConnection(echo.port);
    raw.write(
      "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1048577\r\n\r\n{",
    );
    await until(() => raw.statuses.length === 1);
    expect(raw.statuses).toEqual([413]);
    await raw.untilClosed();
  });

  it("refuses a chunked body once it has grown too large", async () => {
    const body = Buffer.alloc(3 * 1024 * 1024, 0x20);
    const { status, headers } = await send(echo.url, { body, headers: { ...json, "transfer-encoding": "chunked" } });
    expect([status, headers["connection"]]).toEqual([413, "close"]);
    await stillServes();
  });

  it("takes a body up to the limit, in however many pieces", async () => {
    const room = 1024 * 1024 - withArguments('{"a":""}').length;
    const body = withArguments(JSON.stringify({ a: "x".repeat(room) }));
    expect(body.length).toBe(1024 * 1024);
    expect((await send(echo.url, { body, headers: modernHeaders(call) })).status).toBe(200);
    expect((await send(echo.url, { body: `${body} `, headers: modernHeaders(call) })).status).toBe(413);
  });

  it("refuses more unfinished bodies than it can hold, from their first bytes on, then serves again", async () => {
    const small = await startEcho({ limits: { maxPendingBytes: 30_000 } });
    const piece = "x".repeat(20_000);
    const first = new RawConnection(small.port);
    first.write(rawPost({ ...json, "content-length": "900000" }, piece));
    const second = new RawConnection(small.port);
    second.write(rawPost({ ...json, "content-length": "900000" }, piece));
    await until(() => first.statuses.length + second.statuses.length === 1);
    expect([...first.statuses, ...second.statuses]).toEqual([503]);
    const whole = withArguments(JSON.stringify({ a: "x".repeat(5_000) }));
    expect((await send(small.url, { body: whole, headers: modernHeaders(call) })).status).toBe(200);
    first.socket.destroy();
    second.socket.destroy();
    const chunked = { ...modernHeaders(call), "transfer-encoding": "chunked" };
    await expect.poll(async () => (await send(small.url, { body: whole, headers: chunked })).status).toBe(200);
    await small.stop();
  });

  it("does not unpack a gzip bomb", async () => {
    const body = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    expect((await send(echo.url, { body, headers: { ...json, "content-encoding": "gzip" } })).status).toBe(415);
  });

  it("asks for the body of a client that waits to be asked, unless it is too large", async () => {
    const body = JSON.stringify(call);
    const asking = new RawConnection(echo.port);
    asking.write(
      rawPost({ ...modernHeaders(call), expect: "100-continue", "content-length": String(body.length) }, ""),
    );
    await until(() => asking.statuses.length === 1);
    expect(asking.statuses).toEqual([100]);
    asking.write(body);
    await until(() => asking.statuses.length === 2);
    expect(asking.statuses).toEqual([100, 200]);
    asking.socket.destroy();
    const large = new RawConnection(echo.port);
    large.write(rawPost({ ...json, expect: "100-continue", "content-length": "9000000" }, ""));
    await until(() => large.statuses.length === 1);
    expect(large.statuses).toEqual([413]);
    large.socket.destroy();
  });
});

describe("slow and broken clients (SECURITY 12)", () => {
  it("takes no more connections than it can hold, until one of them ends", async () => {
    const small = await startEcho({ limits: { maxConnections: 2 } });
    const held = [new RawConnection(small.port), new RawConnection(small.port)];
    await until(() => held.every(({ socket }) => !socket.connecting));
    await expect(sendModern(small.url, call)).rejects.toThrow(/socket hang up|ECONNRESET/);
    held[0]?.socket.destroy();
    await expect.poll(async () => (await sendModern(small.url, call)).status).toBe(200);
    held[1]?.socket.destroy();
    await small.stop();
  });

  it("ends a client that sends its headers a byte at a time", async () => {
    const raw = new RawConnection(echo.port);
    raw.write("POST /mcp HTTP/1.1\r\nhost: localhost\r\n");
    const drip = setInterval(() => raw.write("x"), 50);
    await raw.untilClosed();
    clearInterval(drip);
    expect(raw.statuses).toEqual([408]);
  });

  it("ends a client that sends its body a byte at a time, while others are served", async () => {
    const raw = new RawConnection(echo.port);
    raw.write(rawPost({ ...json, "content-length": "1000" }, "{"));
    const drip = setInterval(() => raw.write(" "), 50);
    await stillServes();
    await raw.untilClosed();
    clearInterval(drip);
    expect(raw.statuses).toEqual([408]);
  });

  it("refuses headers of a megabyte", async () => {
    const raw = new RawConnection(echo.port);
    raw.write(rawPost({ ...json, "x-large": "x".repeat(1024 * 1024) }, "{}"));
    await raw.untilClosed();
    expect(raw.statuses).toEqual([431]);
  });

  it("lives through half a body", async () => {
    const seen = echo.host.seen.length;
    const raw = new RawConnection(echo.port);
    raw.write(rawPost(modernHeaders(call), JSON.stringify(call)).slice(0, -10));
    raw.socket.end();
    await raw.untilClosed();
    await stillServes();
    expect(echo.host.seen.length).toBe(seen + 1);
  });

  it.each([
    ["no host", "POST /mcp HTTP/1.1\r\n\r\n"],
    ["no HTTP", "hello\r\n\r\n"],
    ["two lengths", "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}"],
    [
      "a length and chunks",
      "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a negative length", "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n"],
    ["an absolute path elsewhere", "POST http://evil/mcp HTTP/1.1\r\nhost: evil\r\ncontent-length: 0\r\n\r\n"],
  ])("refuses %s", async (_what, bytes) => {
    const raw = new RawConnection(echo.port);
    raw.write(bytes);
    await until(() => raw.statuses.length > 0);
    expect(raw.statuses.every((status) => status >= 400 && status < 500)).toBe(true);
    raw.socket.destroy();
    await stillServes();
  });
});

describe("requests side by side (SECURITY 11)", () => {
  it("answers pipelined requests in their order", async () => {
    const raw = new RawConnection(echo.port);
    const ids = [...Array(50).keys()];
    raw.write(ids.map((id) => rawPost(modernHeaders(call), JSON.stringify({ ...call, id }))).join(""));
    await until(() => raw.statuses.length === ids.length);
    expect([...raw.received.matchAll(/"id":(\d+)/g)].map((match) => Number(match[1]))).toEqual(ids);
    raw.socket.destroy();
  });

  it("never crosses the answers of two clients with the same ids, a thousand times, shuffled", async () => {
    const ids = [...Array(1_000).keys()].toSorted(() => Math.random() - 0.5);
    const agents = [new Agent({ keepAlive: true, maxSockets: 16 }), new Agent({ keepAlive: true, maxSockets: 16 })];
    const ask = async (id: number, client: number): Promise<void> => {
      const message = modernMessage("tools/call", { name: "echo", arguments: { id, client } }, id);
      const { json: answer } = await send(
        echo.url,
        { headers: modernHeaders(message), body: JSON.stringify(message) },
        agents[client],
      );
      expect(answer).toMatchObject({ id, result: { structuredContent: { id, client } } });
    };
    await Promise.all(ids.flatMap((id) => [ask(id, 0), ask(id, 1)]));
    for (const agent of agents) agent.destroy();
  });
});
