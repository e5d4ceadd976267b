import { describe, expect, test } from "vitest";
import { createMasker } from "./mask.ts";

const masker = createMasker({ fields: ["birth-date"], patterns: [] });

/** How a text begins, and what a caller repeats behind it in the hope that a pattern looks at it again and again. */
const hostile: readonly (readonly [start: string, repeated: string])[] = [
  ["", "eyJ"],
  ["", "eyJhbGciOi."],
  ["", "eyJhbGciOiJIUzI1NiJ9."],
  ["eyJ", "a"],
  ["eyJhbGciOiJIUzI1NiJ9.", "eyJ"],
  ["", "-----BEGIN "],
  ["", "-----BEGIN PRIVATE KEY"],
  ["-----BEGIN ", "PRIVATE KEY"],
  ["-----BEGIN ", "PRIVATE KEY "],
  ["-----BEGIN ", "A "],
  ["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY"],
  ["-----BEGIN PRIVATE KEY----------END ", "PRIVATE KEY"],
  ["", "Bearer "],
  ["Bearer", " "],
  ["", "Basic a"],
  ["Basic ", "a"],
  ["Basic", " "],
  ["", "cg_p_0123456789abcdef_"],
  ["", "sk-"],
  ["", "ghp_"],
  ["", "github_pat_"],
  ["", "xoxb-"],
  ["", "AKIA"],
  ["", "whsec_"],
  ["", "token"],
  ["", "token "],
  ["", "token="],
  ["", "token=bearer "],
  ["token", " "],
  ["token=", " "],
  ["token=bearer", " "],
  ['token="', "a"],
  ["token", "\\"],
  ["token=", "\\"],
  ["", 'token\\":'],
  ["", "secret key "],
  ["", "token>"],
  ["", "4111. "],
  ["", "4111.1111.1111.111"],
  ['token="', "\\"],
  ["token='", "a"],
  ["", "pass-"],
  ["pass", "-"],
  ["api", "-"],
  ["session", "."],
  ["b", "-"],
  ["", "b-i-"],
  ["", "://"],
  ["", "://a:"],
  ["://", "a"],
  ["://a:", "b"],
  ["", "4111 "],
  ["", "4111 1111 1111 111"],
  ["", "4"],
  ['[{"token":', "["],
  ["[token", "["],
  ["{", '{"token":'],
];

const SMALLEST = 16 * 1024;
const LARGEST = 1024 * 1024;

/** Milliseconds of processor time, whatever else the machine does meanwhile. */
function timeOf(text: string): number {
  const from = process.cpuUsage();
  masker.json({ city: text, [text]: "x" });
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

/** The least of several times, or the first that is within a limit: chance only makes a time longer. */
function leastTime(text: string, limit: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5 && least > limit; round += 1) least = Math.min(least, timeOf(text));
  return least;
}

describe("four times the text takes about four times as long, never sixteen, up to a mebibyte (SECURITY 12)", () => {
  test.each(hostile)("%j, then %j again and again", (start, repeated) => {
    const ofSize = (size: number) => start + repeated.repeat(Math.ceil(size / repeated.length));
    // Below a tenth of a millisecond the clock says more about the machine than about the text.
    const least = Math.max(leastTime(ofSize(SMALLEST), 0), 0.1);
    for (let size = 4 * SMALLEST; size <= LARGEST; size *= 4) {
      const limit = least * 3.5 * (size / SMALLEST);
      expect(leastTime(ofSize(size), limit), `ms for ${size} letters, after ${least} ms`).toBeLessThan(limit);
    }
  });
});
