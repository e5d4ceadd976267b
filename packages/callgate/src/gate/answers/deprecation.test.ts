import { expect, test } from "vitest";
import { z } from "zod";
import { content } from "../../define/content.ts";
import { defineDomain } from "../../define/domain.ts";
import { openTestGate } from "../testing/open-test-gate.ts";

const deprecated = { since: "2026-11-01", use: "find_rooms" };
const words = "is deprecated since 2026-11-01: use find_rooms.";
const rules = { description: "Gives a room, as ever.", deprecated, input: z.object({}) };
const output = z.object({ id: z.string() });

const rooms = defineDomain("rooms", { owner: "o", purpose: "p", concern: "c" });
rooms.read("get_text", { ...rules, run: () => "a room" });
rooms.read("get_room", { ...rules, output, run: () => ({ id: "r1" }) });
rooms.read("get_picture", { ...rules, run: () => content([{ type: "image", mimeType: "image/png", data: "" }]) });
rooms.read("get_both", { ...rules, output, run: () => content([{ type: "text", text: "A room." }], { id: "r1" }) });
rooms.write("book_room", { ...rules, output, plan: () => ({ preview: {} }), commit: () => ({ id: "r1" }) });

test("[T1] a deprecated tool says so where it is listed and in each of its answers, whatever their form", async () => {
  await using gate = await openTestGate([rooms]);
  const tools = await gate.as("ann").tools();
  const answers = [
    ...["get_text", "get_room", "get_picture", "get_both"].map((name) => [name, {}] as const),
    ["book_room", { dry_run: true }] as const,
    ["book_room", { idempotency_key: "k" }] as const,
    ["book_room", { idempotency_key: "k" }] as const,
  ];
  for (const [name, input] of answers) {
    expect(tools.get(name)?.["description"]).toBe("Deprecated: use find_rooms. Gives a room, as ever.");
    const { texts, meta } = await gate.call(name, input);
    expect(texts.at(-1)).toContain(`${name} ${words}`);
    expect(meta["io.callgate/deprecated"]).toEqual(deprecated);
  }
});

test("[C2] a deprecated tool names nothing to use instead that its caller does not see", async () => {
  const secret = defineDomain("secret", { owner: "o", purpose: "p", concern: "c" });
  secret.read("find_rooms", { description: "Finds rooms.", scope: "rooms:all", input: z.object({}), run: () => "" });
  await using gate = await openTestGate([rooms, secret]);
  const clerk = gate.as("clerk:cora");
  const said = [(await clerk.tools()).get("get_text"), await clerk.call("get_text")];
  expect(JSON.stringify(said)).not.toContain("find_rooms");
  expect((await clerk.call("get_text")).texts).toEqual(["a room", "get_text is deprecated since 2026-11-01."]);
  expect((await gate.as("ann").tools()).get("get_text")?.["description"]).toContain("use find_rooms");
  expect((await gate.call("get_text")).texts.at(-1)).toContain("use find_rooms");
});

test("[K2] a deprecation without a date, or without another tool, is refused when the gate is built", async () => {
  const odd = (said: { since: string; use: string }) => {
    const domain = defineDomain("odd", { owner: "o", purpose: "p", concern: "c" });
    domain.read("old_rooms", { description: "Finds rooms.", deprecated: said, input: z.object({}), run: () => "" });
    return openTestGate([domain]);
  };
  await expect(odd({ since: "soon", use: "find_rooms" })).rejects.toThrow('since "soon", which is no date');
  await expect(odd({ since: "2026-13-01", use: "find_rooms" })).rejects.toThrow("which is no date");
  await expect(odd({ since: "2026-11-01", use: "old_rooms" })).rejects.toThrow("names no other tool");
});
