import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rulesPage } from "./rules-page.ts";

/** Writes docs/rules.md from the rules of `callgate check`; `scripts/docs-rules.test.ts` fails until it has been run. */
writeFileSync(join(import.meta.dirname, "..", "docs", "rules.md"), rulesPage());
