import { expect, it } from "vitest";
import { hashOf, type LockedUpstream } from "../lock/locked.ts";
import type { UpstreamRules } from "../upstream-options.ts";
import { Declaring } from "./declare.ts";

/** What is served of a tool that can only be called as a task, where this revision is spoken with its server. */
function research(revision: string, rules: UpstreamRules) {
  const listed = {
    name: "research",
    description: "Looks into it for as long as it takes.",
    inputSchema: { type: "object" },
    execution: { taskSupport: "required" },
  };
  const accepted: LockedUpstream = {
    address: { url: "https://lab.example/mcp" },
    revision,
    server: "lab",
    tools: [{ sha256: hashOf(listed), listed }],
    resources: [],
    resourceTemplates: [],
    prompts: [],
  };
  return new Declaring("lab", { reads: ["*"], ...rules }).declare(accepted);
}

it("[G7] a tool that only has tasks is long work, whatever the deadline of the server's calls", () => {
  const { tools, unserved } = research("2025-11-25", { timeoutMs: 1_000 });
  expect(unserved).toEqual([]);
  expect(tools).toMatchObject([{ name: "research", longRunning: true }]);
  expect(tools[0]).not.toHaveProperty("timeoutMs");
});

it("[G7] it may have a deadline of its own, and end within the call", () => {
  const rules = { tools: { research: { longRunning: false, timeoutMs: 9_000 } }, timeoutMs: 1_000 };
  expect(research("2025-11-25", rules).tools).toMatchObject([{ longRunning: false, timeoutMs: 9_000 }]);
});

it("[G7] it is not served where its tasks are those of the extension, and it is said why", () => {
  const { tools, unserved } = research("2026-07-28", {});
  expect(tools).toEqual([]);
  expect(unserved).toEqual([
    { list: "tools", name: "research", why: expect.stringContaining("tasks alone, which the gate does not follow") },
  ]);
});
