import { performance } from "node:perf_hooks";
import { toMarkdownTable } from "../../bench/src/markdown-table.ts";
import { estimateTokens } from "../../packages/callgate/src/audit/tokens.ts";
import { queries, twoHundredTools } from "./catalogue.ts";
import { gateOf } from "./gate-of-two-hundred.ts";
import { multiplied, recallRow, recallTitles, timeOf } from "./measure.ts";
import { others, own } from "./searches.ts";

const tools = twoHundredTools();
const { seen, heldOut } = queries();
const all = [...seen, ...heldOut];

console.log(`${tools.length} tools, ${all.length} queries, of which ${heldOut.length} were held out\n`);
const rows = [];
for (const way of [...others, own]) {
  const { p50, p99 } = timeOf(await way.over(tools), all);
  rows.push([...(await recallRow(way, tools, { seen, heldOut })), `${p50} / ${p99}`]);
}
console.log(toMarkdownTable([...recallTitles, "µs p50 / p99"], rows));

const search = await own.over(tools);
console.log("\nNot among the first five:");
for (const { query, right } of all) {
  const found = search(query);
  const place = 1 + found.findIndex((name) => right.includes(name));
  if (place === 0 || place > 5)
    console.log(`  ${query}: ${right.join(", ")} is ${place === 0 ? "not found" : `number ${place}`}`);
}

console.log("");
for (const times of [1, 5]) {
  const many = multiplied(tools, times);
  const started = performance.now();
  const large = await own.over(many);
  const built = Math.round(performance.now() - started);
  const { p50, p99 } = timeOf(large, seen);
  console.log(`${many.length} tools: indexed in ${built} ms, a search in ${p50} µs (p50), ${p99} µs (p99)`);
}

console.log("");
const tokens = (value: unknown): number => estimateTokens(JSON.stringify(value).length);
for (const [says, searchAbove] of [
  ["listed", tools.length],
  ["searched", 0],
] as const) {
  await using gate = await gateOf(tools, searchAbove);
  const { tools: shown } = await gate.client.listTools();
  console.log(`${says}: ${shown.length} tools, about ${tokens(shown)} tokens in a model's context`);
  if (searchAbove > 0) continue;
  const answers = [];
  for (const { query } of all) answers.push(await gate.client.callTool({ name: "search_tools", arguments: { query } }));
  const each = answers
    .map(({ structuredContent }) => tokens(structuredContent))
    .toSorted((left, right) => left - right);
  console.log(`an answer of search_tools: about ${each[Math.floor(each.length / 2)]} tokens, ${each.at(-1)} at most`);
}
