import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  createMcpHandler,
  InMemoryServerEventBus,
  type McpServerFactory,
  type ServerNotifier,
} from "@modelcontextprotocol/server";
import { buildSdkServer } from "./sdk-server.ts";

export interface ServedHttp {
  readonly url: string;
  readonly server: Server;
  /** Headers of every request so far, oldest first. */
  readonly seen: IncomingMessage["headers"][];
  close(): Promise<void>;
}

/** Any listener on a port of this machine, a free one unless said otherwise. */
export async function serveHttp(listener: RequestListener, port = 0): Promise<ServedHttp> {
  const seen: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    listener(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    server,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface ServedModern extends ServedHttp {
  /** Tells of changes. */
  readonly notifier: ServerNotifier;
  /** Streams on which it tells of changes at the moment. */
  readonly streams: number;
}

/** What stands before a server: true for what it has answered itself. */
type Doorkeeper = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** A server of today as its SDK serves it, which speaks the new era alone; to everybody unless a doorkeeper says otherwise. */
export async function serveModern(
  build: McpServerFactory = buildSdkServer,
  port = 0,
  doorkeeper?: Doorkeeper,
): Promise<ServedModern> {
  const bus = new InMemoryServerEventBus();
  const handler = createMcpHandler(build, { legacy: "reject", bus });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if ((await doorkeeper?.(request, response)) === true) return;
    await answer(request, response, (asked) => handler.fetch(asked));
  };
  const served = await serveHttp((request, response) => void serve(request, response), port);
  return {
    ...served,
    notifier: handler.notify,
    get streams() {
      return bus.listenerCount;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  fetch: (request: Request) => Promise<Response>,
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const body = await buffer(request);
  const answered = await fetch(
    new Request(`http://${request.headers.host}${request.url}`, {
      method: request.method ?? "POST",
      headers: Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(body.length > 0 && { body: new Uint8Array(body) }),
      signal: gone.signal,
    }),
  );
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  if (answered.body === null) response.end();
  else
    Readable.fromWeb(answered.body)
      .on("error", () => {})
      .pipe(response);
}
