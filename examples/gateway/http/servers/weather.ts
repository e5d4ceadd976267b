import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

/** The weather of a harbour: a program, spoken to over stdin and stdout, on the official SDK of 2025. */
const warnings: string[] = [];
const server = new McpServer({ name: "weather", version: "1.0.0" });

server.registerTool(
  "get_weather",
  {
    description: "Get the wind at the harbour, and the warnings that hold.",
    inputSchema: {},
    outputSchema: { knots: z.number(), warnings: z.array(z.string()) },
    annotations: { readOnlyHint: true },
  },
  () => {
    const weather = { knots: 14, warnings };
    return { content: [{ type: "text", text: JSON.stringify(weather) }], structuredContent: weather };
  },
);
server.registerTool(
  "warn_boats",
  { description: "Warn all boats in the harbour.", inputSchema: { warning: z.string() } },
  ({ warning }) => {
    warnings.push(warning);
    return { content: [{ type: "text", text: `Warned of: ${warning}` }] };
  },
);
server.registerResource("warnings", "weather://warnings", { description: "All warnings" }, (uri) => ({
  contents: [{ uri: uri.href, text: JSON.stringify(warnings) }],
}));
server.registerResource(
  "day",
  new ResourceTemplate("weather://day/{day}", { list: undefined }),
  { description: "The weather of one day" },
  (uri, { day }) => ({ contents: [{ uri: uri.href, text: `${String(day)}: 14 knots` }] }),
);
server.registerPrompt(
  "brief_skipper",
  { description: "Brief a skipper on the weather.", argsSchema: { boat: z.string() } },
  ({ boat }) => ({ messages: [{ role: "user", content: { type: "text", text: `Brief the skipper of ${boat}.` } }] }),
);

await server.connect(new StdioServerTransport());
