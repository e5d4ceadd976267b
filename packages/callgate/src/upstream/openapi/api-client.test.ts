import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ApiClient, type SendOptions } from "./api-client.ts";

let server: Server;
let client: ApiClient;
/** How often each path was asked for. */
const asked = new Map<string, number>();

/** Begins an answer, and breaks it off at `/cut`. */
beforeEach(async () => {
  asked.clear();
  server = createServer((request, answer) => {
    const path = request.url ?? "";
    asked.set(path, (asked.get(path) ?? 0) + 1);
    answer.writeHead(201, { "content-type": "application/json" });
    answer.write('{"id":', () => path === "/cut" && answer.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const address = { origin: `http://127.0.0.1:${port}`, basePath: "", writtenBy: "config" } as const;
  client = await ApiClient.open({ address, credential: undefined, callsAtOnce: 1, maxAnswerBytes: 1_000 });
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

/** Ends by its own reason as soon as a client reads the body of an answer. */
function leavingInBody(): AbortSignal {
  const leaving = new AbortController();
  const leave = (): void => {
    unsubscribe("undici:request:headers", leave);
    // By then what has been told of here has been told to whoever asked.
    setImmediate(() => leaving.abort(new Error("no time left")));
  };
  subscribe("undici:request:headers", leave);
  return leaving.signal;
}

const send = (path: string, options: Partial<SendOptions> = {}) => {
  const looks = options.looks ?? true;
  const request = { method: looks ? "GET" : "POST", path, query: "", headers: {} };
  return client.send(request, { signal: AbortSignal.timeout(60_000), looks, ...options });
};

it("[G6] what looks rejects with the reason that ends it within the answer's body", async () => {
  await expect(send("/slow", { signal: leavingInBody() })).rejects.toThrow("no time left");
});

it("[G6] what looks is asked once more where its answer breaks off, and has none then", async () => {
  await expect(send("/cut")).rejects.toMatchObject({ code: "api_unreachable", nothingDone: false });
  expect(asked.get("/cut")).toBe(2);
});

it("[G6] a write whose answer breaks off, or is waited for no longer, has its status", async () => {
  expect(await send("/cut", { looks: false })).toMatchObject({ status: 201, kind: "unreadable" });
  expect(asked.get("/cut")).toBe(1);
  expect(await send("/slow", { signal: leavingInBody(), looks: false })).toMatchObject({
    status: 201,
    kind: "unreadable",
  });
});

it("[G6] a write that was never sent when its API was closed has done nothing", async () => {
  const begun = once(server, "request").then(() => once(server, "request"));
  const held = [send("/slow"), send("/slow")].map((each) => each.catch(() => undefined));
  await begun;
  const inLine = send("/write", { looks: false }).catch((error: unknown) => error);
  await client.close();
  expect(await inLine).toMatchObject({ code: "api_unreachable", nothingDone: true });
  await Promise.all(held);
  expect(asked.get("/write")).toBeUndefined();
});
