import { describe, expect, it } from "vitest";
import { findBrokenPrompts } from "./find-prompts.ts";
import { judge } from "./judgement.ts";
import type { Snapshot, ToolContract } from "./tool-contract.ts";

const tool = (name: string, fields: readonly string[], more: Partial<ToolContract> = {}): ToolContract => ({
  name,
  domain: "rooms",
  version: 1,
  effect: "read",
  description: "Finds rooms.",
  timeoutMs: 5_000,
  approval: "none",
  longRunning: false,
  input: { type: "object", properties: Object.fromEntries(fields.map((field) => [field, { type: "string" }])) },
  ...more,
});
const snapshot = (...tools: ToolContract[]): Snapshot => ({ callgate: 1, gate: "test", tools });

function broken(text: string, before: Snapshot, after: Snapshot): readonly string[] {
  const changes = judge(before, after, { undeclared: "ignored", allowed: [] }).broken;
  const found = findBrokenPrompts([{ path: "p.md", text }], changes, [before, after]);
  return found.map(({ line, name, change }) => `${line} ${name} ${change.rule}`);
}

describe("[K1] the prompts that a change breaks", () => {
  const before = snapshot(tool("find_rooms", ["city", "beds"]));

  it("are those that name a tool which is gone", () => {
    expect(broken("Use\nfind_rooms.", before, snapshot())).toEqual(["2 find_rooms tool.removed"]);
    expect(broken("Use find_rooms_2, or my_find_rooms.", before, snapshot())).toEqual([]);
  });

  it("are those that name a field which is gone, where they name its tool", () => {
    const after = snapshot(tool("find_rooms", ["beds"]));
    expect(broken("find_rooms:\nthe city", before, after)).toEqual(["2 city input.removed"]);
    expect(broken("In the city.", before, after)).toEqual([]);
    expect(broken("find_rooms takes beds", before, after)).toEqual(["1 find_rooms input.removed"]);
  });

  it("are those that go by former names, of the tool and of its fields", () => {
    const now = tool("find_rooms", ["town", "beds"], { renamed: { from: ["search_rooms"], fields: { city: "town" } } });
    const renamed = snapshot(tool("search_rooms", ["city", "beds"]));
    // What was renamed goes on working.
    expect(broken("search_rooms with a city", renamed, snapshot(now))).toEqual([]);
    const { beds: _beds, ...left } = now.input["properties"] as Record<string, object>;
    const after = snapshot({ ...now, input: { type: "object", properties: left } });
    expect(broken("search_rooms\nwith beds", renamed, after)).toEqual(["2 beds input.removed"]);
    const number = { ...now, input: { type: "object", properties: { ...left, beds: {}, town: { type: "number" } } } };
    expect(broken("search_rooms\nwith a city", snapshot(now), snapshot(number))).toEqual(["2 city input.type"]);
  });

  it("are none where a change breaks nobody", () => {
    expect(broken("find_rooms city", before, snapshot(tool("find_rooms", ["city", "beds", "floor"])))).toEqual([]);
  });
});
