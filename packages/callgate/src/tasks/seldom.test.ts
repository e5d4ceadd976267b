import { expect, it } from "vitest";
import { seldom } from "./seldom.ts";

it("says the first of many problems, then one every ten seconds, and how many it has not said", () => {
  let now = 5_000;
  const said: unknown[] = [];
  const tell = seldom(
    () => now,
    (problem: string, unsaid) => said.push([problem, unsaid]),
  );
  for (let turn = 0; turn < 100; turn += 1) {
    tell(`away ${turn}`);
    now += 125;
  }
  expect(said).toEqual([
    ["away 0", 0],
    ["away 80", 79],
  ]);
  now += 60_000;
  tell("away again");
  expect(said.slice(2)).toEqual([["away again", 19]]);
});
