import { once } from "node:events";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { RootsListChangedNotificationSchema, SubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

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
/** Asks without naming a call, as its SDK does where no request is given. */
const askName = (): Promise<string> => {
  const properties = { name: { type: "string" as const } };
  const params = { message: "Confirm the transfer.", requestedSchema: { type: "object" as const, properties } };
  return server.server.elicitInput(params).then(
    ({ action, content }) => `${action} ${String(content?.["name"])}`,
    (error: unknown) => String(error),
  );
};
server.registerTool("ask_name", {}, async () => text(await askName()));
let learn: (name: string) => void;
const learnt = new Promise<string>((resolve) => {
  learn = resolve;
});
server.registerTool("learnt", {}, async () => text(await learnt));
/** Goes on after it was given up, and is answered only where that is wanted. */
server.registerTool("ask_late", { inputSchema: { answered: z.boolean() } }, async ({ answered }, extra) => {
  if (!extra.signal.aborted) await once(extra.signal, "abort");
  const name = await askName();
  // The SDK answers nothing that was given up; others do.
  const late = { jsonrpc: "2.0", id: extra.requestId, result: text("late") };
  if (answered) process.stdout.write(`${JSON.stringify(late)}\n`);
  learn(name);
  return text(name);
});
server.registerTool("end", {}, () => process.exit());
await server.connect(new StdioServerTransport());
