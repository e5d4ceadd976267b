import { expect, it } from "vitest";
import { cookieOf } from "./cookie-of.ts";

it.each([
  ["a=1", "1"],
  ["b=2; a=1", "1"],
  ["b=2;a = 1 ;c=3", "1"],
  ["a=c2VhbGVk==", "c2VhbGVk=="],
  ["a=", ""],
  ["a=1; a=2", "1"],
  ["ab=1; =1; a", undefined],
  ["", undefined],
  [undefined, undefined],
])("finds the cookie a of %o: %o", (header, value) => {
  expect(cookieOf(header, "a")).toBe(value);
});
