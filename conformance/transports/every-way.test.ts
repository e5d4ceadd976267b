import { Client, type ClientOptions } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Reach, reaches } from "./reach.ts";

const eras = [
  ["2026-07-28", "auto"],
  ["2025-11-25", "legacy"],
] as const;

const ways = Object.keys(reaches).flatMap((way) => eras.map(([revision, mode]) => [way, revision, mode] as const));

describe.each(ways)("[T2] over %s in %s", (way, revision, mode) => {
  let reach: Reach;
  let client: Client;
  const opened: Client[] = [];

  const connect = async (options: ClientOptions = {}): Promise<Client> => {
    const another = new Client({ name: "every-way", version: "1.0.0" }, { versionNegotiation: { mode }, ...options });
    opened.push(another);
    await another.connect(reach.connect());
    return another;
  };

  beforeAll(async () => {
    reach = await reaches[way as keyof typeof reaches]();
    client = await connect();
  });
  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await reach.close();
  });

  test("both sides agree on the revision, and know each other", () => {
    expect(client.getNegotiatedProtocolVersion()).toBe(revision);
    expect(client.getServerVersion()).toMatchObject({ name: "callgate-conformance", version: "0.1.0" });
    expect(client.getServerCapabilities()).toMatchObject({ tools: { listChanged: true }, completions: {} });
  });

  test("lists what there is, and nothing that this caller does not see", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("test_simple_text");
    expect(tools.map(({ name }) => name)).not.toContain("search_audit");
    expect((await client.listPrompts()).prompts).toHaveLength(5);
    expect((await client.listResources()).resources).toHaveLength(3);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
  });

  test("calls a tool, with content blocks and with structured content", async () => {
    const { content } = await client.callTool({ name: "test_multiple_content_types", arguments: {} });
    expect(content.map(({ type }) => type)).toEqual(["text", "image", "resource"]);
    const counted = await client.callTool({ name: "count_cancelled", arguments: {} });
    expect(counted.structuredContent).toEqual({ cancelled: expect.any(Number) });
  });

  test("a tool's failure is a result that the model reads", async () => {
    const failed = await client.callTool({ name: "test_error_handling", arguments: {} });
    expect(failed).toMatchObject({ isError: true });
    expect(JSON.stringify(failed.content)).toContain("always_fails");
  });

  test("arguments that do not fit are named", async () => {
    const refused = await client.callTool({ name: "test_sampling", arguments: { prompt: 5 } });
    expect(refused).toMatchObject({ isError: true });
    expect(JSON.stringify(refused.content)).toContain("invalid_arguments");
  });

  test("a tool that nobody sees answers as one that is not there", async () => {
    const answers = await Promise.all(
      ["search_audit", "search_nothing"].map((name) =>
        client.callTool({ name, arguments: {} }).catch((error: unknown) => error),
      ),
    );
    expect(answers.map(String)).toEqual([
      expect.stringContaining("Unknown tool: search_audit"),
      expect.stringContaining("Unknown tool: search_nothing"),
    ]);
    expect(answers).toEqual([expect.objectContaining({ code: -32602 }), expect.objectContaining({ code: -32602 })]);
  });

  test("[T7] progress comes while the tool runs", async () => {
    const steps: number[] = [];
    const onprogress = ({ progress }: { progress: number }): void => void steps.push(progress);
    await client.callTool({ name: "test_tool_with_progress", arguments: {} }, { onprogress });
    // The last word may come in one piece with the answer, and this client then drops it.
    expect(steps.slice(0, 2)).toEqual([0, 50]);
  });

  test("a call that the client gives up is cancelled in the tool", async () => {
    const before = await client.callTool({ name: "count_cancelled", arguments: {} });
    const giveUp = new AbortController();
    const waiting = client.callTool(
      { name: "wait_until_cancelled", arguments: {} },
      { signal: giveUp.signal, onprogress: () => giveUp.abort() },
    );
    await expect(waiting).rejects.toThrow();
    const { cancelled } = before.structuredContent as { cancelled: number };
    await expect
      .poll(async () => (await client.callTool({ name: "count_cancelled", arguments: {} })).structuredContent)
      .toEqual({ cancelled: cancelled + 1 });
  });

  test("[L1] work that outlives its call is told of, followed by a tool, and gives its result", async () => {
    const told = await client.callTool({ name: "count_slowly", arguments: {} });
    const { next } = told.structuredContent as { next: { tool: string; arguments: Record<string, unknown> } };
    const look = async () => (await client.callTool({ name: next.tool, arguments: next.arguments })).structuredContent;
    await expect.poll(look).toMatchObject({ status: "completed", result: { counted: 3 } });
    const last = { done: 3, total: 3, message: "at 3" };
    expect(await look()).toMatchObject({ progress: last, history: [{}, {}, last] });
  });

  test("a tool asks the client's user, and goes on with the answer", async () => {
    const asked = await connect({ capabilities: { elicitation: { form: {} } } });
    asked.setRequestHandler("elicitation/create", ({ params }) => ({
      action: "accept",
      content: { name: `asked: ${params.message}` },
    }));
    const { content } = await asked.callTool({ name: "test_input_required_result_elicitation", arguments: {} });
    expect(content).toEqual([{ type: "text", text: "Hello, asked: What is your name?!" }]);
    const rounds = await asked.callTool({ name: "test_input_required_result_multi_round", arguments: {} });
    expect(rounds.content).toEqual([{ type: "text", text: "Asked twice, answered twice." }]);
  });

  test("a client that cannot be asked is told which capability it lacks", async () => {
    const refused = client.callTool({ name: "test_input_required_result_elicitation", arguments: {} });
    await expect(refused).rejects.toMatchObject({ code: -32021, message: expect.stringContaining("elicitation") });
  });

  test("resources are read, by address and by template; one that is not there is an error", async () => {
    const { contents } = await client.readResource({ uri: "test://template/7/data" });
    expect(contents).toEqual([
      expect.objectContaining({ uri: "test://template/7/data", text: expect.stringContaining('"id":"7"') }),
    ]);
    await expect(client.readResource({ uri: "test://nothing" })).rejects.toMatchObject({ code: -32602 });
  });

  test("prompts are got and their arguments completed", async () => {
    const { messages } = await client.getPrompt({
      name: "test_prompt_with_arguments",
      arguments: { arg1: "one", arg2: "two" },
    });
    expect(JSON.stringify(messages)).toContain("arg1='one', arg2='two'");
    const ref = { type: "ref/prompt", name: "test_prompt_with_arguments" } as const;
    const { completion } = await client.complete({ ref, argument: { name: "arg1", value: "be" } });
    expect(completion.values).toEqual(["be-completed"]);
  });

  test("a change of the tools is heard of", async () => {
    const heard: unknown[] = [];
    const onChanged = (error: unknown): void => void heard.push(error);
    const listening = await connect({ listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged } } });
    // Over HTTP the stream of a session opens beside the connection: only what comes after that is heard.
    const announce = async (): Promise<unknown> => {
      await listening.callTool({ name: "test_trigger_tool_change", arguments: {} });
      return heard[0];
    };
    await expect.poll(announce).toBeNull();
  });

  test("many calls at once are told apart", async () => {
    const ids = Array.from({ length: 50 }, (_, index) => String(index));
    const answers = await Promise.all(ids.map((id) => client.readResource({ uri: `test://template/${id}/data` })));
    expect(answers.map(({ contents }) => contents[0]?.uri)).toEqual(ids.map((id) => `test://template/${id}/data`));
  });
});
