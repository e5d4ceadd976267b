import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { connectStdio } from "./connect-stdio.ts";
import type { UpstreamConnection } from "./connection.ts";
import { requestOptions, soon } from "./testing/request-options.ts";
import { silentLog } from "./testing/silent-log.ts";

const require = createRequire(import.meta.url);
const everything = join(
  dirname(require.resolve("@modelcontextprotocol/server-everything/package.json")),
  "dist/index.js",
);
const open: UpstreamConnection[] = [];
afterEach(() => Promise.all(open.splice(0).map((connection) => connection.close())));

function connect(): UpstreamConnection {
  const connection = connectStdio({
    name: "everything",
    command: process.execPath,
    args: [everything],
    log: silentLog,
  });
  open.push(connection);
  return connection;
}

describe("an old server over stdio", () => {
  it("[G1] is found out, and says what it offers", async () => {
    const found = await connect().discover(soon());
    expect(found).toMatchObject({ revision: "2025-11-25", server: { name: "mcp-servers/everything" } });
    expect(found.tools.map(({ name }) => name)).toContain("echo");
    expect(found.resources.length).toBeGreaterThan(0);
    expect(found.resourceTemplates.length).toBeGreaterThan(0);
    expect(found.prompts.map(({ name }) => name)).toContain("simple-prompt");
  });

  it("[G1] answers a call, and tells how far it is", async () => {
    const connection = connect();
    const echo = { name: "echo", arguments: { message: "hi" } };
    const text = { kind: "result", result: { content: [{ type: "text", text: "Echo: hi" }] } };
    expect(await connection.request("tools/call", echo, requestOptions())).toEqual(text);
    const steps: number[] = [];
    const long = { name: "trigger-long-running-operation", arguments: { duration: 0.1, steps: 4 } };
    await connection.request("tools/call", long, requestOptions({ progress: (done) => steps.push(done) }));
    expect(steps).toEqual([1, 2, 3, 4]);
  });

  it("[G7] asks the client of the call, and goes on with the answer", async () => {
    const connection = connect();
    const params = { name: "trigger-elicitation-request", arguments: {} };
    const asked = await connection.request("tools/call", params, requestOptions({ canAsk: () => true }));
    if (asked.kind !== "input_required") throw new Error("did not ask");
    expect(asked.requests).toMatchObject({ "elicitation-1": { method: "elicitation/create" } });
    const inputResponses = { "elicitation-1": { action: "accept", content: { name: "Ann" } } };
    const answer = await connection.request(
      "tools/call",
      params,
      requestOptions({ state: asked.state, inputResponses }),
    );
    expect(JSON.stringify(answer)).toContain("Name: Ann");
  });
});
