import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "../../wire/exchange.ts";
import { Codec } from "../../wire/revisions/2026-07-28/codec.ts";
import { EchoHost } from "../testing/echo-host.ts";
import { RawConnection, rawPost } from "../testing/raw-connection.ts";
import { until } from "../testing/start-echo.ts";
import { readAccept } from "./accept.ts";
import { Reply } from "./reply.ts";

describe("a reply to a client that has gone", () => {
  const server = createServer((_request, response) => void responses.push(response));
  const responses: ServerResponse[] = [];
  let client: RawConnection;

  beforeEach(async () => {
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    client = new RawConnection((server.address() as AddressInfo).port);
    client.write(rawPost({}, "{}"));
    await until(() => responses.length === 1);
  });
  afterEach(() => new Promise((resolve) => void server.close(resolve)));

  test("begins nothing and keeps nothing waiting", async () => {
    const [response] = responses as [ServerResponse];
    const context = { codec: new Codec(new EchoHost()), keepAliveMs: 15_000, maxBufferedBytes: 1_024 };
    const reply = new Reply(response, readAccept(undefined), context);
    expect(reply.open).toBe(true);
    client.socket.destroy();
    await reply.closed;
    expect(reply.open).toBe(false);
    reply.startStream();
    expect(reply.send("{}")).toBe(false);
    reply.conclude("{}");
    reply.acknowledge(202);
    reply.end();
    await reply.closed;
    expect([response.headersSent, response.listenerCount("timeout")]).toEqual([false, 0]);
  });
});

describe("an answer whose members are there as bytes", () => {
  const codec = new Codec(new EchoHost());
  const members = `"tools":${JSON.stringify(Array.from({ length: 5_000 }, (_, each) => ({ name: `t${each}`, title: "Größe — 尺寸 🏠" })))}`;
  const prepared: Answer = {
    kind: "result",
    members,
    encoded: Buffer.from(members),
    resultType: "complete",
    cache: { ttlMs: 5_000, cacheScope: "private" },
    meta: undefined,
  };
  const expected = codec.encode("größer", { ...prepared, encoded: undefined });
  const server = createServer((request, response) => {
    const context = { codec, keepAliveMs: 15_000, maxBufferedBytes: 1_024 };
    new Reply(response, readAccept(request.headers.accept), context).answer("größer", prepared);
  });

  beforeEach(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)));
  afterEach(() => new Promise((resolve) => void server.close(resolve)));

  test.each([
    ["application/json", "application/json", (text: string) => text],
    ["application/json, text/event-stream", "application/json", (text: string) => text],
    ["text/event-stream", "text/event-stream", (text: string) => text.slice("event: message\ndata: ".length, -2)],
  ])("is the same message to a client that accepts %s", async (accept, type, messageIn) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await fetch(url, { method: "POST", headers: { accept }, body: "{}" });
    expect(answer.headers.get("content-type")).toBe(type);
    expect(messageIn(await answer.text())).toBe(expected);
  });
});
