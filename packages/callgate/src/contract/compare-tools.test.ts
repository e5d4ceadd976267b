import { describe, expect, it } from "vitest";
import { compareSnapshots } from "./compare-tools.ts";
import type { ToolContract } from "./tool-contract.ts";

const tool: ToolContract = {
  name: "find_rooms",
  domain: "rooms",
  version: 1,
  effect: "read",
  description: "Finds rooms.",
  timeoutMs: 5_000,
  approval: "none",
  longRunning: false,
  input: { type: "object", properties: { city: { type: "string" } } },
};
const found = (before: readonly ToolContract[], after: readonly ToolContract[]): readonly string[] =>
  compareSnapshots(
    { callgate: 1, gate: "test", tools: before },
    { callgate: 1, gate: "test", tools: after },
    { undeclared: "ignored" },
  ).map(({ tool: name, verdict, rule, pointer }) => `${name}: ${verdict} ${rule} ${pointer}`.trim());

const answers = { type: "object", properties: { id: { type: "string" } } };
const cases: readonly (readonly [string, Partial<ToolContract>, Partial<ToolContract>, readonly string[]])[] = [
  ["nothing", {}, {}, []],
  ["a graver effect", {}, { effect: "write" }, ["breaking tool.effect /effect"]],
  ["a lesser effect", { effect: "destructive" }, { effect: "write" }, ["additive tool.effect /effect"]],
  ["a higher approval", { approval: "owner" }, { approval: "two" }, ["breaking tool.approval /approval"]],
  ["a lower approval", { approval: "owner" }, { approval: "none" }, ["additive tool.approval /approval"]],
  ["a scope that it needs", {}, { scope: "rooms:read" }, ["breaking tool.scope /scope"]],
  ["another scope", { scope: "rooms" }, { scope: "rooms:read" }, ["breaking tool.scope /scope"]],
  ["no scope any more", { scope: "rooms" }, {}, ["additive tool.scope /scope"]],
  ["a flag", {}, { rollout: "new-rooms" }, ["breaking tool.rollout /rollout"]],
  ["fewer modes", { modes: ["a", "b"] }, { modes: ["a"] }, ["breaking tool.modes /modes"]],
  ["further modes", { modes: ["a"] }, { modes: ["a", "b"] }, ["additive tool.modes /modes"]],
  ["people alone", {}, { kinds: ["person"] }, ["breaking tool.kinds /kinds"]],
  ["every kind by name", {}, { kinds: ["person", "agent", "client", "anonymous", "operator"] }, []],
  ["a former name", {}, { renamed: { from: ["search_rooms"] } }, ["additive tool.renamed /renamed"]],
  ["everybody again", { kinds: ["person"] }, {}, ["additive tool.kinds /kinds"]],
  ["less time", {}, { timeoutMs: 1_000 }, ["breaking tool.timeoutMs /timeoutMs"]],
  ["more time", {}, { timeoutMs: 9_000 }, ["additive tool.timeoutMs /timeoutMs"]],
  ["tasks", {}, { longRunning: true }, ["breaking tool.longRunning /longRunning"]],
  ["another domain", {}, { domain: "hotels" }, ["breaking tool.domain /domain"]],
  ["another account", {}, { accountField: "guest" }, ["breaking tool.accountField /accountField"]],
  ["another description", {}, { description: "Finds free rooms." }, ["wording tool.description /description"]],
  ["a deprecation", {}, { deprecated: { since: "2026-11-01", use: "x" } }, ["wording tool.deprecated /deprecated"]],
  ["a version", {}, { version: 2 }, ["additive tool.version /version"]],
  ["an output", {}, { output: answers }, ["additive output.declared /output"]],
  ["no output", { output: answers }, {}, ["breaking output.undeclared /output"]],
  ["a part", {}, { include: { notes: answers } }, ["additive include.added /include/notes"]],
  ["no part", { include: { notes: answers } }, {}, ["breaking include.removed /include/notes"]],
  [
    "a part that may give something else",
    { include: { notes: { type: "integer" } } },
    { include: { notes: { type: "number" } } },
    ["breaking include.type /include/notes/type"],
  ],
  [
    "an argument of another type",
    {},
    { input: { type: "object", properties: { city: { type: "integer" } } } },
    ["breaking input.type /input/properties/city/type"],
  ],
];

describe("[K1] the comparison of tools", () => {
  it.each(cases)("finds %s", (...row) => {
    const [, before, after, changes] = row;
    const expected = changes.map((change) => `find_rooms: ${change}`);
    expect(found([{ ...tool, ...before }], [{ ...tool, ...after }])).toEqual(expected);
  });

  it("finds tools that have come, gone or been renamed, in the order of names", () => {
    expect(found([tool], [{ ...tool, name: "search_rooms" }])).toEqual([
      "find_rooms: breaking tool.removed",
      "search_rooms: additive tool.added",
    ]);
  });

  it("[K2] compares a tool with the one that answers to its name, and a field with the one that takes its place", () => {
    const now = { type: "object", properties: { town: { type: "string", maxLength: 9 } } };
    const renamed = { from: ["find_rooms"], fields: { city: "town" } };
    expect(found([tool], [{ ...tool, name: "search_rooms", renamed, input: now }])).toEqual([
      "search_rooms: additive tool.renamed",
      "search_rooms: additive tool.renamed /renamed",
      "search_rooms: breaking input.maxLength /input/properties/town/maxLength",
    ]);
    const kept = { ...tool, renamed, input: now };
    expect(found([kept], [{ ...kept, renamed: { fields: {} } }])).toEqual([
      "find_rooms: breaking tool.renamed /renamed",
    ]);
  });

  it("says who is left out, and what a field goes by too", () => {
    const now = { ...tool, kinds: ["person"], renamed: { fields: { town: "city" } } } as const;
    const changes = compareSnapshots(
      { callgate: 1, gate: "test", tools: [tool] },
      { callgate: 1, gate: "test", tools: [now] },
      { undeclared: "ignored" },
    );
    expect(changes.map(({ message }) => message)).toEqual([
      "Its kinds leave out agent, client, anonymous, operator now.",
      "It takes `town` for `city`.",
    ]);
  });

  it("ends on schemas that lead to themselves, and calls breaking what is too entangled to be judged", () => {
    const $defs = { x: { $ref: "#/$defs/y" }, y: { $ref: "#/$defs/x" } };
    const loop = { type: "object", properties: { city: { $ref: "#/$defs/x" } }, $defs };
    expect(found([tool], [{ ...tool, input: loop }])[0]).toContain("breaking");
    const forms = (depth: number, leaf: string): object =>
      depth === 0
        ? { type: leaf }
        : { anyOf: [0, 1, 2, 3].map((at) => ({ properties: { [`p${at}`]: forms(depth - 1, leaf) } })) };
    const [before, after] = ["integer", "number"].map((leaf) => ({ ...tool, input: { ...forms(5, leaf) } }));
    expect(found([before as ToolContract], [after as ToolContract]).length).toBeGreaterThan(0);
  });
});
