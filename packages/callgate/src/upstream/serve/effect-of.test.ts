import { expect, it } from "vitest";
import { effectOf, matches } from "./effect-of.ts";

it.each([
  ["what nothing is said of", undefined, {}, "write"],
  ["what says that it only reads", { readOnlyHint: true }, {}, "write"],
  ["what the config calls a read", undefined, { reads: ["find_*"] }, "read"],
  ["a write by its own word, under a pattern", { readOnlyHint: false }, { reads: ["find_*"] }, "write"],
  ["a write by its own word, called a read by name", { readOnlyHint: false }, { reads: ["find_one"] }, "read"],
  ["what calls itself destructive, called a read", { destructiveHint: true }, { reads: ["find_one"] }, "destructive"],
  ["what calls itself destructive, called a write", { destructiveHint: true }, write("write"), "destructive"],
  ["what says that it is not, called destructive", { destructiveHint: false }, write("destructive"), "destructive"],
] as const)("[G2] takes %s for what is stricter", (...[_what, annotations, rules, effect]) => {
  expect(effectOf({ name: "find_one", annotations }, rules)).toBe(effect);
});

function write(effect: "write" | "destructive") {
  return { tools: { find_one: { effect } } } as const;
}

it("knows by a pattern what begins and ends like it, and nothing else", () => {
  expect(["find_*", "*_one", "*", "f*d*e"].every((pattern) => matches(pattern, "find_one"))).toBe(true);
  expect(
    ["find", "one_*", "find_one_*", "f*x*e", "*find_one*one"].some((pattern) => matches(pattern, "find_one")),
  ).toBe(false);
});
