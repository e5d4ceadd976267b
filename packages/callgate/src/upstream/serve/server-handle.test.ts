import { afterEach, expect, it } from "vitest";
import { connectHttp } from "../connect-http.ts";
import { requestOptions, soon } from "../testing/request-options.ts";
import { serveModern } from "../testing/serve-http.ts";
import { silentLog } from "../testing/silent-log.ts";
import { ServerHandle } from "./server-handle.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** A server that takes a call and closes the connection without a word, so many times. */
async function cutting(times: number): Promise<{ handle: ServerHandle; calls: () => number }> {
  const served = await serveModern();
  const connection = connectHttp({ name: "crm", url: served.url, log: silentLog });
  open.push(served, connection);
  const [listener] = served.server.listeners("request") as ((...all: unknown[]) => void)[];
  let calls = 0;
  served.server.removeAllListeners("request");
  served.server.on("request", (request, response) => {
    const isCall = request.headers["mcp-method"] === "tools/call";
    if (isCall) calls += 1;
    if (isCall && calls <= times) request.socket.destroy();
    else listener?.(request, response);
  });
  return { handle: new ServerHandle("crm", connection, { access: "write", namedMeta: undefined }), calls: () => calls };
}

const asking = { ...requestOptions(), signal: soon(), clientMeta: {} };
const echo = { method: "tools/call", params: { name: "echo", arguments: { words: "hi" } } } as const;

it("[G3] sends what only reads once more where the connection broke, and no third time", async () => {
  const once = await cutting(1);
  expect(await once.handle.request(echo, asking)).toMatchObject({ content: [{ text: "hi" }] });
  expect(once.calls()).toBe(2);
  const always = await cutting(9);
  await expect(always.handle.request(echo, asking)).rejects.toMatchObject({ code: "upstream_unreachable" });
  expect(always.calls()).toBe(2);
});

it("[G3] sends a write once, whatever becomes of its connection", async () => {
  const { handle, calls } = await cutting(1);
  const write = handle.request({ ...echo, isWrite: true }, asking);
  await expect(write).rejects.toMatchObject({ code: "upstream_unreachable", nothingDone: false });
  expect(calls()).toBe(1);
});
