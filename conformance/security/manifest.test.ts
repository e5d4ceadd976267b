import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { collectTestTitles } from "../requirements/test-titles.ts";
import { securityCases } from "./manifest.ts";

/** The document that lists the cases, where it lies beside the project. */
const document = new URL("../../../shared/SECURITY-CASES.md", import.meta.url);

const cited = new Map<string, string>();
for (const { title, file } of collectTestTitles())
  for (const [, numbers = ""] of title.matchAll(/\bSECURITY (\d+(?:, \d+)*)/g))
    for (const number of numbers.split(", ")) cited.set(number, `${file}: ${title}`);
const numbers = Object.keys(securityCases);

test.each(numbers.filter((number) => securityCases[Number(number)]?.state === "covered"))(
  "case %s is covered, and a test says so",
  (number) => {
    expect(cited.get(number)).toBeDefined();
  },
);

test("no test cites a case that is not listed", () => {
  expect([...cited].filter(([number]) => !numbers.includes(number))).toEqual([]);
});

// It is no part of the project: where it lies beside the clone, as in our CI, they are compared; elsewhere nobody has it.
if (!existsSync(document))
  process.stderr.write(
    "Not run here: the cases are not compared with the document, which does not lie beside this clone.\n",
  );
test.skipIf(!existsSync(document))("the cases are those of the document", () => {
  const listed = readFileSync(document, "utf8").matchAll(/^(\d+)\. /gm);
  expect(numbers).toEqual([...listed].map(([, number]) => number));
});
