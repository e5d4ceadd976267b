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

/** Milliseconds for the quickest of several times: what else the machine does only makes a time longer. */
function quickest(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    const from = performance.now();
    masker.json({ city: text, [text]: "x" });
    best = Math.min(best, performance.now() - from);
  }
  return best;
}

describe("four times the text takes about four times as long, never sixteen, up to a mebibyte (SECURITY 12)", () => {
  test.each(hostile)("%j, then %j again and again", (start, repeated) => {
    const ofSize = (size: number) => start + repeated.repeat(Math.ceil(size / repeated.length));
    let before = quickest(ofSize(SMALLEST));
    for (let size = 4 * SMALLEST; size <= LARGEST; size *= 4) {
      const time = quickest(ofSize(size));
      // Below a tenth of a millisecond the clock says more about the machine than about the text.
      expect(time / Math.max(before, 0.1), `${before} ms, then ${time} ms for ${size} letters`).toBeLessThan(10);
      before = time;
    }
  });
});
