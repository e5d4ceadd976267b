import { readFileSync } from "node:fs";
import type { SearchedTool } from "../../packages/callgate/src/gate/catalogue/tool-index.ts";

/** Something that a model wants to do, and the tools of which each is right for it. */
export interface Wanted {
  readonly query: string;
  readonly right: readonly string[];
}

const linesOf = (name: string): readonly string[] =>
  readFileSync(new URL(name, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "");

/** Two hundred tools of thirty domains, as a business of some size has them. */
export function twoHundredTools(): readonly SearchedTool[] {
  let domain = "";
  return linesOf("two-hundred-tools.txt").flatMap((line) => {
    if (line.startsWith("# ")) {
      domain = line.slice(2, line.indexOf(":"));
      return [];
    }
    const [name = "", _effect, description = "", inputs = ""] = line.split(" | ");
    return [{ name, title: "", description, domain, arguments: inputs, former: "" }];
  });
}

/**
 * Queries in two halves: the settings of the search were chosen by the `seen` half alone. The author of the queries knew
 * the tools, and kept from their words where people would use others.
 */
export function queries(): { readonly seen: readonly Wanted[]; readonly heldOut: readonly Wanted[] } {
  const all = linesOf("queries.txt").map((line): Wanted => {
    const [query = "", right = ""] = line.split(" | ");
    return { query, right: right.split(", ") };
  });
  return { seen: all.filter((_, at) => at % 2 === 0), heldOut: all.filter((_, at) => at % 2 === 1) };
}
