import {
  acceptedContent,
  completable,
  inputRequired,
  inputResponse,
  McpServer,
  ResourceTemplate,
  type ServerNotifier,
} from "@modelcontextprotocol/server";
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

export interface NewServerOptions {
  /** Of its resources' addresses. */
  readonly scheme: string;
  readonly happenings: Happenings;
  /** Tells of changes over HTTP, where each request has a server of its own; undefined: the one server tells. */
  readonly notifier: () => ServerNotifier | undefined;
}

/** A server of 2026-07-28 on the official SDK of today. */
export function buildNewServer(options: NewServerOptions): McpServer {
  const server = new McpServer(
    { name: "new", version: "1.0.0" },
    { capabilities: { logging: {}, resources: { subscribe: true }, tools: { listChanged: true } } },
  );
  registerTools(server, options.scheme);
  registerAsking(server);
  registerSlowTools(server, options.happenings);
  registerReadables(server, options.scheme);
  registerChanges(server, options);
  return server;
}

const nothing = z.object({});

function registerTools(server: McpServer, scheme: string): void {
  const described = { description: "Shows one of each kind.", inputSchema: nothing, _meta: listed };
  server.registerTool("show_all", described, () => everyKind(scheme));
  server.registerTool(
    "weigh",
    {
      description: "Weighs so many grams.",
      inputSchema: z.object({ grams: z.number() }),
      outputSchema: z.object({ kilograms: z.number() }),
    },
    ({ grams }) => weighed(grams),
  );
  server.registerTool("fail", { description: "Fails.", inputSchema: nothing }, failed);
  const tells = { description: "Tells what came in _meta.", inputSchema: nothing };
  server.registerTool("tell_meta", tells, (_, { mcpReq }) => text(JSON.stringify(mcpReq._meta ?? {})));
}

function registerAsking(server: McpServer): void {
  const asks = (what: string) => ({ description: `Asks ${what}.`, inputSchema: nothing });
  server.registerTool("ask_name", asks("who it is"), (_, { mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "name", z.object({ name: z.string() }));
    if (answer !== undefined) return text(`Hello ${answer.name}`);
    return inputRequired({ inputRequests: { name: inputRequired.elicit(question) } });
  });
  server.registerTool("ask_model", asks("the client's model"), (_, { mcpReq }) => {
    const view = inputResponse(mcpReq.inputResponses, "words");
    if (view.kind !== "sampling")
      return inputRequired({ inputRequests: { words: inputRequired.createMessage(sampling) } });
    const { content } = view.result;
    return text("text" in content ? content.text : "no words");
  });
  server.registerTool("ask_roots", asks("where the client works"), (_, { mcpReq }) => {
    const view = inputResponse(mcpReq.inputResponses, "roots");
    if (view.kind !== "roots") return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
    return text(view.roots.map(({ uri }) => uri).join(" "));
  });
}

function registerSlowTools(server: McpServer, happenings: Happenings): void {
  server.registerTool("count_up", { description: "Counts to three.", inputSchema: nothing }, async (_, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [1, 2, 3]) {
      const params = { progressToken: progressToken as number, progress, total: 3, message: `at ${progress}` };
      await mcpReq.notify({ method: "notifications/progress", params });
    }
    await mcpReq.log("warning", { counted: 3 }, "counter");
    return text("three");
  });
  const waits = { description: "Waits until it is cancelled.", inputSchema: nothing };
  server.registerTool("wait", waits, async (_, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    const begun = { progressToken: progressToken as number, progress: 1 };
    if (progressToken !== undefined) await mcpReq.notify({ method: "notifications/progress", params: begun });
    await new Promise<void>((resolve) => {
      mcpReq.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    happenings.cancelled += 1;
    return text("cancelled");
  });
  const counts = { description: "Counts the calls that were cancelled.", inputSchema: nothing };
  server.registerTool("count_cancelled", counts, () => text(String(happenings.cancelled)));
}

function registerReadables(server: McpServer, scheme: string): void {
  server.registerResource("note", `${scheme}://note`, { _meta: listed }, ({ href }) => noteAt(href));
  const template = new ResourceTemplate(`${scheme}://items/{id}`, {
    list: undefined,
    complete: { id: (typed) => complete(items, typed) },
  });
  server.registerResource("item", template, {}, ({ href }) => noteAt(href));
  const name = completable(z.string(), (typed) => complete(people, typed ?? ""));
  const described = { description: "Greets somebody.", argsSchema: z.object({ name }) };
  server.registerPrompt("greet", described, (args) => greeting(args.name));
}

function registerChanges(server: McpServer, { scheme, happenings, notifier }: NewServerOptions): void {
  const described = { description: "Is there at times.", inputSchema: nothing };
  const extra = server.registerTool("extra", described, () => text("extra"));
  if (!happenings.offersExtra) extra.disable();
  const offers = { description: "Offers extra, or not.", inputSchema: z.object({ offered: z.boolean() }) };
  server.registerTool("offer_extra", offers, ({ offered }) => {
    happenings.offersExtra = offered;
    const tell = notifier();
    if (tell !== undefined) tell.toolsChanged();
    else if (offered) extra.enable();
    else extra.disable();
    return text("done");
  });
  server.registerTool("touch_note", { description: "Changes the note.", inputSchema: nothing }, async () => {
    const uri = `${scheme}://note`;
    const tell = notifier();
    if (tell === undefined) await server.server.sendResourceUpdated({ uri });
    else tell.resourceUpdated(uri);
    return text("done");
  });
}
