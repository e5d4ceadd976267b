import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, expect, it } from "vitest";
import type { JsonObject } from "../../wire/exchange.ts";
import { connectHttp } from "../connect-http.ts";
import { connectStdio } from "../connect-stdio.ts";
import type { UpstreamAnswer, UpstreamConnection } from "../connection.ts";
import { requestOptions } from "../testing/request-options.ts";
import { silentLog } from "../testing/silent-log.ts";

const shaken = { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } };

/**
 * A server of 2025 that asks one thing within a call and, once the gate has had time to ask the client, so many more of
 * another kind, then says on stderr that the gate has heard it all; its result says how many were answered and how many refused.
 */
const asking = `
  const send = (frame) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...frame }) + "\\n");
  const heard = { answered: 0, refused: 0 };
  let call, asked, pings = 0;
  const ask = ({ method, many, letters, field = "name" }) => {
    const requestedSchema = { type: "object", properties: { [field]: { type: "string" } } };
    for (let at = 0; at < many; at++)
      send({ id: method + at, method, params: { message: "m".repeat(letters), requestedSchema } });
  };
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method, params, error } = JSON.parse(line);
    if (method === "server/discover") send({ id, error: { code: -32601, message: "no" } });
    else if (method === "initialize") send({ id, result: ${JSON.stringify(shaken)} });
    else if (method === "tools/call") {
      call = id;
      asked = params.arguments;
      send({ id: "first", method: "elicitation/create", params: { message: "?", requestedSchema: { type: "object", properties: {} } } });
      send({ id: "ping", method: "ping" });
    } else if (id === "ping") {
      if (++pings < 3) send({ id: "ping", method: "ping" });
      else {
        ask(asked);
        send({ id: "heard", method: "ping" });
      }
    } else if (id === "heard") {
      process.stderr.write("everything is asked\\n");
    } else if (method === undefined) {
      if (error === undefined) heard.answered++;
      else heard.refused++;
      if (heard.answered + heard.refused === asked.many + 1) send({ id: call, result: { content: [], structuredContent: heard } });
    }
  });
`;

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Asked {
  readonly given: JsonObject;
  /** The server has asked everything. */
  readonly heard: Promise<void>;
}

/** Answers whatever the server asks, round after round, as one that can be asked by forms alone. */
async function answering(connection: UpstreamConnection, { given, heard }: Asked): Promise<JsonObject> {
  const canAsk = (method: string): boolean => method === "elicitation/create";
  let round: JsonObject = {};
  for (;;) {
    const options = requestOptions({ canAsk, ...round });
    const answer = await connection.request("tools/call", { name: "ask", arguments: given }, options);
    if (answer.kind === "result") return answer.result["structuredContent"] as JsonObject;
    await heard;
    const responses = Object.keys(answer.requests).map((name) => [name, { action: "decline" }]);
    round = { state: answer.state, inputResponses: Object.fromEntries(responses) };
  }
}

it.each([
  { what: "too many", given: { method: "elicitation/create", many: 200, letters: 10 }, most: 32 },
  { what: "too long ones", given: { method: "elicitation/create", many: 14, letters: 1 << 20 }, most: 12 },
  {
    what: "what hides letters in a name",
    given: { method: "elicitation/create", many: 5, letters: 1, field: "pass\u200bword" },
    most: 1,
  },
  {
    what: "what its client cannot be asked",
    given: { method: "sampling/createMessage", many: 5, letters: 1 },
    most: 1,
  },
])(
  "[G7] refuses an old server at once what it asks beyond a few questions in a call: $what (SECURITY 26)",
  async ({ given, most }) => {
    let said: () => void = () => {};
    const saysSo = new Promise<void>((resolve) => {
      said = resolve;
    });
    const log = { ...silentLog, info: (message: string) => message.includes("stderr") && said() };
    const connection = connectStdio({ name: "old", command: process.execPath, args: ["-e", asking], log });
    closing.push(() => connection.close());
    const heard = await answering(connection, { given, heard: saysSo });
    expect(heard["answered"]).toBeLessThanOrEqual(most);
    expect(Number(heard["answered"]) + Number(heard["refused"])).toBe(given.many + 1);
  },
);

/** A server of 2025 over HTTP that asks in each call something of so many letters, and waits for ever. */
async function serveLongQuestions(letters: number): Promise<string> {
  const message = "m".repeat(letters);
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "POST") return void response.writeHead(405).end();
    const { id, method } = (await json(request)) as { id?: number; method?: string };
    const say = (frame: object) => JSON.stringify({ jsonrpc: "2.0", ...frame });
    if (method === "tools/call") {
      const params = { message, requestedSchema: { type: "object", properties: {} } };
      response.writeHead(200, { "content-type": "text/event-stream" });
      return void response.write(`data: ${say({ id: `of-${id}`, method: "elicitation/create", params })}\n\n`);
    }
    if (id === undefined || method === undefined) return void response.writeHead(202).end();
    response.setHeader("content-type", "application/json");
    const no = { error: { code: -32_601, message: "no" } };
    response.end(say({ id, ...(method === "initialize" ? { result: shaken } : no) }));
  };
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

it("[G7] holds no more calls of an old server than the questions of which fit together (SECURITY 26)", async () => {
  const url = await serveLongQuestions(6 << 20);
  const connection = connectHttp({ name: "old", url, log: silentLog });
  closing.unshift(() => connection.close());
  const told: string[] = [];
  for (let call = 0; call < 12; call += 1) {
    const options = requestOptions({ canAsk: () => true });
    const answer: Promise<UpstreamAnswer> = connection.request("tools/call", { name: "ask", arguments: {} }, options);
    told.push(
      await answer.then(
        ({ kind }) => kind,
        (error: Error) => error.message,
      ),
    );
  }
  expect(told.filter((kind) => kind === "input_required")).toHaveLength(10);
  expect(told.at(-1)).toBe("old has too many calls that wait for answers of their clients.");
});
