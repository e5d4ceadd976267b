import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterEach, expect, it } from "vitest";
import { connectHttp } from "./connect-http.ts";
import { connectStdio } from "./connect-stdio.ts";
import type { UpstreamConnection } from "./connection.ts";
import { requestOptions } from "./testing/request-options.ts";
import { type ServedHttp, serveHttp } from "./testing/serve-http.ts";
import { silentLog } from "./testing/silent-log.ts";

/** How many a domain lets through to its server at once. */
const CALLS = 256;
const AT_ONCE = 64;

const discovered = {
  resultType: "complete",
  supportedVersions: ["2026-07-28"],
  capabilities: { tools: {} },
  ttlMs: 0,
  cacheScope: "private",
};
const done = { resultType: "complete", content: [] };

const open: (UpstreamConnection | ServedHttp)[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** A server that answers no call before it has as many as it gets at once. */
async function overHttp(): Promise<UpstreamConnection> {
  let held: (() => void)[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { id, method } = JSON.parse((await buffer(request)).toString());
    const answer = (result: object): void => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    };
    if (method === "server/discover") return answer(discovered);
    held.push(() => answer(done));
    if (held.length < AT_ONCE) return;
    for (const each of held) each();
    held = [];
  };
  const served = await serveHttp((request, response) => void take(request, response));
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  open.push(served, connection);
  return connection;
}

/** The same as a program. */
function overStdio(): UpstreamConnection {
  const script = `
    let held = [];
    const answer = (id, result) => console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const { id, method } = JSON.parse(line);
      if (method === "server/discover") return answer(id, ${JSON.stringify(discovered)});
      held.push(id);
      if (held.length < ${AT_ONCE}) return;
      for (const each of held) answer(each, ${JSON.stringify(done)});
      held = [];
    });`;
  const connection = connectStdio({ name: "crm", command: process.execPath, args: ["-e", script], log: silentLog });
  open.push(connection);
  return connection;
}

it.each([
  { way: "HTTP", connect: overHttp },
  { way: "stdio", connect: overStdio },
])(
  "[G1] a server over $way has 64 calls at once, and all that its domain lets through are answered",
  async ({ connect }) => {
    const connection = await connect();
    const call = () => connection.request("tools/call", { name: "find", arguments: {} }, requestOptions());
    const answers = await Promise.all(Array.from({ length: CALLS }, call));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(["result"]));
  },
);
