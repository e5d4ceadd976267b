import { describe, expect, test } from "vitest";
import { judge } from "./judge.ts";
import type { RefereeRun, Verdict } from "./referee.ts";

const verdict = (scenario: string, failed: number, unscored?: string): Verdict => ({
  scenario,
  passed: 1,
  failed,
  unscored,
});
const run = (name: string, verdicts: readonly Verdict[]): RefereeRun => ({ name, verdicts, output: "" });

describe("what the referee's verdicts come to", () => {
  const passing = { run: run("2026", [verdict("tools-list", 0)]), atLeast: 1 };

  test("all required pass, and what is excused fails", () => {
    const everything = run("all", [verdict("tools-list", 0), verdict("tasks", 2)]);
    expect(judge([passing], everything, { unscored: { tasks: "not built" } })).toEqual({
      faults: [],
      excused: { tasks: "not built" },
    });
  });

  test("a required scenario that fails is a fault", () => {
    const failing = { run: run("2026", [verdict("tools-list", 1)]), atLeast: 1 };
    expect(judge([failing], run("all", []), { unscored: {} }).faults).toHaveLength(1);
  });

  test("a required scenario that fails only among all is a fault", () => {
    expect(judge([passing], run("all", [verdict("tools-list", 1)]), { unscored: {} }).faults).toEqual([
      "all: tools-list fails.",
    ]);
  });

  test("fewer scenarios than the revision requires are a fault", () => {
    expect(judge([{ ...passing, atLeast: 2 }], run("all", []), { unscored: {} }).faults).toEqual([
      "2026: 1 scenarios ran, 2 are required.",
    ]);
  });

  test("an unscored failure without a reason is a fault, and so is a reason without a failure", () => {
    const everything = run("all", [verdict("headers", 1), verdict("tasks", 0)]);
    expect(judge([passing], everything, { unscored: { tasks: "not built" } }).faults).toEqual([
      "headers is unscored, and fails without a known reason.",
      "tasks does not fail any more: take it off the list.",
    ]);
  });

  test("an unscored scenario of a revision's own run counts as unscored", () => {
    const both = { run: run("2026", [verdict("tools-list", 0), verdict("tasks", 1, "extension")]), atLeast: 1 };
    expect(judge([both], run("all", []), { unscored: { tasks: "not built" } }).faults).toEqual([]);
  });

  test("a required scenario that is excused may fail, and must", () => {
    const excused = { unscored: {}, required: { "tools-list": "the gate adds a tool" } };
    const failing = { run: run("2026", [verdict("tools-list", 1)]), atLeast: 1 };
    expect(judge([failing], run("all", [verdict("tools-list", 1)]), excused)).toEqual({
      faults: [],
      excused: excused.required,
    });
    expect(judge([passing], run("all", []), excused).faults).toEqual([
      "tools-list does not fail any more: take it off the list.",
    ]);
  });
});
