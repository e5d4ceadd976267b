import { performance } from "node:perf_hooks";
import type { SearchedTool } from "../../packages/callgate/src/gate/catalogue/tool-index.ts";
import type { Wanted } from "./catalogue.ts";
import type { Search, Way } from "./searches.ts";

/** Shares of queries for which a right tool is the first, among the first five, among the first ten. */
export interface Recall {
  readonly at1: number;
  readonly at5: number;
  readonly at10: number;
}

export function recallOf(search: Search, wanted: readonly Wanted[]): Recall {
  const places = wanted.map(({ query, right }) => search(query).findIndex((name) => right.includes(name)));
  const within = (most: number): number => places.filter((at) => at >= 0 && at < most).length / places.length;
  return { at1: within(1), at5: within(5), at10: within(10) };
}

/** The titles of {@link recallRow}. */
export const recallTitles: readonly string[] = [
  "way",
  "first",
  "in five",
  "in ten",
  "held out: first",
  "in five",
  "in ten",
];

/** What a way finds of all queries, and of those that were held out, in percent. */
export async function recallRow(
  way: Way,
  tools: readonly SearchedTool[],
  { seen, heldOut }: { readonly seen: readonly Wanted[]; readonly heldOut: readonly Wanted[] },
): Promise<readonly string[]> {
  const search = await way.over(tools);
  const found = [recallOf(search, [...seen, ...heldOut]), recallOf(search, heldOut)];
  const shares = found.flatMap(({ at1, at5, at10 }) => [at1, at5, at10]);
  return [way.says, ...shares.map((share) => `${Math.round(share * 100)} %`)];
}

/** Microseconds that a search takes, by the median and the slowest of a hundred, once everything is warm. */
export function timeOf(search: Search, wanted: readonly Wanted[]): { readonly p50: number; readonly p99: number } {
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    for (const { query } of wanted) {
      const started = performance.now();
      search(query);
      if (round >= 5) times.push((performance.now() - started) * 1_000);
    }
  }
  times.sort((left, right) => left - right);
  const at = (share: number): number => Math.round(times[Math.floor(times.length * share)] ?? 0);
  return { p50: at(0.5), p99: at(0.99) };
}

/** As many tools as that, made of these under further names. */
export function multiplied(tools: readonly SearchedTool[], times: number): readonly SearchedTool[] {
  return Array.from({ length: times }, (_, at) =>
    tools.map((tool) => ({ ...tool, name: `${tool.name}_${at}`, domain: `${tool.domain}_${at}` })),
  ).flat();
}
