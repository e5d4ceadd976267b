import { expect, test } from "vitest";
import { expandCoreList } from "./machine.ts";

test("reads the kernel's notation for cores", () => {
  expect(expandCoreList("0-2,5,7-8")).toEqual([0, 1, 2, 5, 7, 8]);
  expect(expandCoreList("3")).toEqual([3]);
  expect(expandCoreList("")).toEqual([]);
});
