import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isWithout } from "../../packages/callgate/src/testing/is-without.ts";
import { requirements } from "./manifest.ts";
import { collectTestTitles } from "./test-titles.ts";

/** The document that the promises were made in, where it lies beside the project. */
const document = new URL("../../../shared/REQUIREMENTS.md", import.meta.url);
const examples = "conformance/requirements/test-titles.test.ts";

const cited = new Map<string, string>();
for (const { title, file } of collectTestTitles()) {
  if (file === examples) continue;
  for (const [, id] of title.matchAll(/\[([A-Z]\d+)\]/g)) if (id !== undefined) cited.set(id, `${file}: ${title}`);
}
const ids = Object.keys(requirements);

test.each(ids.filter((id) => requirements[id]?.state === "kept"))("%s is kept, and a test says so", (id) => {
  expect(cited.get(id)).toBeDefined();
});

test("no test cites what was never promised", () => {
  expect([...cited].filter(([id]) => !Object.hasOwn(requirements, id))).toEqual([]);
});

// It is no part of the project: beside a clone of somebody else there is none.
const isAlone = isWithout("the document of the promises beside this clone", existsSync(document));
test.skipIf(isAlone)("the promises are those of the document, in its order", () => {
  const rows = readFileSync(document, "utf8").matchAll(/^\| ([A-Z]\d+) \|/gm);
  expect(ids).toEqual([...rows].map(([, id]) => id));
});
