import { expect, test } from "vitest";
import { z } from "zod";
import { defineDomain } from "../../define/domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";

const renamed = { from: ["search_rooms"], fields: { town: "city" } };
const about = { owner: "o", purpose: "p", concern: "c" };
const output = z.object({ city: z.string() });

function rooms(commits: string[] = []) {
  const domain = defineDomain("rooms", about);
  const input = z.object({ city: z.string() });
  domain.read("find_rooms", {
    description: "Finds free rooms.",
    renamed,
    input,
    output,
    run: ({ city }) => ({ city }),
  });
  domain.write("book_room", {
    description: "Books a room there.",
    renamed: { from: ["reserve_room"], fields: { town: "city" } },
    input,
    output,
    plan: ({ city }) => ({ preview: { city }, city }),
    commit: ({ city }) => {
      commits.push(city);
      return { city };
    },
  });
  return domain;
}

test("[K2] a call by former names of tool and field goes on working, and is told the names of now", async () => {
  await using gate = await openTestGate([rooms()]);
  const { texts, meta } = await gate.call("search_rooms", { town: "Graz" });
  expect(JSON.parse(texts[0] ?? "")).toEqual({ city: "Graz" });
  expect(texts.at(-1)).toBe("search_rooms is called find_rooms now. Its argument town is called city now.");
  const said = { tool: { from: "search_rooms", to: "find_rooms" }, fields: { town: "city" } };
  expect(meta["io.callgate/renamed"]).toEqual(said);
  const now = await gate.call("find_rooms", { city: "Graz" });
  expect([now.texts.length, now.meta["io.callgate/renamed"]]).toEqual([1, undefined]);
});

test("[K2] former names are listed nowhere, and both names of a field at once are refused", async () => {
  await using gate = await openTestGate([rooms()]);
  const tools = await gate.as("ann").tools();
  expect([...tools.keys()].toSorted()).toEqual(["book_room", "find_rooms"]);
  expect(JSON.stringify([...tools])).not.toMatch(/search_rooms|reserve_room|town/);
  const { texts } = await gate.call("find_rooms", { town: "Graz", city: "Linz" });
  expect(texts.join(" ")).toContain("`town` is called `city` now, and both are there.");
});

test("[K2] a write by its former names is the same write: its key lands it once", async () => {
  const commits: string[] = [];
  await using gate = await openTestGate([rooms(commits)]);
  await gate.call("reserve_room", { town: "Graz", idempotency_key: "k" });
  const again = await gate.call("book_room", { city: "Graz", idempotency_key: "k" });
  expect(commits).toEqual(["Graz"]);
  expect(again.meta["io.callgate/replayed"]).toBeDefined();
});

test("[C2] a former name leads nobody to a tool that they do not see", async () => {
  const secret = defineDomain("secret", about);
  const rules = { description: "Finds secrets.", scope: "secrets", renamed: { from: ["old_secret"] } };
  secret.read("find_secrets", { ...rules, input: z.object({}), run: () => "" });
  await using gate = await openTestGate([rooms(), secret]);
  const clerk = gate.as("clerk:cora");
  const [hidden, absent] = [await clerk.call("old_secret"), await clerk.call("no_such_tool")];
  expect(JSON.stringify(hidden).replaceAll("old_secret", "no_such_tool")).toBe(JSON.stringify(absent));
});

test("former names that lead nowhere, or to two, are refused when the gate is built", async () => {
  const odd = (from: readonly string[], fields: Readonly<Record<string, string>>) => {
    const domain = defineDomain("odd", about);
    const input = z.object({ city: z.string() });
    domain.read("get_city", { description: "Gives a city.", renamed: { from, fields }, input, run: () => "" });
    return openTestGate([rooms(), domain]);
  };
  await expect(odd(["find_rooms"], {})).rejects.toThrow('former name "find_rooms" leads to "find_rooms"');
  await expect(odd(["search_rooms"], {})).rejects.toThrow('former name "search_rooms" leads to "find_rooms"');
  await expect(odd([], { town: "place" })).rejects.toThrow('leads to "place", which is no field');
  await expect(odd([], { city: "city" })).rejects.toThrow("is a field of its input still");
});
