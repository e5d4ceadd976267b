import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CallToolResult, Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const HERE = import.meta.dirname;
const CALLGATE = fileURLToPath(new URL("../../packages/callgate/bin/callgate.js", import.meta.url));

describe.each(["2026-07-28", "2025-11-25"] as const)("the official client, speaking %s", (revision) => {
  const state = mkdtempSync(join(tmpdir(), "callgate-gateway-"));
  const folder = `test-${revision}-${process.pid}`;
  let client: Client;

  beforeAll(async () => {
    client = new Client(
      { name: "test", version: "1" },
      {
        capabilities: { elicitation: {}, sampling: {}, roots: {} },
        versionNegotiation: revision === "2026-07-28" ? { mode: "auto" } : { mode: "legacy" },
      },
    );
    client.setRequestHandler("elicitation/create", ({ params }) => ({ action: "accept", content: agreed(params) }));
    client.setRequestHandler("sampling/createMessage", () => ({
      model: "none",
      role: "assistant",
      content: { type: "text", text: "sampled" },
    }));
    client.setRequestHandler("roots/list", () => ({ roots: [{ uri: "file:///srv", name: "srv" }] }));
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [CALLGATE, "start", "--stdio"],
        cwd: HERE,
        env: { ...inherited(), GATEWAY_STATE: state, NODE_ENV: "production", CALLGATE_LOG: "fatal" },
      }),
    );
  }, 60_000);

  afterAll(async () => {
    await client.close();
    rmSync(join(HERE, "data", folder), { recursive: true, force: true });
    rmSync(state, { recursive: true, force: true });
  });

  async function call(name: string, args: Record<string, unknown> = {}): Promise<CallToolResult> {
    const result = await client.callTool({ name, arguments: args });
    expect(result.isError, `${name}: ${JSON.stringify(result.content)}`).not.toBe(true);
    return result;
  }

  const text = ({ content }: CallToolResult): string => JSON.stringify(content);

  it("[G1] sees the tools, resources and prompts of all three servers", async () => {
    const { tools } = await client.listTools();
    const of = (domain: string) => tools.filter(({ _meta }) => _meta?.["io.callgate/domain"] === domain).length;
    expect([of("everything"), of("files"), of("memory")]).toEqual([17, 14, 9]);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain("memory://knowledge-graph");
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(2);
    expect((await client.listPrompts()).prompts).toHaveLength(4);
  }, 60_000);

  it("[G1] uses every tool of the everything server", async () => {
    // It takes seconds: a client that knows no tasks gets its result if that comes in time, else where to look for it.
    const research = call("simulate-research-query", { topic: "bees" });
    expect(text(await call("echo", { message: "hi" }))).toContain("Echo: hi");
    expect(text(await call("get-sum", { a: 2, b: 3 }))).toContain("5");
    expect(text(await call("get-tiny-image"))).toContain("image/png");
    const { structuredContent } = await call("get-structured-content", { location: "Chicago" });
    expect(structuredContent).toMatchObject({ temperature: expect.any(Number) });
    await call("get-annotated-message", { messageType: "success" });
    await call("get-env");
    await call("get-resource-links", { count: 2 });
    await call("get-resource-reference", { resourceType: "Text", resourceId: 1 });
    await call("get-roots-list");
    await call("toggle-simulated-logging");
    await call("toggle-subscriber-updates");
    await call("trigger-long-running-operation", { duration: 0.2, steps: 2 });
    expect(text(await call("trigger-elicitation-request"))).toContain("Ann");
    expect(text(await call("trigger-sampling-request", { prompt: "hi", maxTokens: 5 }))).toContain("sampled");
    await call("gzip-file-as-resource", { name: "a.gz", data: "data:text/plain,hello", outputType: "resource" });
    expect(text(await research)).toMatch(/bees|get_task/);
  }, 120_000);

  it("[G1] uses every tool of the filesystem server, and agrees to what takes something away", async () => {
    const at = (name: string): string => `${folder}/${name}`;
    await call("create_directory", { path: folder });
    await call("write_file", { path: at("a.txt"), content: "one\ntwo\n" });
    await call("edit_file", { path: at("a.txt"), edits: [{ oldText: "two", newText: "three" }] });
    expect((await call("read_text_file", { path: at("a.txt") })).structuredContent).toEqual({
      content: "one\nthree\n",
    });
    await call("move_file", { source: at("a.txt"), destination: at("b.txt") });
    await call("read_file", { path: at("b.txt") });
    await call("read_media_file", { path: at("b.txt") });
    expect(text(await call("read_multiple_files", { paths: [at("b.txt"), "welcome.txt"] }))).toContain("Welcome");
    await call("get_file_info", { path: at("b.txt") });
    await call("list_allowed_directories");
    for (const name of ["list_directory", "list_directory_with_sizes", "directory_tree"])
      expect(text(await call(name, { path: folder })), name).toContain("b.txt");
    await call("search_files", { path: folder, pattern: "*.txt" });
  }, 120_000);

  it("[G1] uses every tool of the memory server", async () => {
    const ann = { name: "Ann", entityType: "person", observations: ["likes rooms with a view"] };
    const knows = { from: "Ann", to: "Bob", relationType: "knows" };
    await call("create_entities", { entities: [ann, { ...ann, name: "Bob" }] });
    await call("create_relations", { relations: [knows] });
    await call("add_observations", { observations: [{ entityName: "Ann", contents: ["books early"] }] });
    expect(text(await call("search_nodes", { query: "early" }))).toContain("Ann");
    await call("open_nodes", { names: ["Ann"] });
    await call("delete_observations", { deletions: [{ entityName: "Ann", observations: ["books early"] }] });
    await call("delete_relations", { relations: [knows] });
    await call("delete_entities", { entityNames: ["Bob"] });
    const { structuredContent } = await call("read_graph");
    expect(structuredContent).toMatchObject({ entities: [{ name: "Ann" }], relations: [] });
  }, 120_000);

  it("[G1] reads resources and templates, gets prompts, and is told what would fit", async () => {
    const graph = await client.readResource({ uri: "memory://knowledge-graph" });
    expect(JSON.stringify(graph)).toContain("Ann");
    const dynamic = await client.readResource({ uri: "demo://resource/dynamic/text/1" });
    expect(JSON.stringify(dynamic)).toContain("Resource 1");
    const { messages } = await client.getPrompt({ name: "args-prompt", arguments: { city: "Amsterdam" } });
    expect(JSON.stringify(messages)).toContain("Amsterdam");
    const { completion } = await client.complete({
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "name", value: "" },
      context: { arguments: { department: "Engineering" } },
    });
    expect(completion.values).toContain("Alice");
  }, 60_000);
});

/** A form's fields, each with something that fits it. */
function agreed(params: unknown): Record<string, string | number | boolean> {
  const { requestedSchema } = params as {
    requestedSchema?: { properties?: Record<string, { type?: string }>; required?: string[] };
  };
  const { properties = {}, required = [] } = requestedSchema ?? {};
  const fits = { string: "Ann", number: 1, integer: 1, boolean: true } as const;
  return Object.fromEntries(
    required.map((name) => [name, fits[(properties[name]?.type ?? "string") as keyof typeof fits]]),
  );
}

function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
