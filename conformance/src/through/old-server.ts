import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface OldServer {
  readonly url: string;
  close(): Promise<void>;
}

const refusal = JSON.stringify({
  jsonrpc: "2.0",
  id: null,
  error: { code: -32000, message: "Bad Request: Unsupported protocol version (supported versions: 2025-11-25)" },
});

/** Makes a server of both eras one of 2025 alone: what belongs to a later revision is refused as old servers refuse it. */
export async function startOldServer(behind: string): Promise<OldServer> {
  const server = createServer((incoming, outgoing) => {
    if (incoming.headers["mcp-protocol-version"] !== "2026-07-28") return passOn(behind, incoming, outgoing);
    incoming.resume();
    outgoing.writeHead(400, { "content-type": "application/json" }).end(refusal);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function passOn(behind: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { host } = new URL(behind);
  const headers = { ...incoming.headers, host };
  const sent = request(behind, { method: incoming.method, headers, agent: false }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.flushHeaders();
    answer.pipe(outgoing);
  });
  sent.once("error", () => outgoing.destroy());
  // Whoever goes away here has gone away there.
  outgoing.once("close", () => sent.destroy());
  incoming.pipe(sent);
}
