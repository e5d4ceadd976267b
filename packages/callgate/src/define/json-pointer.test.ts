import { expect, it } from "vitest";
import { follow, pointerSteps, referenceSteps } from "./json-pointer.ts";

const root = { $defs: { "a/b": 1, "m~n": 2, "50%": 3, "": 4 }, list: [{ name: "first" }] };

it.each([
  ["", root],
  ["/$defs/a~1b", 1],
  ["/$defs/m~0n", 2],
  ["/$defs/50%", 3],
  ["/$defs/", 4],
  ["/list/0/name", "first"],
  ["/list/1", undefined],
  ["/toString", undefined],
  ["/list/0/name/length", undefined],
])("a pointer leads to what is there, and nowhere else: %s", (pointer, value) => {
  expect(follow(root, pointerSteps(pointer))).toEqual(value);
});

it.each([
  ["#", root],
  ["#/$defs/a~1b", 1],
  ["#/$defs/a%2Fb", 1],
  ["#/$defs/50%25", 3],
  ["#/$defs/50%", undefined],
  ["#/$defs/%ff", undefined],
  ["other.json#/list", undefined],
])("a reference leads to what is there; one that cannot be decoded leads nowhere: %s", (reference, value) => {
  expect(follow(root, referenceSteps(reference))).toEqual(value);
});
