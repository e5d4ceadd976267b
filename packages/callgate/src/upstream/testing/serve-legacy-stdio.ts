import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { RootsListChangedNotificationSchema, SubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js";

// A server of 2025 as a child, which keeps the roots that it was told until it hears that they have changed, and what it
// was asked to tell of until it is told to end.
const server = new McpServer(
  { name: "keeper", version: "1.0.0" },
  { capabilities: { resources: { subscribe: true } } },
);
let kept = "nothing";
const ask = async (): Promise<string> => {
  const { roots } = await server.server.listRoots();
  kept = roots.map(({ uri }) => uri).join(" ");
  return kept;
};
const text = (words: string) => ({ content: [{ type: "text" as const, text: words }] });
server.registerTool("ask_roots", {}, async () => text(await ask()));
server.registerTool("kept_roots", {}, () => text(kept));
server.server.setNotificationHandler(RootsListChangedNotificationSchema, async () => void (await ask()));
const watched: string[] = [];
server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
  watched.push(params.uri);
  return {};
});
server.registerTool("watched", {}, () => text(watched.join(" ")));
server.registerTool("end", {}, () => process.exit());
await server.connect(new StdioServerTransport());
