import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { queries, twoHundredTools } from "./catalogue.ts";
import { gateOf } from "./gate-of-two-hundred.ts";
import { recallOf, recallRow } from "./measure.ts";
import { others, own, type Search } from "./searches.ts";

const tools = twoHundredTools();
const { seen, heldOut } = queries();

describe("[T8] the search among two hundred tools", () => {
  let search: Search;
  beforeAll(async () => {
    search = await own.over(tools);
  });

  it("is asked at least a hundred and twenty times, for tools that there are", () => {
    const names = new Set(tools.map(({ name }) => name));
    expect(names.size).toBe(200);
    expect(seen.length + heldOut.length).toBeGreaterThanOrEqual(120);
    for (const { right } of [...seen, ...heldOut]) for (const name of right) expect(names).toContain(name);
  });

  it("has a right one among the first five for nine of ten queries, also those that it was not made by", () => {
    for (const half of [seen, heldOut]) {
      const { at1, at5, at10 } = recallOf(search, half);
      expect(at1).toBeGreaterThanOrEqual(0.68);
      expect(at5).toBeGreaterThanOrEqual(0.9);
      expect(at10).toBeGreaterThanOrEqual(0.94);
    }
  });

  it("finds more than every plainer way", async () => {
    const found = recallOf(search, heldOut).at5;
    for (const way of others) expect(recallOf(await way.over(tools), heldOut).at5, way.says).toBeLessThan(found);
  });

  it("finds what docs/large-catalogues.md says that it does, and that the plainer ways do", async () => {
    const page = readFileSync(new URL("../../docs/large-catalogues.md", import.meta.url), "utf8");
    const rows = [...page.matchAll(/^\| (.*%) \|$/gm)].map(([, cells = ""]) =>
      cells.split("|").map((cell) => cell.trim()),
    );
    expect(rows).toEqual(await Promise.all([...others, own].map((way) => recallRow(way, tools, { seen, heldOut }))));
  });

  it("finds each tool by its own name", () => {
    for (const { name } of tools) expect(search(name)[0]).toBe(name);
  });

  it("finds what is misspelt", () => {
    expect(search("cancell a resevation").slice(0, 5)).toContain("cancel_booking");
    expect(search("trnslate it into French").slice(0, 5)).toContain("translate_text");
  });

  it("leads a client of a gate to the tool that it wants, at a fraction of the list", async () => {
    await using all = await gateOf(tools, tools.length);
    await using few = await gateOf(tools, tools.length - 1);
    const [whole, searched] = [await all.client.listTools(), await few.client.listTools()];
    expect([whole.tools.length, searched.tools.length]).toEqual([200, 2]);
    expect(JSON.stringify(searched).length * 20).toBeLessThan(JSON.stringify(whole).length);
    let found = 0;
    for (const { query, right } of heldOut) {
      const answer = await few.client.callTool({ name: "search_tools", arguments: { query } });
      const given = (answer.structuredContent as { tools: { name: string }[] }).tools;
      const wanted = given.find(({ name }) => right.includes(name));
      if (wanted === undefined) continue;
      found += 1;
      const called = await few.client.callTool({ name: "call_tool", arguments: { name: wanted.name } });
      expect(called.content).toEqual([{ type: "text", text: wanted.name }]);
    }
    expect(found / heldOut.length).toBeGreaterThanOrEqual(0.9);
  });
});
