import { createServer, type RequestListener } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";

/** One of several servers that others wrote, on the official SDK: forked by `start-house.ts`, it says when it listens. */
const { name, port, version } = JSON.parse(process.argv[2] ?? "") as { name: string; port: number; version: number };

const handler = createMcpHandler(() => {
  const server = new McpServer({ name, version: `1.0.${version}` });
  server.registerTool(
    `report_${name.replace("-", "_")}`,
    {
      description: `Says how ${name} is.`,
      inputSchema: z.object({}),
      outputSchema: z.object({ house: z.string(), deployed: z.int() }),
      annotations: { readOnlyHint: true },
    },
    () => {
      const structuredContent = { house: name, deployed: version };
      return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
    },
  );
  return server;
});

const server = createServer(toNodeHandler(handler) as RequestListener);
server.listen(port, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.send?.({ port: address.port });
});
// Nothing more is taken, and what is under way has so long: subscriptions would keep it for ever.
const GRACE_MS = 200;
process.once("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), GRACE_MS);
});
process.once("disconnect", () => process.exit(1));
