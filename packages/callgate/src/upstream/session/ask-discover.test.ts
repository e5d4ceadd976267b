import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { connectHttp } from "../connect-http.ts";
import { soon } from "../testing/request-options.ts";
import { silentLog } from "../testing/silent-log.ts";

/** What is asked of a server that refuses the revision of the first request, and names these as what it takes. */
async function methodsAsked(supported: readonly string[]): Promise<readonly string[]> {
  const methods: string[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { id, method } = JSON.parse(Buffer.concat(chunks).toString()) as { id: number; method: string };
    methods.push(method);
    const error = { code: -32022, message: "Unsupported protocol version", data: { supported } };
    const result = { resultType: "complete", supportedVersions: supported, capabilities: {}, tools: [] };
    const answer = methods.length === 1 ? { error } : { result };
    response.writeHead(methods.length === 1 ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  };
  const server = createServer((request, response) => void take(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const connection = connectHttp({ name: "crm", url, log: silentLog });
  await connection.discover(soon()).catch(() => undefined);
  await connection.close();
  server.closeAllConnections();
  server.close();
  return methods;
}

it("[G7] a server that refuses the revision and names it among those it takes is asked again, and is no old one", async () => {
  const methods = await methodsAsked(["2026-07-28"]);
  expect(methods.slice(0, 2)).toEqual(["server/discover", "server/discover"]);
  expect(methods).not.toContain("initialize");
});

it("[G7] a server that takes other revisions alone is spoken to as an old one", async () => {
  expect((await methodsAsked(["2025-11-25"])).slice(0, 2)).toEqual(["server/discover", "initialize"]);
});
