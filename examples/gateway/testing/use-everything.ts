import type { CallToolResult, Client } from "@modelcontextprotocol/client";
import { expect } from "vitest";
import { callTool, textOf } from "./connect-through.ts";

/** Uses the tools of server-everything; gives the names of those that it has used. */
export async function useEverything(client: Client): Promise<readonly string[]> {
  const used: string[] = [];
  const call = (name: string, args?: Record<string, unknown>): Promise<CallToolResult> => {
    used.push(name);
    return callTool(client, name, args);
  };
  // It takes seconds: a client that knows no tasks gets its result if that comes in time, else where to look for it.
  const research = call("simulate-research-query", { topic: "bees" });
  expect(textOf(await call("echo", { message: "hi" }))).toContain("Echo: hi");
  expect(textOf(await call("get-sum", { a: 2, b: 3 }))).toContain("5");
  expect(textOf(await call("get-tiny-image"))).toContain("image/png");
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
  expect(textOf(await call("trigger-elicitation-request"))).toContain("Ann");
  expect(textOf(await call("trigger-sampling-request", { prompt: "hi", maxTokens: 5 }))).toContain("sampled");
  const opened = await call("trigger-url-elicitation", { url: "https://example.com/sign-in" });
  expect(textOf(opened)).toContain("User completed");
  await call("gzip-file-as-resource", { name: "a.gz", data: "data:text/plain,hello", outputType: "resource" });
  expect(textOf(await research)).toMatch(/bees|get_task/);
  return used;
}

/** Reads a template of server-everything and gets one of its prompts; gives what would fit an argument of another. */
export async function readEverything(client: Client): Promise<readonly string[]> {
  const dynamic = await client.readResource({ uri: "demo://resource/dynamic/text/1" });
  expect(JSON.stringify(dynamic)).toContain("Resource 1");
  const { messages } = await client.getPrompt({ name: "args-prompt", arguments: { city: "Amsterdam" } });
  expect(JSON.stringify(messages)).toContain("Amsterdam");
  const { completion } = await client.complete({
    ref: { type: "ref/prompt", name: "completable-prompt" },
    argument: { name: "name", value: "" },
    context: { arguments: { department: "Engineering" } },
  });
  return completion.values;
}
