import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JsonObject } from "../wire/exchange.ts";
import { connectHttp } from "./connect-http.ts";
import type { UpstreamAnswer, UpstreamConnection } from "./connection.ts";
import { requestOptions } from "./testing/request-options.ts";
import type { ServedHttp } from "./testing/serve-http.ts";
import { type Asked, serveScriptedOld } from "./testing/serve-scripted.ts";
import { silentLog } from "./testing/silent-log.ts";

const open: (UpstreamConnection | ServedHttp)[] = [];
beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(async () => {
  vi.useRealTimers();
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** An old server that asks on the stream that belongs to no call, and says nothing more of a call that was cancelled. */
class AskingServer {
  sessions = 0;
  /** How often it has been told that a call is cancelled. */
  cancelled = 0;
  #stream = Promise.withResolvers<ServerResponse>();
  readonly #calls = new Map<unknown, Asked>();

  readonly script = (asked: Asked): boolean => {
    const { method, message, request, response } = asked;
    if (method === "initialize") {
      this.sessions += 1;
      this.#stream = Promise.withResolvers();
    }
    if (method === "notifications/cancelled") this.cancelled += 1;
    if (method === "tools/call") void this.#call(asked);
    else if (method === "GET" && request.headers["last-event-id"] === undefined) {
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      this.#stream.resolve(response);
    } else if (method === "POST") {
      this.#calls.get(message["id"])?.result({ content: [], isError: message["error"] !== undefined });
      response.writeHead(202).end();
    } else return false;
    return true;
  };

  async #call(asked: Asked): Promise<void> {
    const { name } = asked.message["params"] as JsonObject;
    if (name === "slow") return;
    const id = `question-${this.#calls.size}`;
    this.#calls.set(id, asked);
    const params = { message: "Who?", requestedSchema: { type: "object", properties: {} } };
    const question = { jsonrpc: "2.0", id, method: "elicitation/create", params };
    (await this.#stream.promise).write(`data: ${JSON.stringify(question)}\n\n`);
  }
}

async function connect() {
  const server = new AskingServer();
  const served = await serveScriptedOld(server.script);
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  open.push(served, connection);
  const params = { name: "ask", arguments: {} };
  const ask = (who: string): Promise<UpstreamAnswer> =>
    connection.request("tools/call", params, requestOptions({ who, canAsk: () => true }));
  /** Asked, and has answered. */
  const goThrough = async (who: string): Promise<UpstreamAnswer> => {
    const asked = await ask(who);
    if (asked.kind !== "input_required") return asked;
    const inputResponses = { "elicitation-1": { action: "accept" as const, content: {} } };
    return connection.request("tools/call", params, requestOptions({ who, state: asked.state, inputResponses }));
  };
  const giveUp = async (who: string): Promise<void> => {
    const before = server.cancelled;
    const signal = AbortSignal.timeout(50);
    const slow = { name: "slow", arguments: {} };
    await expect(connection.request("tools/call", slow, requestOptions({ who, signal }))).rejects.toThrow("in time");
    await vi.waitFor(() => expect(server.cancelled).toBe(before + 1));
  };
  return { server, ask, goThrough, giveUp };
}

const refused = { kind: "result", result: { isError: true } };
const answered = { kind: "result", result: { isError: false } };

it("[G7] one caller's call that was given up keeps others from being asked for a minute, and not for ever", async () => {
  const { server, goThrough, giveUp } = await connect();
  expect(await goThrough("person:bob")).toMatchObject(answered);
  await giveUp("person:ann");
  vi.advanceTimersByTime(59_000);
  expect(await goThrough("person:bob")).toMatchObject(refused);
  expect(server.sessions).toBe(1);
  vi.advanceTimersByTime(2_000);
  expect(await goThrough("person:bob")).toMatchObject(answered);
  expect(server.sessions).toBe(2);
});

it("[G7] a session in which a call is under way is not ended for that", async () => {
  const { server, ask, goThrough, giveUp } = await connect();
  expect(await ask("person:bob")).toMatchObject({ kind: "input_required" });
  await giveUp("person:ann");
  vi.advanceTimersByTime(61_000);
  expect(await goThrough("person:bob")).toMatchObject(refused);
  expect(server.sessions).toBe(1);
});
