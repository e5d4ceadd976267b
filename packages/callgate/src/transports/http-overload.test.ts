import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EchoHost } from "./testing/echo-host.ts";
import { modernHeaders, modernMessage, send } from "./testing/modern-request.ts";
import { RawConnection, rawPost } from "./testing/raw-connection.ts";
import { type RunningEcho, startEcho, until } from "./testing/start-echo.ts";

describe("more requests than can be served", () => {
  let echo: RunningEcho;
  let refused: (string | undefined)[];
  beforeEach(async () => {
    refused = [];
    echo = await startEcho();
    echo.host.onRefused = (address) => void refused.push(address);
  });
  afterEach(() => echo.stop());

  const list = modernMessage("tools/list");
  const bytes = rawPost(modernHeaders(list), JSON.stringify(list));

  /** So many connections, each of which has had an answer. */
  async function connectAll(count: number): Promise<readonly RawConnection[]> {
    const connections = Array.from({ length: count }, () => new RawConnection(echo.port));
    for (const connection of connections) connection.write(bytes);
    await until(() => connections.every(({ statuses }) => statuses.length === 1));
    return connections;
  }

  /** The next requests that are handled compute for so long, each of them, in milliseconds. */
  function compute(...durations: readonly number[]): void {
    const left = [...durations];
    echo.host.handle = (exchange) => {
      const end = performance.now() + (left.shift() ?? 0);
      while (performance.now() < end);
      return EchoHost.prototype.handle.call(echo.host, exchange);
    };
  }

  it("are refused once they have waited too long: with the time to come again, and counted (SECURITY 34)", async () => {
    // Twice as much as can wait: each takes a turn of its own, and the last would be served after two seconds.
    const connections = await connectAll(80);
    compute(...connections.map(() => 25));
    for (const connection of connections) connection.write(bytes);
    await until(() => connections.every(({ statuses }) => statuses.length === 2));
    const second = connections.map(({ statuses }) => statuses[1]);
    expect(new Set(second)).toEqual(new Set([200, 503]));
    const { received } = connections[second.indexOf(503)] as RawConnection;
    const answer = received.slice(received.indexOf("HTTP/1.1 503"));
    expect(answer).toMatch(/\r\nretry-after: 1\r\n/i);
    expect(JSON.parse(answer.slice(answer.indexOf("{")))).toMatchObject({
      error: { data: { code: "overloaded", retry: { afterMs: 1_000 } } },
    });
    expect(refused).toHaveLength(second.filter((status) => status === 503).length);
    compute();
    // Their connections go on: whoever comes again is served.
    for (const connection of connections) connection.write(bytes);
    await until(() => connections.every(({ statuses }) => statuses.length === 3));
    expect(connections.map(({ statuses }) => statuses[2])).toEqual(connections.map(() => 200));
  });

  it("hold up nobody who asks how the gate is", async () => {
    const connections = await connectAll(50);
    compute(...connections.map(() => 20));
    for (const connection of connections) connection.write(bytes);
    const before = echo.host.seen.length;
    await until(() => echo.host.seen.length > before);
    const health = await send(`${new URL(echo.url).origin}/health`, { method: "GET" });
    expect(health.status).toBe(200);
    // It came last and stood in nobody's line.
    expect(echo.host.seen.length).toBeLessThan(before + connections.length - 10);
    await until(() => connections.every(({ statuses }) => statuses.length === 2));
  });
});
