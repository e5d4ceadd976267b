import { expect, test } from "vitest";
import { judgePairs, type Tally } from "./judge.ts";

test("[K1] what is called compatible is so for every value that ajv is asked about", { timeout: 120_000 }, () => {
  const tally: Tally = { pairs: 0, compatible: 0, values: 0 };
  judgePairs({ runs: 800, seed: 20_261_121, tally });
  expect(tally.pairs).toBe(800);
  // A comparison that calls everything breaking is never wrong, and of no use.
  expect(tally.compatible).toBeGreaterThan(200);
  expect(tally.values).toBeGreaterThan(2_000);
});
