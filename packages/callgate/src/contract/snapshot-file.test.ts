import { expect, test } from "vitest";
import { parseSnapshot, printSnapshot } from "./snapshot-file.ts";
import type { Snapshot, ToolContract } from "./tool-contract.ts";

const tool = (name: string): ToolContract => ({
  name,
  domain: "things",
  version: 1,
  effect: "read",
  description: 'Finds things.\nNewest first, "in quotes".',
  timeoutMs: 5_000,
  approval: "none",
  longRunning: false,
  input: { required: ["b", "a"], properties: { b: {}, a: { enum: ["x\n    y"], type: "string" } }, type: "object" },
});

test("[K1] a snapshot is one JSON document by steps of two, of however many tools, in the order of their names", () => {
  for (const names of [[], ["b_tool"], ["b_tool", "a_tool", "c_tool"]]) {
    const snapshot: Snapshot = { callgate: 1, gate: 'a "gate"', tools: names.map(tool) };
    const text = printSnapshot(snapshot);
    const read = parseSnapshot(text);
    expect(text).toBe(`${JSON.stringify(read, null, 2)}\n`);
    expect(read).toEqual({
      ...snapshot,
      tools: names.toSorted().map((name) => ({ ...tool(name), input: { ...tool(name).input, required: ["a", "b"] } })),
    });
    expect(printSnapshot(read)).toBe(text);
    for (const { input } of read.tools) expect(Object.keys(input)).toEqual(["type", "properties", "required"]);
  }
});
