import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Client } from "undici";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RestedConnections } from "./rested-connections.ts";

let server: Server;
let connections: RestedConnections;
const sockets = new Set<Socket>();
let requests = 0;

/** Answers each request with its path; the first one once more, three milliseconds later. */
beforeEach(async () => {
  requests = 0;
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (request) => {
      const path = request.toString().split(" ")[1] ?? "";
      const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${path.length}\r\n\r\n${path}`;
      socket.write(answer);
      requests += 1;
      if (requests === 1) setTimeout(() => socket.write(answer), 3);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  connections = new RestedConnections(() => new Client(`http://127.0.0.1:${port}`), 1);
});
afterEach(async () => {
  await connections.destroy();
  for (const socket of sockets) socket.destroy();
  server.close();
  sockets.clear();
});

const signal = AbortSignal.timeout(60_000);
const get = (path: string): Promise<string> =>
  connections.lend(signal, async (connection) => {
    const reset = connections.areForOne;
    const { body } = await connection.request({ method: "GET", path, reset });
    return body.text();
  });

it("[G6] give nobody what was said beyond another's answer (SECURITY 26)", async () => {
  expect(connections.areForOne).toBe(false);
  expect(await Promise.all([get("/ann"), get("/bob"), get("/cid")])).toEqual(["/ann", "/bob", "/cid"]);
  // From then on each is for one request.
  expect(connections.areForOne).toBe(true);
  expect(await get("/dan")).toBe("/dan");
  const before = sockets.size;
  expect(await get("/eve")).toBe("/eve");
  expect(sockets.size).toBe(before + 1);
});

it("[G6] let those in line leave it", async () => {
  const leaving = new AbortController();
  const first = get("/ann");
  const second = connections.lend(leaving.signal, () => Promise.resolve());
  leaving.abort(new Error("no time left"));
  await expect(second).rejects.toThrow("no time left");
  expect(await first).toBe("/ann");
  expect(await get("/bob")).toBe("/bob");
});

it("[G6] say that nothing was sent of what was in line when they were closed, or comes later", async () => {
  const held = connections.lend(signal, () => new Promise<void>(() => undefined));
  const inLine = get("/bob");
  void held;
  const closed = connections.destroy();
  await expect(inLine).rejects.toMatchObject({ code: "CONNECTIONS_CLOSED" });
  await expect(get("/cid")).rejects.toMatchObject({ code: "CONNECTIONS_CLOSED" });
  await closed;
  expect(requests).toBe(0);
});

it("[G6] say that nothing was sent of what had no connection yet, and not of what was sent", async () => {
  const { port } = server.address() as AddressInfo;
  const silent = new RestedConnections(() => new Client(`https://127.0.0.1:${port}`), 1);
  const connected = once(server, "connection");
  const unsent = silent
    .lend(signal, (connection) => connection.request({ method: "POST", path: "/ann" }))
    .catch((error: unknown) => error);
  await connected;
  await silent.destroy();
  for (const socket of sockets) socket.destroy();
  expect(await unsent).toMatchObject({ code: "CONNECTIONS_CLOSED" });

  server.removeAllListeners("connection");
  const received = new Promise<void>((resolve) => {
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("data", () => resolve());
    });
  });
  const sent = get("/bob").catch((error: unknown) => error);
  await received;
  await connections.destroy();
  expect(await sent).toMatchObject({ code: "UND_ERR_DESTROYED" });
});
