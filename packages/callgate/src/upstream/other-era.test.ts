import { type RequestListener, type ServerResponse, request as send } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { connectHttp } from "./connect-http.ts";
import type { UpstreamChange, UpstreamConnection } from "./connection.ts";
import { requestOptions, soon } from "./testing/request-options.ts";
import { type ServedHttp, serveHttp, serveModern } from "./testing/serve-http.ts";
import { serveLegacy } from "./testing/serve-legacy.ts";
import { type Script, serveScriptedModern, serveScriptedOld } from "./testing/serve-scripted.ts";
import { silentLog } from "./testing/silent-log.ts";

const open: (UpstreamConnection | ServedHttp)[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

const echo = { name: "echo", arguments: { words: "hi" } };

interface Behind {
  readonly connection: UpstreamConnection;
  /** From now on the same address leads to this server. */
  readonly become: (served: ServedHttp) => void;
}

/** A connection through a proxy that never goes away, as it is while something is deployed, or rolled back. */
async function behindOneAddress(first: ServedHttp): Promise<Behind> {
  let target = first.url;
  const pass: RequestListener = (request, response) => {
    const passed = send(target, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(Number(answer.statusCode), answer.headers);
      answer.on("error", () => response.destroy()).pipe(response);
    });
    passed.on("error", () => response.destroy());
    request.pipe(passed);
  };
  const proxy = await serveHttp(pass);
  const connection = connectHttp({ name: "crm", url: proxy.url, log: silentLog });
  open.push(first, proxy, connection);
  const become = (served: ServedHttp): void => {
    open.unshift(served);
    target = served.url;
  };
  return { connection, become };
}

describe.each([
  { from: "old", to: "new", first: serveLegacy, second: serveModern, revision: "2026-07-28" },
  { from: "new", to: "old", first: serveModern, second: serveLegacy, revision: "2025-11-25" },
])("[G7] an $from server in whose place comes one of the $to era", ({ first, second, revision }) => {
  it("is served on within the very call that meets it", async () => {
    const { connection, become } = await behindOneAddress(await first());
    const changes: UpstreamChange[] = [];
    await connection.request("tools/call", echo, requestOptions());
    connection.onChange((change) => changes.push(change));
    become(await second());
    expect((await connection.request("tools/call", echo, requestOptions())).kind).toBe("result");
    expect((await connection.discover(soon())).revision).toBe(revision);
    expect(changes).not.toContainEqual({ kind: "down" });
  });

  it("is well as soon as somebody asks how it is", async () => {
    const { connection, become } = await behindOneAddress(await first());
    await connection.health(soon());
    become(await second());
    await connection.health(soon());
    expect((await connection.discover(soon())).revision).toBe(revision);
  });
});

/** Calls through a server that is one of another era to whoever has a session of the first; how many came. */
async function callsAt(response: (response: ServerResponse) => void): Promise<{ calls: number; outcome: string }> {
  let calls = 0;
  const script: Script = (asked) => {
    if (asked.method !== "tools/call") return false;
    calls += 1;
    response(asked.response);
    return true;
  };
  const served = await serveScriptedModern({}, script);
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  open.push(served, connection);
  const outcome = await connection.request("tools/call", echo, requestOptions()).catch((error) => error.fault.kind);
  return { calls, outcome };
}

describe("SECURITY 26: a call that a server may have begun", () => {
  const json = { "content-type": "application/json" };

  it("is not sent again where its answer is only not understood", async () => {
    const { calls, outcome } = await callsAt((response) => response.writeHead(400).end("no"));
    expect({ calls, outcome }).toEqual({ calls: 1, outcome: "nonsense" });
  });

  it("is not sent again for words that are the tool's own", async () => {
    const error = { code: -32000, message: "Bad Request: Server not initialized" };
    const { calls } = await callsAt((response) => {
      response.writeHead(400, json).end(JSON.stringify({ jsonrpc: "2.0", id: 2, error }));
    });
    expect(calls).toBe(1);
  });
});

it("[G7] an old server that knows no ping keeps its session", async () => {
  let sessions = 0;
  const served = await serveScriptedOld(({ method, response }) => {
    if (method === "initialize") sessions += 1;
    if (method !== "ping") return false;
    const error = { code: -32601, message: "Method not found" };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 2, error }));
    return true;
  });
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  open.push(served, connection);
  await expect(connection.health(soon())).rejects.toMatchObject({ fault: { kind: "refused" } });
  await connection.request("tools/call", echo, requestOptions());
  expect(sessions).toBe(1);
});
