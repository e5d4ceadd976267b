import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";

/** One request as it came over a socket, and the way to answer it, byte by byte. */
export interface RawRequest {
  readonly id: number;
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

/** A server that says in the right way that it is one, and answers every call by whatever `misbehave` does. */
export async function startRawServer(misbehave: (request: RawRequest) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    readRequests(socket, ({ id, method }) => {
      const request = requestOf(socket, id);
      if (method === "server/discover") request.reply("200 OK", json, rpc(id, discovered));
      else misbehave(request);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
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

function requestOf(socket: Socket, id: number): RawRequest {
  const write = (text: string): void => void (socket.writable && socket.write(text));
  return {
    id,
    socket,
    write,
    reply: (status, headers, body) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      write(`HTTP/1.1 ${status}\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    },
  };
}
