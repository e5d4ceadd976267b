import { expect, test } from "vitest";
import { titlesIn } from "./test-titles.ts";

test("titles are found behind rows of cases, over several lines, and in groups", () => {
  const source = [
    'describe("[A1] a group", () => {',
    "  it.each([['(a)', f(1)], [\")\", 2]])(",
    '    "[A2] %s \\"quoted\\"",',
    "    () => {},",
    "  );",
    "  test.for(table)(`[A3] in a template`, () => expect(call(1)).toBe(2));",
    "});",
  ].join("\n");
  expect(titlesIn(source)).toEqual(["[A1] a group", '[A2] %s \\"quoted\\"', "[A3] in a template"]);
});

test("what is skipped, still to be written or no test holds nothing", () => {
  const source = 'it.skip("[A1] x", f); test.todo("[A2] y"); pattern.test("[A3] z"); await("[A4]"); it(name, f);';
  expect(titlesIn(source)).toEqual([]);
});
