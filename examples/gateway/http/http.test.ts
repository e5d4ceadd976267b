import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTool, connectThrough, REVISIONS, textOf, toolsOf } from "../testing/connect-through.ts";
import { type StartedServer, startServer } from "../testing/start-server.ts";
import { readEverything, useEverything } from "../testing/use-everything.ts";

const HERE = import.meta.dirname;
const EVERYTHING = fileURLToPath(import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js"));
const tokens = { BERTHS_TOKEN: "token-of-the-berths", TIDES_TOKEN: "token-of-the-tides" };

let servers: readonly StartedServer[] = [];
beforeAll(async () => {
  servers = await Promise.all([
    startServer([join(HERE, "servers", "berths.ts")], tokens),
    startServer([join(HERE, "servers", "tides.ts")], tokens),
    startServer([EVERYTHING, "streamableHttp"], {}),
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

describe.each(REVISIONS)("servers over HTTP, of either era, to the official client, speaking %s", (revision) => {
  // The gate finds no lock file there: what the servers offer is accepted.
  const state = mkdtempSync(join(tmpdir(), "callgate-harbour-"));
  let client: Client;
  beforeAll(async () => {
    const config = pathToFileURL(join(HERE, "callgate.config.ts")).href;
    writeFileSync(join(state, "callgate.config.ts"), `export { default } from "${config}";`);
    const [berths, tides, everything] = servers.map(({ url }) => url);
    const urls = { BERTHS_URL: `${berths}`, TIDES_URL: `${tides}`, EVERYTHING_URL: `${everything}` };
    client = await connectThrough({ revision, folder: state, environment: { ...tokens, ...urls } });
  }, 60_000);
  afterAll(async () => {
    await client.close();
    rmSync(state, { recursive: true, force: true });
  });

  const call = (name: string, args?: Record<string, unknown>) => callTool(client, name, args);

  it("[G1] [G7] shows the tools, resources and prompts of all of them", async () => {
    const counted = ["berths", "tides", "weather"].map(async (server) => (await toolsOf(client, server)).length);
    expect(await Promise.all(counted)).toEqual([2, 2, 2]);
    const resources = (await client.listResources()).resources.map(({ uri }) => uri);
    expect(resources).toEqual(expect.arrayContaining(["berths://map", "tides://stations", "weather://warnings"]));
    const templates = (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate);
    expect(templates).toHaveLength(5);
    const prompts = (await client.listPrompts()).prompts.map(({ name }) => name);
    expect(prompts).toEqual(expect.arrayContaining(["plan_arrival", "explain_tide", "brief_skipper"]));
    expect(prompts).toHaveLength(7);
  }, 60_000);

  it("[G1] [G4] uses a server of 2026 that wants a token", async () => {
    const { structuredContent } = await call("find_berths", { length: 7 });
    expect(structuredContent).toMatchObject({ berths: expect.any(Array) });
    const booking = {
      berth: revision === REVISIONS[0] ? "north-2" : "north-3",
      boat: revision,
      idempotency_key: revision,
    };
    const preview = await call("book_berth", { ...booking, dry_run: true });
    expect(textOf(preview)).toContain("cannot preview");
    for (const _time of [1, 2])
      expect((await call("book_berth", booking)).structuredContent).toMatchObject({ boat: revision });
    expect(JSON.stringify(await client.readResource({ uri: "berths://map" }))).toContain("Albatross");
    expect(JSON.stringify(await client.readResource({ uri: "berths://berth/north-1" }))).toContain("Albatross");
    const { messages } = await client.getPrompt({ name: "plan_arrival", arguments: { boat: "Petrel" } });
    expect(JSON.stringify(messages)).toContain("Petrel");
    const { completion } = await client.complete({
      ref: { type: "ref/resource", uri: "berths://berth/{name}" },
      argument: { name: "name", value: "nor" },
    });
    expect(completion.values).toEqual(["north-1", "north-2", "north-3"]);
  }, 60_000);

  it("[G1] [G4] uses a server of 2025 that wants a token, and asks the client something in the middle of a call", async () => {
    expect((await call("get_tide", { station: "pier" })).structuredContent).toMatchObject({ station: "pier" });
    const reported = await call("report_tide", { station: "buoy", metres: 2.5 });
    expect(textOf(reported)).toContain("Ann reports 2.5 m at buoy");
    expect(JSON.stringify(await client.readResource({ uri: "tides://stations" }))).toContain("buoy");
    expect(JSON.stringify(await client.readResource({ uri: "tides://station/buoy" }))).toContain("2.5");
    const { messages } = await client.getPrompt({ name: "explain_tide", arguments: { station: "buoy" } });
    expect(JSON.stringify(messages)).toContain("buoy");
    const { completion } = await client.complete({
      ref: { type: "ref/resource", uri: "tides://station/{name}" },
      argument: { name: "name", value: "bu" },
    });
    expect(completion.values).toEqual(["buoy"]);
  }, 60_000);

  it("[G1] uses a program of 2025", async () => {
    expect((await call("get_weather")).structuredContent).toMatchObject({ knots: 14 });
    await call("warn_boats", { warning: `gale, says ${revision}` });
    expect(JSON.stringify(await client.readResource({ uri: "weather://warnings" }))).toContain(`says ${revision}`);
    expect(JSON.stringify(await client.readResource({ uri: "weather://day/monday" }))).toContain("monday");
    const { messages } = await client.getPrompt({ name: "brief_skipper", arguments: { boat: "Petrel" } });
    expect(JSON.stringify(messages)).toContain("Petrel");
  }, 60_000);

  it("[G1] uses server-everything over HTTP", async () => {
    const used = await useEverything(client);
    expect(used.toSorted()).toEqual((await toolsOf(client, "everything")).toSorted());
    expect(await readEverything(client)).toContain("Alice");
  }, 120_000);
});
