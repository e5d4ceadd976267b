import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rulesPage } from "./rules-page.ts";

it("[T6] docs/rules.md says of every rule what the rule says; npm run rules writes it", () => {
  expect(readFileSync(join(import.meta.dirname, "..", "docs", "rules.md"), "utf8")).toBe(rulesPage());
});
