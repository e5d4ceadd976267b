import { acceptedContent, inputRequired, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";

/** A server of today on the official SDK, with one tool for each thing that may happen on the way of a call. */
export function buildSdkServer(): McpServer {
  const server = new McpServer(
    { name: "today", version: "1.0.0" },
    {
      capabilities: { logging: {}, tools: { listChanged: true }, resources: { subscribe: true } },
      instructions: "Be kind.",
    },
  );
  server.registerTool("echo", { inputSchema: z.object({ words: z.string() }) }, ({ words }) => ({
    content: [{ type: "text", text: words }],
    structuredContent: { words },
    _meta: { "org.example/kept": { deeply: [1, null] } },
  }));
  server.registerTool("ask", { inputSchema: z.object({}) }, (_, { mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "name", z.object({ name: z.string() }));
    if (answer !== undefined)
      return { content: [{ type: "text", text: `${answer.name}, ${String(mcpReq.requestState())}` }] };
    return inputRequired({
      inputRequests: {
        name: inputRequired.elicit({ message: "Who?", requestedSchema: z.object({ name: z.string() }) }),
      },
      requestState: "from round one",
    });
  });
  registerSlowTools(server);
  server.registerTool(
    "route",
    { inputSchema: z.object({ region: z.string().meta({ "x-mcp-header": "Region" }) }) },
    ({ region }) => ({ content: [{ type: "text", text: region }] }),
  );
  server.registerResource("note", "note://one", {}, (uri) => ({ contents: [{ uri: uri.href, text: "a note" }] }));
  server.registerPrompt("greet", { argsSchema: z.object({ name: z.string() }) }, ({ name }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Hello ${name}` } }],
  }));
  return server;
}

function registerSlowTools(server: McpServer): void {
  server.registerTool("steps", { inputSchema: z.object({ count: z.number() }) }, async ({ count }, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (let progress = 1; progress <= count; progress++) {
      if (progressToken === undefined) continue;
      await mcpReq.notify({
        method: "notifications/progress",
        params: { progressToken, progress, total: count, message: `step ${progress}` },
      });
    }
    await mcpReq.log("warning", "nearly there");
    return { content: [] };
  });
  server.registerTool("endless", { inputSchema: z.object({}) }, async (_, { mcpReq }) => {
    endless.started();
    await new Promise<void>((resolve) => {
      mcpReq.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    endless.cancelled();
    return { content: [] };
  });
}

/** What happens to the calls of `endless`, in this process. */
export const endless: { started(): void; cancelled(): void } = { started() {}, cancelled() {} };
