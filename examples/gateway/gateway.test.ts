import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTool, connectThrough, REVISIONS, textOf, toolsOf } from "./testing/connect-through.ts";
import { readEverything, useEverything } from "./testing/use-everything.ts";

const HERE = import.meta.dirname;

describe.each(REVISIONS)("the official client, speaking %s", (revision) => {
  const state = mkdtempSync(join(tmpdir(), "callgate-gateway-"));
  const folder = `test-${revision}-${process.pid}`;
  let client: Client;

  beforeAll(async () => {
    const environment = { GATEWAY_STATE: state, NODE_ENV: "production" };
    client = await connectThrough({ revision, folder: HERE, environment });
  }, 60_000);

  afterAll(async () => {
    await client.close();
    rmSync(join(HERE, "data", folder), { recursive: true, force: true });
    rmSync(state, { recursive: true, force: true });
  });

  const call = (name: string, args?: Record<string, unknown>) => callTool(client, name, args);

  it("[G1] sees the tools, resources and prompts of all three servers", async () => {
    const counted = ["everything", "files", "memory"].map(async (server) => (await toolsOf(client, server)).length);
    expect(await Promise.all(counted)).toEqual([17, 14, 9]);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain("memory://knowledge-graph");
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(2);
    expect((await client.listPrompts()).prompts).toHaveLength(4);
  }, 60_000);

  it("[G1] uses every tool of the everything server", async () => {
    const used = await useEverything(client);
    expect(used.toSorted()).toEqual((await toolsOf(client, "everything")).toSorted());
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
    expect(textOf(await call("read_multiple_files", { paths: [at("b.txt"), "welcome.txt"] }))).toContain("Welcome");
    await call("get_file_info", { path: at("b.txt") });
    await call("list_allowed_directories");
    for (const name of ["list_directory", "list_directory_with_sizes", "directory_tree"])
      expect(textOf(await call(name, { path: folder })), name).toContain("b.txt");
    await call("search_files", { path: folder, pattern: "*.txt" });
  }, 120_000);

  it("[G1] uses every tool of the memory server", async () => {
    const ann = { name: "Ann", entityType: "person", observations: ["likes rooms with a view"] };
    const knows = { from: "Ann", to: "Bob", relationType: "knows" };
    await call("create_entities", { entities: [ann, { ...ann, name: "Bob" }] });
    await call("create_relations", { relations: [knows] });
    await call("add_observations", { observations: [{ entityName: "Ann", contents: ["books early"] }] });
    expect(textOf(await call("search_nodes", { query: "early" }))).toContain("Ann");
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
    expect(await readEverything(client)).toContain("Alice");
  }, 60_000);
});
