import { expect, test } from "vitest";
import { RateLimit } from "../limits/rate-limit.ts";
import { GuessLimit } from "./guess-limit.ts";

test.each([
  ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true],
  ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
  ["fe80::1%eth0", "fe80::2%eth1", true],
  ["::1", "::2", true],
  ["::ffff:192.0.2.1", "192.0.2.1", true],
  ["::ffff:192.0.2.1", "::ffff:192.0.2.2", false],
  ["192.0.2.1", "192.0.2.2", false],
  [undefined, undefined, true],
])("%s and %s are one guesser: %s", (one, other, same) => {
  const limit = new GuessLimit(new RateLimit("1/min", () => 0));
  expect([limit.wrong(one), limit.wrong(one)]).toEqual([0, 60_000]);
  expect(limit.waitFor(one)).toBe(60_000);
  expect(limit.waitFor(other)).toBe(same ? 60_000 : 0);
});

test("guesses from everywhere are not all remembered: memory stays bounded", () => {
  let now = 0;
  const limit = new GuessLimit(new RateLimit("1/h", () => now));
  for (let each = 0; each < 60_000; each += 1) {
    now += 1;
    void limit.wrong(`10.0.${each >> 8}.${each & 255}`);
  }
  expect(limit.waitFor("10.0.234.95")).toBeGreaterThan(0);
  // An hour has not passed yet, so that it would have to wait if anybody still knew.
  expect(limit.waitFor("10.0.0.0")).toBe(0);
});
