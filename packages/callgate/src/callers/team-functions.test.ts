import { expect, test } from "vitest";
import { asText, TeamFunctions } from "./team-functions.ts";
import { keptLog } from "./testing/open-keys.ts";

test.each([
  { what: "a throw", roleOf: () => Promise.reject(new Error("closed")), message: "roleOf failed", error: /closed/ },
  { what: "a hang", roleOf: () => new Promise(() => {}), message: "roleOf failed", error: /no answer within 20 ms/ },
  { what: "nonsense", roleOf: () => ["desk"], message: "roleOf answered with what it may not", error: /^object$/ },
  {
    what: "a throw of what has no words",
    roleOf: () => Promise.reject(Object.create(null)),
    message: "roleOf failed",
    error: /null prototype/,
  },
  { what: "null", roleOf: () => null, message: "roleOf answered with what it may not", error: /^null$/ },
])("$what is in the log", async ({ roleOf, message, error }) => {
  const log = keptLog();
  expect(await new TeamFunctions({ log, clock: Date.now, askMs: 20 }).ask("roleOf", roleOf, asText)).toBeUndefined();
  expect(log.lines).toEqual([[message, { error: expect.stringMatching(error) }]]);
});

test("an answer, and that there is none, are no failure", async () => {
  const log = keptLog();
  const team = new TeamFunctions({ log, clock: Date.now });
  expect(await team.ask("roleOf", () => "desk", asText)).toEqual({ value: "desk" });
  expect(await team.ask("roleOf", () => undefined, asText)).toEqual({ value: undefined });
  expect(log.lines).toEqual([]);
});

test("books that are away for long are a line a second, which says how often they were asked in vain", async () => {
  let now = 0;
  const log = keptLog();
  const team = new TeamFunctions({ log, clock: () => now });
  const ask = () => team.ask("accountOf", () => Promise.reject(new Error("away")), asText);
  for (let each = 0; each < 50; each += 1) await ask();
  now = 1_000;
  await ask();
  expect(log.lines.map(([, { unsaid }]) => unsaid)).toEqual([undefined, 49]);
});
