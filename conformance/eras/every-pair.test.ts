import type { CallToolResult } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectClient, type EraClient } from "./client.ts";
import { everyKind, greeting, listed, noteAt } from "./offering.ts";
import { legs, type RunningHouse, startHouse } from "./start-house.ts";

const LOG_LEVEL = "io.modelcontextprotocol/logLevel";
const unknownMember = { "org.example/asked": { deeply: [1, null, "ü"] } };

let house: RunningHouse;
const clients = new Map<string, EraClient>();
beforeAll(async () => {
  house = await startHouse();
  for (const era of ["2025", "2026"] as const) clients.set(era, await connectClient(house.url, era));
});
afterAll(async () => {
  for (const { client } of clients.values()) await client.close();
  await house.close();
});

const pairs = ["2025", "2026"].flatMap((client) => legs.map((leg) => ({ ...leg, client })));

describe.each(pairs)("[G7] a client of $client and a server of $era over $way", ({ name, client: mine }) => {
  const my = (): EraClient => clientOf(mine);
  const call = (tool: string, args: Record<string, unknown> = {}, more: object = {}): Promise<CallToolResult> =>
    my().client.callTool({ name: `${name}_${tool}`, arguments: args, ...more });
  const says = async (tool: string): Promise<unknown> => textOf(await call(tool));
  const note = `${name}://note`;

  test("content of every kind, annotations, and _meta that nobody knows", async () => {
    const { content, _meta } = await call("show_all");
    const { content: given, _meta: theirs } = everyKind(name);
    expect(content).toEqual(given);
    expect(_meta).toMatchObject({ ...theirs, "io.callgate/upstream": name });
    const { tools } = await my().client.listTools();
    expect(tools.find((tool) => tool.name === `${name}_show_all`)?._meta).toMatchObject(listed);
  });

  test("structured results, and failures as the server words them", async () => {
    expect(await call("weigh", { grams: 1_500 })).toMatchObject({ structuredContent: { kilograms: 1.5 } });
    const failure = await call("fail");
    expect(failure).toMatchObject({ isError: true });
    expect(JSON.stringify(failure.content)).toContain("The scales are broken.");
  });

  test("questions to the client's user, to its model, and for its roots", async () => {
    expect(await says("ask_name")).toBe("Hello Ann");
    expect(await says("ask_model")).toBe("sampled");
    expect(await says("ask_roots")).toBe("file:///srv");
  });

  test("progress, and words for the client's log", async () => {
    const steps: unknown[] = [];
    const { client, heard } = my();
    heard.length = 0;
    const level = mine === "2026" ? { _meta: { [LOG_LEVEL]: "debug" } } : {};
    const asked = { name: `${name}_count_up`, arguments: {}, ...level };
    await client.callTool(asked, {
      onprogress: ({ progress, total, message }) => steps.push([progress, total, message]),
    });
    // The last word may come in one piece with the answer, and this client then drops it.
    expect(steps.slice(0, 2)).toEqual([
      [1, 3, `${name} says: at 1`],
      [2, 3, `${name} says: at 2`],
    ]);
    const data = { server: name, says: { counted: 3 } };
    await expect.poll(() => heard).toContainEqual({ method: "notifications/message", data });
  });

  test("a call that is given up is cancelled in the server", async () => {
    const before = Number(await says("count_cancelled"));
    const giveUp = new AbortController();
    const asked = { name: `${name}_wait`, arguments: {} };
    const waiting = my().client.callTool(asked, { signal: giveUp.signal, onprogress: () => giveUp.abort() });
    await expect(waiting).rejects.toThrow();
    await expect.poll(async () => Number(await says("count_cancelled"))).toBe(before + 1);
  });

  test("resources and templates, with completion and _meta", async () => {
    const { client } = my();
    expect(await client.readResource({ uri: note })).toMatchObject(noteAt(note));
    const lamp = `${name}://items/lamp`;
    expect(await client.readResource({ uri: lamp })).toMatchObject(noteAt(lamp));
    const { resources } = await client.listResources();
    expect(resources.find(({ uri }) => uri === note)?._meta).toMatchObject(listed);
    const ref = { type: "ref/resource" as const, uri: `${name}://items/{id}` };
    const { completion } = await client.complete({ ref, argument: { name: "id", value: "la" } });
    expect(completion.values).toEqual(["lamp", "ladder"]);
  });

  test("prompts, with completion and _meta", async () => {
    const { client } = my();
    const got = await client.getPrompt({ name: `${name}_greet`, arguments: { name: "Ann" } });
    expect(got).toMatchObject({
      ...greeting("Ann"),
      _meta: { ...greeting("Ann")._meta, "io.callgate/upstream": name },
    });
    const ref = { type: "ref/prompt" as const, name: `${name}_greet` };
    const { completion } = await client.complete({ ref, argument: { name: "name", value: "An" } });
    expect(completion.values).toEqual(["Ann", "Annabel"]);
  });

  test("_meta of a request, but for what is not the server's to see", async () => {
    const hidden = {
      "io.callgate/identity": { phone: "+4930123456" },
      "org.example/session_token": "opaque",
      tracestate: "a=b",
      baggage: "c=d",
    };
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const told = textOf(await call("tell_meta", {}, { _meta: { ...unknownMember, ...hidden, traceparent } }));
    const came = JSON.parse(String(told)) as Record<string, unknown>;
    expect(came).toMatchObject(unknownMember);
    for (const key of Object.keys(hidden)) expect(came).not.toHaveProperty([key]);
    // The same trace, in which the gate is a step of its own.
    expect(came["traceparent"]).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-/);
  });

  test("changes of its resources and of its tools", async () => {
    const { heard, listen } = my();
    heard.length = 0;
    const stop = await listen(note);
    const touched = async (): Promise<unknown> => {
      await call("touch_note");
      return heard.filter(({ uri }) => uri === note).length > 0;
    };
    // Over HTTP the stream of a session opens beside the connection: only what comes after that is heard.
    await expect.poll(touched).toBe(true);
    for (const offered of [false, true]) {
      heard.length = 0;
      await call("offer_extra", { offered });
      await expect.poll(() => heard).toContainEqual({ method: "notifications/tools/list_changed" });
      const { tools } = await my().client.listTools();
      expect(tools.some((tool) => tool.name === `${name}_extra`)).toBe(offered);
    }
    await stop();
  });
});

const answeringWithTasks = pairs.filter(({ era }) => era === "2025");

test.each(answeringWithTasks)("[G7] a client of $client gets the result of a task of $era over $way", async (pair) => {
  const { client } = clientOf(pair.client);
  expect(textOf(await client.callTool({ name: `${pair.name}_research`, arguments: {} }))).toBe("found");
});

function clientOf(era: string): EraClient {
  const found = clients.get(era);
  if (found === undefined) throw new Error("the client is not connected");
  return found;
}

function textOf({ content }: CallToolResult): unknown {
  const [first] = content;
  return first?.type === "text" ? first.text : first;
}
