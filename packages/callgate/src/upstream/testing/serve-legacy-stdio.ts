import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { RootsListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

// A server of 2025 as a child, which keeps the roots that it was told until it hears that they have changed.
const server = new McpServer({ name: "rooted", version: "1.0.0" });
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
await server.connect(new StdioServerTransport());
