import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FileFlagsProvider } from "../packages/callgate/src/rollout/file-flags-provider.ts";

const page = readFileSync(new URL("../docs/rollout.md", import.meta.url), "utf8");
const folder = mkdtempSync(join(tmpdir(), "callgate-docs-rollout-"));
afterAll(() => rmSync(folder, { recursive: true }));

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const logger = { ...log };

/** For which of these callers the flag `suggestions` of a file is on. */
async function onFor(text: string, callers: readonly Record<string, unknown>[]): Promise<readonly boolean[]> {
  const path = join(folder, "flags.json");
  writeFileSync(path, text);
  const provider = new FileFlagsProvider(path, log);
  await provider.initialize();
  const asked = callers.map((caller) =>
    provider.resolveBooleanEvaluation("suggestions", false, caller as never, logger),
  );
  const answers = await Promise.all(asked);
  await provider.onClose();
  expect(answers.filter(({ errorCode }) => errorCode !== undefined)).toEqual([]);
  return answers.map(({ value }) => value);
}

const example = /^```json\n([^]*?)^```$/m.exec(page)?.[1] ?? "";
const withTargeting = (targeting: string): string => example.replace(/"targeting": .*/, `"targeting": ${targeting}`);
const rules = [...page.matchAll(/`(\{ "(?:if|fractional)"[^`]*)`/g)].map(([, rule = ""]) => rule);
const [engineer = "", team = "", tenth = "", tenthByPerson = ""] = rules;
const people = Array.from({ length: 1_000 }, (_, at) => ({ targetingKey: `person:p${at}`, user: `p${at}` }));
const agents = people.map(({ user }) => ({ targetingKey: `agent:bot@${user}`, user }));
const isAboutATenth = (answers: readonly boolean[]): void => {
  expect(answers.filter(Boolean).length).toBeGreaterThan(60);
  expect(answers.filter(Boolean).length).toBeLessThan(140);
};

test("the file that the page shows is on for whom it says", async () => {
  expect(rules).toHaveLength(4);
  expect(await onFor(example, [{ user: "ann" }, { user: "ben" }])).toEqual([true, false]);
  expect(await onFor(withTargeting(engineer), [{ user: "ann" }, { user: "ben" }])).toEqual([true, false]);
  expect(await onFor(withTargeting(team), [{ role: "frontdesk" }, { role: "owner" }, {}])).toEqual([
    true,
    false,
    false,
  ]);
});

test("a share of callers is about that share, and counted by the person an agent goes with its own", async () => {
  const byCaller = await onFor(withTargeting(tenth), people);
  isAboutATenth(byCaller);
  expect(await onFor(withTargeting(tenth), agents)).not.toEqual(byCaller);
  const byPerson = await onFor(withTargeting(tenthByPerson), people);
  isAboutATenth(byPerson);
  expect(await onFor(withTargeting(tenthByPerson), agents)).toEqual(byPerson);
});
