import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { connectHttp } from "./connect-http.ts";
import type { UpstreamConnection } from "./connection.ts";
import { requestOptions } from "./testing/request-options.ts";
import { type ServedHttp, serveHttp } from "./testing/serve-http.ts";
import { silentLog } from "./testing/silent-log.ts";

const open: (UpstreamConnection | ServedHttp)[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

type Answer = (request: IncomingMessage, response: ServerResponse, served: ServedHttp) => Promise<void>;

/** A server that answers so, and a connection to it. */
async function serve(answer: Answer): Promise<UpstreamConnection> {
  const served: ServedHttp = await serveHttp((request, response) => void answer(request, response, served));
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  open.push(served, connection);
  return connection;
}

const echo = { name: "echo", arguments: { words: "hi" } };

it("[G7] takes up a stream of an old server that ended before its answer, and none that has answered", async () => {
  const asked: string[] = [];
  const connection = await serve((request, response) => answerInParts(request, response, asked));
  expect(await connection.request("tools/call", echo, requestOptions())).toEqual({
    kind: "result",
    result: { content: [] },
  });
  expect(await connection.request("tools/call", echo, requestOptions())).toEqual({
    kind: "result",
    result: { content: [] },
  });
  expect(asked).toEqual(["server/discover", "initialize", "tools/call", "GET after 1", "tools/call", "GET after 1"]);
});

describe("SECURITY 26: an old server over HTTP that has begun a call", () => {
  const callsOf = async (onCall: (response: ServerResponse, served: ServedHttp) => void) => {
    let calls = 0;
    const connection = await serve((request, response, served) =>
      answerOld(request, response, () => {
        calls += 1;
        onCall(response, served);
      }),
    );
    const error: unknown = await connection.request("tools/call", echo, requestOptions()).catch((thrown) => thrown);
    return { calls, error };
  };

  it("and is gone when its stream is taken up has got the call", async () => {
    const { calls, error } = await callsOf((response, { server }) => {
      server.close();
      response.writeHead(200, { "content-type": "text/event-stream", connection: "close" });
      response.end("id: 1\nretry: 1\ndata:\n\n");
    });
    expect(error).toMatchObject({ fault: { kind: "unreachable", sent: true } });
    expect(calls).toBe(1);
  });

  it.each([
    { error: "the checkout session has been charged, but the receipt failed" },
    { jsonrpc: "2.0", id: 2, error: { code: -32000, message: "Session not found" } },
    { jsonrpc: "2.0", id: null, error: { code: -32000, message: "the session could not be written" } },
  ])("and says 400 with words on a session is not sent it again: %j", async (body) => {
    const { calls } = await callsOf((response) => {
      response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    expect(calls).toBe(1);
  });

  it("is sent it again where it says as its SDK does that it knows no such session", async () => {
    const { calls } = await callsOf((response) => {
      const error = { code: -32000, message: "Bad Request: No valid session ID provided" };
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id: null, error }));
    });
    expect(calls).toBe(2);
  });
});

/** An old server that has a session, and leaves it to others what becomes of calls. */
async function answerOld(request: IncomingMessage, response: ServerResponse, onCall: () => void): Promise<void> {
  if (request.method === "GET") return void response.writeHead(405).end();
  const { id, method } = JSON.parse((await buffer(request)).toString() || "{}") as { id?: number; method?: string };
  if (id === undefined) return void response.writeHead(202).end();
  if (method === "tools/call") return onCall();
  if (method !== "initialize") return void response.writeHead(400).end();
  const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "old", version: "1" } };
  response.writeHead(200, { "content-type": "application/json", "mcp-session-id": "s" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
}

/** An old server that ends every stream after its first event, and goes on with it where the client takes it up. */
async function answerInParts(request: IncomingMessage, response: ServerResponse, asked: string[]): Promise<void> {
  const events = { "content-type": "text/event-stream" };
  const { "last-event-id": after } = request.headers;
  if (request.method === "GET" && after === undefined) return void response.writeHead(405).end();
  if (request.method === "GET") {
    asked.push(`GET after ${String(after)}`);
    const id = asked.filter((each) => each === "tools/call").length + 1;
    const answer = { jsonrpc: "2.0", id, result: { content: [] } };
    return void response.writeHead(200, events).end(`id: 2\ndata: ${JSON.stringify(answer)}\n\n`);
  }
  const message = JSON.parse((await buffer(request)).toString() || "{}") as { id?: number; method?: string };
  if (message.id === undefined) return void response.writeHead(202).end();
  asked.push(String(message.method));
  if (message.method === "tools/call") return void response.writeHead(200, events).end("id: 1\nretry: 1\ndata: \n\n");
  if (message.method !== "initialize") return void response.writeHead(400).end();
  const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "parts", version: "1" } };
  response.writeHead(200, { "content-type": "application/json", "mcp-session-id": "s" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: message.id, result }));
}
