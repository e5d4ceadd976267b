import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Server } from "@modelcontextprotocol/server";
import { proxyServer, startHTTPServer } from "mcp-proxy";
import { readPort } from "../port-argument.ts";
import { readPlace } from "./upstream-place.ts";

// mcp-proxy's command starts servers over stdio alone. These are its functions, put together as its command does, before
// a server over HTTP.
const client = new Client({ name: "mcp-proxy", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
await client.connect(new StreamableHTTPClientTransport(new URL(readPlace().url)));
const serverCapabilities = client.getServerCapabilities() ?? {};
const identity = client.getServerVersion() ?? { name: "mcp-proxy", version: "1.0.0" };

await startHTTPServer({
  createServer: async () => {
    const server = new Server(identity, { capabilities: serverCapabilities });
    await proxyServer({ client, server, serverCapabilities });
    return server;
  },
  eventStore: false,
  host: "127.0.0.1",
  port: readPort(),
  sseEndpoint: null,
});
