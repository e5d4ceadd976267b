import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** One request as it came over a socket, and the way to answer it, byte by byte. */
export interface RawRequest {
  readonly id: number;
  readonly method: string;
  readonly socket: Socket;
  readonly write: (text: string) => void;
  /** A whole answer of HTTP. */
  readonly reply: (status: string, headers: Readonly<Record<string, string>>, body: string) => void;
}

export interface RawServer {
  readonly url: string;
  /** Connections that are open. */
  readonly open: number;
  close(): Promise<void>;
}

const discovered = {
  resultType: "complete",
  supportedVersions: ["2026-07-28"],
  capabilities: { tools: {} },
  ttlMs: 0,
  cacheScope: "private",
};

export interface RawServerOptions {
  /** With which it speaks TLS; left out: none. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** False: it does not say either that it is one, but whatever `misbehave` does. */
  readonly isWell?: () => boolean;
}

/** A server that says in the right way that it is one, and answers every call by whatever `misbehave` does. */
export function startRawServer(
  misbehave: (request: RawRequest) => void,
  { tls, isWell = () => true }: RawServerOptions = {},
): Promise<RawServer> {
  const take = (socket: Socket): void => {
    socket.on("error", () => {});
    readRequests(socket, ({ id, method }) => {
      const request = requestOf(socket, { id, method });
      if (method === "server/discover" && isWell()) request.reply("200 OK", json, rpc(id, discovered));
      else misbehave(request);
    });
  };
  if (tls === undefined) return listen(createServer(take), "http:");
  return listen(createTlsServer(tls, take), "https:");
}

/** A server that does with each socket whatever `take` does, whichever protocol it is taken to speak. */
export function startSocketServer(take: (socket: Socket) => void, protocol: "http:" | "https:"): Promise<RawServer> {
  const server = createServer((socket) => {
    // Who does not read does not hear that it was closed.
    socket.resume();
    take(socket);
  });
  return listen(server, protocol);
}

async function listen(server: Server, protocol: "http:" | "https:"): Promise<RawServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `${protocol}//127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    get open() {
      return sockets.size;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

export const json: Readonly<Record<string, string>> = { "content-type": "application/json" };

export function rpc(id: unknown, result: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result });
}

function readRequests(socket: Socket, onRequest: (request: { id: number; method: string }) => void): void {
  let held = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    held += chunk;
    for (let end = held.indexOf("\r\n\r\n"); end !== -1; end = held.indexOf("\r\n\r\n")) {
      const length = Number(/content-length: (\d+)/i.exec(held.slice(0, end))?.[1] ?? 0);
      if (held.length < end + 4 + length) return;
      const body = held.slice(end + 4, end + 4 + length);
      held = held.slice(end + 4 + length);
      onRequest(JSON.parse(body) as { id: number; method: string });
    }
  });
}

function requestOf(socket: Socket, { id, method }: Pick<RawRequest, "id" | "method">): RawRequest {
  const write = (text: string): void => void (socket.writable && socket.write(text));
  return {
    id,
    method,
    socket,
    write,
    reply: (status, headers, body) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      write(`HTTP/1.1 ${status}\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    },
  };
}
