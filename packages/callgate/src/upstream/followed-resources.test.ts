import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { McpServer as ModernServer } from "@modelcontextprotocol/server";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openTestGate, type TestGate } from "../gate/testing/open-test-gate.ts";
import type { SubscriptionFilter } from "../wire/exchange.ts";
import { isWithin } from "./is-within.ts";
import { serveModern } from "./testing/serve-http.ts";
import { serveLegacy } from "./testing/serve-legacy.ts";
import { upstream } from "./upstream.ts";

const UPDATED = "notifications/resources/updated";
const [one, two] = ["note://one", "note://two"];

/** A server with two notes, as far as the test uses it. */
interface Notes {
  readonly url: string;
  /** The addresses that it was asked to tell of, each as often as it was. */
  readonly watched: () => readonly string[];
  readonly updated: (uri: string) => void;
  readonly close: () => Promise<void>;
}

async function startOld(port = 0): Promise<Notes> {
  const watched: string[] = [];
  const served = await serveLegacy(() => {
    const server = new McpServer(
      { name: "notes", version: "1.0.0" },
      { capabilities: { resources: { subscribe: true } } },
    );
    for (const uri of [one, two]) server.registerResource(uri, uri, {}, () => ({ contents: [{ uri, text: uri }] }));
    server.server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
      watched.push(params.uri);
      return {};
    });
    server.server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
      watched.splice(watched.indexOf(params.uri), 1);
      return {};
    });
    return server;
  }, port);
  const updated = (uri: string): void => {
    for (const { server } of served.sessions.values()) void server.server.sendResourceUpdated({ uri });
  };
  return { url: served.url, watched: () => watched.toSorted(), updated, close: () => served.close() };
}

async function startNew(port = 0): Promise<Notes> {
  const served = await serveModern(() => {
    const server = new ModernServer(
      { name: "notes", version: "1.0.0" },
      { capabilities: { resources: { subscribe: true } } },
    );
    for (const uri of [one, two]) server.registerResource(uri, uri, {}, () => ({ contents: [{ uri, text: uri }] }));
    return server;
  }, port);
  // Its one stream beside that for lists tells of all that is asked for: how many there are is what can be seen.
  const watched = () => Array.from({ length: Math.max(0, served.streams - 1) }, () => "stream");
  return {
    url: served.url,
    watched,
    updated: (uri) => served.notifier.resourceUpdated(uri),
    close: () => served.close(),
  };
}

const eras = [
  { era: "2025", start: startOld, both: [one, two] },
  { era: "2026", start: startNew, both: ["stream"] },
];

describe.each(eras)("[G7] the resources of a server of $era", ({ start, both }) => {
  let folder: string;
  let notes: Notes;
  let gate: TestGate;
  const leaving: (() => void)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "callgate-followed-"));
    notes = await start();
    const lockFile = join(folder, "callgate.lock.json");
    gate = await openTestGate([upstream("notes", { url: notes.url, scope: "notes:read", lockFile })]);
  });
  afterEach(() => {
    for (const leave of leaving.splice(0)) leave();
  });
  afterAll(async () => {
    await gate.close();
    await notes.close();
    await rm(folder, { recursive: true });
  });

  /** What this caller hears from now on. */
  async function listen(who: string, ...resourceSubscriptions: string[]) {
    const heard: unknown[] = [];
    const wanted: SubscriptionFilter = {
      toolsListChanged: false,
      promptsListChanged: false,
      resourcesListChanged: false,
      resourceSubscriptions,
    };
    const sink = {
      emit: ({ method, params }: { method: string; params: object }) => void heard.push({ method, ...params }),
      end: () => {},
    };
    const opened = await gate.gate.host.listen(gate.as(who).exchange("subscriptions/listen", {}), wanted, sink);
    if ("kind" in opened) throw new Error(opened.message);
    leaving.push(() => opened.close());
    return { heard, honoured: opened.honoured.resourceSubscriptions, close: () => opened.close() };
  }

  it("are heard of by whoever listens for them, by one subscription that ends with the last", async () => {
    const ann = await listen("ann", one);
    const ben = await listen("ben", one, two);
    await expect.poll(notes.watched).toEqual(both);
    notes.updated(one);
    await expect
      .poll(() => [ann.heard, ben.heard])
      .toEqual([[{ method: UPDATED, uri: one }], [{ method: UPDATED, uri: one }]]);
    ann.close();
    notes.updated(two);
    await expect.poll(() => ben.heard).toContainEqual({ method: UPDATED, uri: two });
    expect(ann.heard).toHaveLength(1);
    ben.close();
    await expect.poll(notes.watched).toEqual([]);
  });

  it("are heard of, and followed, by nobody who does not see them", async () => {
    const clerk = await listen("clerk:cora", one);
    expect(clerk.honoured).toEqual([]);
    await expect.poll(notes.watched).toEqual([]);
  });

  it("are followed again once the server is back, and count as changed, though nobody asks anything", async () => {
    const { heard } = await listen("ann", one);
    const { port } = new URL(notes.url);
    await notes.close();
    notes = await start(Number(port));
    await expect.poll(() => heard).toEqual([{ method: UPDATED, uri: one }]);
    expect(notes.watched()).toEqual(both.slice(0, 1));
    notes.updated(one);
    await expect.poll(() => heard).toHaveLength(2);
  });
});

it("[G7] a part of a resource is within it, and its neighbour is not", () => {
  expect(["a://b", "a://b/c", "a://b?c", "a://b#c", "a://bc", "a://"].map((uri) => isWithin(uri, "a://b"))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(isWithin("a://b/c", "a://b/")).toBe(true);
});
