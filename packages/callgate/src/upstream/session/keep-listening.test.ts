import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connectHttp } from "../connect-http.ts";
import type { UpstreamChange, UpstreamConnection } from "../connection.ts";
import { soon } from "../testing/request-options.ts";
import type { ServedHttp } from "../testing/serve-http.ts";
import { serveScriptedModern, serveScriptedOld } from "../testing/serve-scripted.ts";
import { silentLog } from "../testing/silent-log.ts";

const open: (UpstreamConnection | ServedHttp)[] = [];
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(async () => {
  vi.useRealTimers();
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** A server that acknowledges every subscription, and then does this with its stream. */
async function serve(capabilities: object, then: (stream: ServerResponse) => void) {
  const state = { streams: 0, changes: [] as UpstreamChange[] };
  const served = await serveScriptedModern({ ...capabilities }, ({ method, response }) => {
    if (method !== "subscriptions/listen") return false;
    state.streams += 1;
    const acknowledged = { jsonrpc: "2.0", method: "notifications/subscriptions/acknowledged", params: {} };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`data: ${JSON.stringify(acknowledged)}\n\n`);
    then(response);
    return true;
  });
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  connection.onChange((change) => state.changes.push(change));
  open.push(served, connection);
  return { connection, state };
}

/** Lets so many seconds pass, and each time what happens on sockets meanwhile. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await vi.advanceTimersByTimeAsync(1_000);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

it("[G7] a server that ends each stream as soon as it has begun is asked less and less often", async () => {
  const { connection, state } = await serve({ resources: { subscribe: true } }, (stream) => void stream.end());
  await connection.health(soon());
  await connection.follow(new Set(["note://one"]));
  await pass(20);
  expect(state.streams).toBeGreaterThan(2);
  expect(state.streams).toBeLessThan(8);
});

it("[G7] a server of 2025 that ends its stream at once is asked less and less often, however soon it wants to be", async () => {
  let streams = 0;
  const served = await serveScriptedOld(({ method, response }) => {
    if (method !== "GET") return false;
    streams += 1;
    response.writeHead(200, { "content-type": "text/event-stream" }).end("retry: 0\n\n");
    return true;
  });
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  open.push(served, connection);
  await connection.health(soon());
  await pass(20);
  expect(streams).toBeGreaterThan(2);
  expect(streams).toBeLessThan(8);
});

it("[G7] what may have changed while a stream was broken counts as changed once it is back", async () => {
  const streams: ServerResponse[] = [];
  const { connection, state } = await serve({ tools: { listChanged: true } }, (stream) => void streams.push(stream));
  await connection.health(soon());
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  await pass(1);
  expect(state.changes).toEqual([]);
  streams[0]?.destroy();
  await pass(3);
  await vi.waitFor(() => expect(state.changes).toEqual([{ kind: "tools" }]));
  expect(streams).toHaveLength(2);
});
