import { InMemoryTaskStore } from "@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js";
import { completable } from "@modelcontextprotocol/sdk/server/completable.js";
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  type CallToolResult,
  CreateMessageResultSchema,
  ElicitResultSchema,
  ListRootsResultSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import {
  complete,
  everyKind,
  failed,
  greeting,
  type Happenings,
  items,
  listed,
  noteAt,
  people,
  question,
  sampling,
  text,
  weighed,
} from "./offering.ts";

const taskStore = new InMemoryTaskStore();
const tasks = { requests: { tools: { call: {} } }, cancel: {} };

/** A server of 2025-11-25 on the official SDK of that time; `scheme` is that of its resources' addresses. */
export function buildOldServer(scheme: string, happenings: Happenings): McpServer {
  const server = new McpServer(
    { name: "old", version: "1.0.0" },
    { capabilities: { logging: {}, resources: { subscribe: true }, tools: { listChanged: true }, tasks }, taskStore },
  );
  registerTools(server, scheme);
  registerTask(server);
  registerAsking(server);
  registerSlowTools(server, happenings);
  registerReadables(server, scheme);
  registerChanges(server, scheme, happenings);
  return server;
}

function registerTools(server: McpServer, scheme: string): void {
  server.registerTool("show_all", { description: "Shows one of each kind.", _meta: listed }, () => everyKind(scheme));
  server.registerTool(
    "weigh",
    {
      description: "Weighs so many grams.",
      inputSchema: { grams: z.number() },
      outputSchema: { kilograms: z.number() },
    },
    ({ grams }) => weighed(grams),
  );
  server.registerTool("fail", { description: "Fails." }, failed);
  server.registerTool("tell_meta", { description: "Tells what came in _meta." }, ({ _meta }) =>
    text(JSON.stringify(_meta ?? {})),
  );
}

function registerTask(server: McpServer): void {
  const research = { description: "Looks into it, as a task alone.", execution: { taskSupport: "required" as const } };
  server.experimental.tasks.registerToolTask("research", research, {
    createTask: async ({ taskStore: store }) => {
      const task = await store.createTask({ ttl: 60_000 });
      await store.storeTaskResult(task.taskId, "completed", text("found"));
      return { task };
    },
    getTask: ({ taskId, taskStore: store }) => store.getTask(taskId),
    getTaskResult: async ({ taskId, taskStore: store }) => (await store.getTaskResult(taskId)) as CallToolResult,
  });
}

function registerAsking(server: McpServer): void {
  server.registerTool("ask_name", { description: "Asks who it is." }, async ({ sendRequest }) => {
    const { content } = await sendRequest({ method: "elicitation/create", params: question }, ElicitResultSchema);
    return text(`Hello ${String(content?.["name"])}`);
  });
  server.registerTool("ask_model", { description: "Asks the client's model." }, async ({ sendRequest }) => {
    const request = { method: "sampling/createMessage" as const, params: sampling };
    const { content } = await sendRequest(request, CreateMessageResultSchema);
    return text(content.type === "text" ? content.text : content.type);
  });
  server.registerTool("ask_roots", { description: "Asks where the client works." }, async ({ sendRequest }) => {
    const { roots } = await sendRequest({ method: "roots/list" }, ListRootsResultSchema);
    return text(roots.map(({ uri }) => uri).join(" "));
  });
}

function registerSlowTools(server: McpServer, happenings: Happenings): void {
  server.registerTool("count_up", { description: "Counts to three." }, async ({ _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [1, 2, 3]) {
      const params = { progressToken: progressToken as number, progress, total: 3, message: `at ${progress}` };
      await sendNotification({ method: "notifications/progress", params });
    }
    const said = { level: "warning" as const, logger: "counter", data: { counted: 3 } };
    await sendNotification({ method: "notifications/message", params: said });
    return text("three");
  });
  server.registerTool("wait", { description: "Waits until it is cancelled." }, async ({ signal, ...extra }) => {
    const progressToken = extra._meta?.progressToken;
    const begun = { progressToken: progressToken as number, progress: 1 };
    if (progressToken !== undefined) await extra.sendNotification({ method: "notifications/progress", params: begun });
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    happenings.cancelled += 1;
    return text("cancelled");
  });
  server.registerTool("count_cancelled", { description: "Counts the calls that were cancelled." }, () =>
    text(String(happenings.cancelled)),
  );
}

function registerReadables(server: McpServer, scheme: string): void {
  server.registerResource("note", `${scheme}://note`, { _meta: listed }, ({ href }) => noteAt(href));
  const template = new ResourceTemplate(`${scheme}://items/{id}`, {
    list: undefined,
    complete: { id: (typed) => complete(items, typed) },
  });
  server.registerResource("item", template, {}, ({ href }) => noteAt(href));
  const name = completable(z.string(), (typed) => complete(people, typed));
  server.registerPrompt("greet", { description: "Greets somebody.", argsSchema: { name } }, (args) =>
    greeting(args.name),
  );
}

function registerChanges(server: McpServer, scheme: string, happenings: Happenings): void {
  const extra = server.registerTool("extra", { description: "Is there at times." }, () => text("extra"));
  const inputSchema = { offered: z.boolean() };
  server.registerTool("offer_extra", { description: "Offers extra, or not.", inputSchema }, ({ offered }) => {
    happenings.offersExtra = offered;
    if (offered) extra.enable();
    else extra.disable();
    return text("done");
  });
  const watched = new Set<string>();
  server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    watched.add(params.uri);
    return {};
  });
  server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    watched.delete(params.uri);
    return {};
  });
  server.registerTool("touch_note", { description: "Changes the note." }, async () => {
    const uri = `${scheme}://note`;
    if (watched.has(uri)) await server.server.sendResourceUpdated({ uri });
    return text("done");
  });
}
