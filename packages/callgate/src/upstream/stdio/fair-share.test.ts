import { afterEach, describe, expect, it } from "vitest";
import { connectStdio } from "../connect-stdio.ts";
import type { UpstreamConnection } from "../connection.ts";
import { requestOptions, soon } from "../testing/request-options.ts";
import { silentLog } from "../testing/silent-log.ts";

/** An old server that answers everything; once it was called it says one line for ever, on one of its streams. */
const talking = `
  const { createInterface } = require("node:readline");
  const [stream, line] = process.argv.slice(1);
  const reply = (id, answer) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, ...answer }) + "\\n");
  const flood = (to, text) => {
    const go = () => { while (to.write(text)); to.once("drain", go); };
    go();
  };
  createInterface({ input: process.stdin }).on("line", (asked) => {
    const { id, method } = JSON.parse(asked);
    const serverInfo = { name: "talking", version: "1.0.0" };
    if (method === "server/discover") reply(id, { error: { code: -32601, message: "unknown" } });
    else if (method === "initialize") reply(id, { result: { protocolVersion: "2025-11-25", capabilities: {}, serverInfo } });
    else if (id !== undefined) reply(id, { result: {} });
    if (method === "tools/call") flood(process[stream], (line + "\\n").repeat(2_000));
  });
`;

const open: UpstreamConnection[] = [];
afterEach(() => Promise.all(open.splice(0).map((connection) => connection.close())));

async function start(stream: string, line: string): Promise<UpstreamConnection> {
  const args = ["-e", talking, stream, line];
  const connection = connectStdio({ name: "child", command: process.execPath, args, log: silentLog });
  open.push(connection);
  await connection.health(soon());
  return connection;
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

describe("[G3] a server that says at full speed", { timeout: 60_000 }, () => {
  it.each([
    ["words for the log", "stdout", message("notifications/message", { params: { level: "info", data: "well" } })],
    ["that its tools have changed", "stdout", message("notifications/tools/list_changed")],
    ["answers that nobody waits for", "stdout", JSON.stringify({ jsonrpc: "2.0", id: 99_999, result: {} })],
    ["words on stderr", "stderr", "well"],
  ])(
    "%s lets the others be answered as fast as ever, also while it is ended (SECURITY 26)",
    async (_, stream, line) => {
      const [server, flooding] = await Promise.all([start("stdout", ""), start(stream, line)]);
      const quiet = await medianMs(server);
      await flooding.request("tools/call", { name: "flood", arguments: {} }, requestOptions());
      expect(await medianMs(server)).toBeLessThan(quiet * 20);
      const closed = flooding.close();
      expect(await medianMs(server)).toBeLessThan(quiet * 20);
      await closed;
    },
  );
});
