import { expect, test } from "vitest";
import { median } from "./median.ts";

test("the median is the middle value, or the mean of the middle two, whatever the order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 10, 2])).toBe(3);
  expect(() => median([])).toThrow(RangeError);
});
