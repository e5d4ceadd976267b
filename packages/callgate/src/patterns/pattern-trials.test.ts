import { expect, it } from "vitest";
import { PatternTrials } from "./pattern-trials.ts";

it.each([
  ["^[a-z0-9]+(?:-[a-z0-9]+)*$", "north-wing", "North"],
  ["^\\d{4}-\\d{2}-\\d{2}$", "2026-11-22", "tomorrow"],
  ["^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$", "ann@example.com", "ann"],
  ["^x-", "x-note", "note"],
  ["^\\p{Lu}\\p{L}*$", "Žofie", "7"],
])("[T1] tries a usual pattern of a stranger: %s", (pattern, fitting, other) => {
  const trials = new PatternTrials();
  expect([trials.matches(pattern, fitting), trials.matches(pattern, other)]).toEqual([true, false]);
});

// Each of these would take longer than anybody waits if it were run, or judged to its end.
it.each([
  ["two ways to one text", "^(a+)+$", `${"a".repeat(50)}!`],
  ["many repetitions of the same", `^${"a*".repeat(12)}$`, `${"a".repeat(1_000)}!`],
  ["a text that is too long for it", "^a*a*a*$", `${"a".repeat(1_000_000)}!`],
  ["more parts than are judged", `^(?:${"a?b?c?d?".repeat(15)}){64}$`, "!"],
  ["more letters than are judged", `^${"a?".repeat(100_000)}$`, "!"],
  ["no pattern", "(", "("],
  ["a pattern that no engine takes", "^(?:(?:(?:a{900}){900}){900}){900}$", "a"],
])("[T1] does not run what may be slow, and says that it is not known (SECURITY 25): %s", (_what, pattern, text) => {
  expect(new PatternTrials().matches(pattern, text)).toBeUndefined();
});

it("[T1] spends no more on many patterns than on one that is entangled (SECURITY 25)", () => {
  const trials = new PatternTrials();
  const letters = (from: number): string =>
    Array.from({ length: 60 }, (_, at) => String.fromCodePoint(from + at)).join("?");
  const fits = Array.from({ length: 2_000 }, (_, at) => trials.matches(`^${letters(0x4e00 + at)}?$`, ""));
  expect(fits.at(0)).toBe(true);
  expect(fits.at(-1)).toBeUndefined();
});

it("[T1] spends no more on many texts than on one that is long (SECURITY 25)", () => {
  const trials = new PatternTrials();
  const text = "a".repeat(1_000);
  const fits = Array.from({ length: 2_000 }, () => trials.matches("^a*a*$", text));
  expect([fits.at(0), fits.at(-1)]).toEqual([true, undefined]);
  expect(trials.matches("^b", "b")).toBe(true);
});
