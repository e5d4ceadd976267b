import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { connectHttp } from "./connect-http.ts";
import { connectStdio } from "./connect-stdio.ts";
import type { UpstreamConnection } from "./connection.ts";
import { requestOptions, soon } from "./testing/request-options.ts";
import { silentLog } from "./testing/silent-log.ts";

/** Says one text for ever, as fast as it is read. */
const flood = `
  const flood = (to, text) => {
    const go = () => { while (to.write(text)); to.once("drain", go); };
    go();
  };
`;

/** An old server that answers everything; once it was called it says one line for ever, on one of its streams. */
const overStdio = `${flood}
  const { createInterface } = require("node:readline");
  const [stream, line] = process.argv.slice(1);
  const reply = (id, answer) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, ...answer }) + "\\n");
  createInterface({ input: process.stdin }).on("line", (asked) => {
    const { id, method } = JSON.parse(asked);
    const serverInfo = { name: "talking", version: "1.0.0" };
    if (method === "server/discover") reply(id, { error: { code: -32601, message: "unknown" } });
    else if (method === "initialize") reply(id, { result: { protocolVersion: "2025-11-25", capabilities: {}, serverInfo } });
    else if (id !== undefined) reply(id, { result: {} });
    if (method === "tools/call") flood(process[stream], (line + "\\n").repeat(2_000));
  });
`;

/** A server of today that answers everything but calls: there it says one thing for ever. */
const overHttp = `${flood}
  const { text } = require("node:stream/consumers");
  const event = "data: " + process.argv[1] + "\\n\\n";
  const discovered = { resultType: "complete", supportedVersions: ["2026-07-28"], capabilities: {} };
  require("node:http").createServer(async (request, response) => {
    const { id, method } = JSON.parse(await text(request));
    const type = method === "tools/call" ? "text/event-stream" : "application/json";
    response.writeHead(200, { "content-type": type });
    if (method === "tools/call") flood(response, event.repeat(2_000));
    else response.end(JSON.stringify({ jsonrpc: "2.0", id, result: discovered }));
  }).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
`;

const open: UpstreamConnection[] = [];
const servers: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
  for (const server of servers.splice(0)) server.kill();
});

async function start(stream: string, line: string): Promise<UpstreamConnection> {
  const connection = stream === "http" ? await startHttp(line) : startStdio(stream, line);
  open.push(connection);
  await connection.health(soon());
  return connection;
}

function startStdio(stream: string, line: string): UpstreamConnection {
  const args = ["-e", overStdio, stream, line];
  return connectStdio({ name: "child", command: process.execPath, args, log: silentLog });
}

async function startHttp(line: string): Promise<UpstreamConnection> {
  const server = spawn(process.execPath, ["-e", overHttp, line], { stdio: ["ignore", "pipe", "inherit"] });
  servers.push(server);
  const [port] = (await once(server.stdout, "data")) as [Buffer];
  return connectHttp({ name: "far", url: `http://127.0.0.1:${port.toString().trim()}/mcp`, log: silentLog });
}

/** How long half of the calls of a server take at most. */
async function medianMs(server: UpstreamConnection): Promise<number> {
  const took: number[] = [];
  for (let call = 0; call < 300; call += 1) {
    const since = performance.now();
    await server.health(soon());
    took.push(performance.now() - since);
  }
  return took.toSorted((one, other) => one - other)[took.length / 2] ?? 0;
}

const message = (method: string, more: object = {}): string => JSON.stringify({ jsonrpc: "2.0", method, ...more });
const said = message("notifications/message", { params: { level: "info", data: "well" } });

describe("[G3] a server that says at full speed", { timeout: 60_000 }, () => {
  it.each([
    ["words for the log", "stdout", said],
    ["that its tools have changed", "stdout", message("notifications/tools/list_changed")],
    ["answers that nobody waits for", "stdout", JSON.stringify({ jsonrpc: "2.0", id: 99_999, result: {} })],
    ["words on stderr", "stderr", "well"],
    ["words for the log over HTTP", "http", said],
  ])(
    "%s lets the others be answered as fast as ever, also while it is ended (SECURITY 26)",
    async (_, stream, line) => {
      const [server, flooding] = await Promise.all([start("stdout", ""), start(stream, line)]);
      const quiet = await medianMs(server);
      const heard = new Promise<void>((resolve) => {
        const call = { name: "flood", arguments: {} };
        const answered = flooding.request("tools/call", call, requestOptions({ say: () => resolve() }));
        // What is said over HTTP is said before the answer, which never comes.
        answered.then(
          () => resolve(),
          () => resolve(),
        );
      });
      await heard;
      expect(await medianMs(server)).toBeLessThan(quiet * 20);
      const closed = flooding.close();
      expect(await medianMs(server)).toBeLessThan(quiet * 20);
      await closed;
    },
  );
});
