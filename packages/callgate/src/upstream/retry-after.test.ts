import { expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const HOUR_MS = 3_600_000;

it.each([
  ["seconds", "7", 7_000],
  ["seconds with spaces about them", " 7 ", 7_000],
  ["no time at all", "0", 1_000],
  ["longer than the bound", "999999999999", HOUR_MS],
  ["a date that is past", "Wed, 21 Oct 2015 07:28:00 GMT", 1_000],
  ["a date far away", "Fri, 31 Dec 2100 23:59:59 GMT", HOUR_MS],
  ["words", "soon", undefined],
  ["nothing", undefined, undefined],
])("reads Retry-After of %s", (_, value, ms) => {
  expect(retryAfterMs(value, HOUR_MS)).toBe(ms);
});

it("reads a date as the time that is left until then", () => {
  const ms = retryAfterMs(new Date(Date.now() + 60_000).toUTCString(), HOUR_MS) ?? 0;
  expect(ms).toBeGreaterThan(30_000);
  expect(ms).toBeLessThanOrEqual(60_000);
});
