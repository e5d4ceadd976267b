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

function locked(listed: Readonly<Record<string, string>>) {
  return { sha256: hashOf(listed), listed };
}

it("[G1] an address that a server lists twice, as a resource and as a template, keeps no gate from starting", () => {
  const { resources, unserved } = new Declaring("git", {}).declare({
    address: { url: "https://git.example/mcp" },
    revision: "2025-11-25",
    server: "git",
    tools: [],
    resources: [locked({ uri: "git://folder", name: "The folder" })],
    resourceTemplates: [
      locked({ uriTemplate: "git://folder", name: "folder" }),
      locked({ uriTemplate: "git://log/{branch}", name: "log" }),
      locked({ uriTemplate: "git://log/{tag}", name: "log of a tag" }),
    ],
    prompts: [],
  });
  expect(resources.map(({ uri }) => uri)).toEqual(["git://folder", "git://log/{branch}"]);
  const why = expect.stringContaining("lists its address as");
  expect(unserved).toEqual([
    { list: "resourceTemplates", name: "git://folder", why },
    { list: "resourceTemplates", name: "git://log/{tag}", why },
  ]);
});
