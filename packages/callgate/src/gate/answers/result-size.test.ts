import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { content } from "../../define/content.ts";
import { defineDomain } from "../../define/domain.ts";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";

const input = z.object({ size: z.number() });
const letters = (size: number): string => "x".repeat(size);
const maxResultBytes = 500;

const big = defineDomain("big", { owner: "o", purpose: "p", concern: "c" });
const description = "Gives as much as is asked for.";
const rules = { description, input, maxResultBytes };
big.read("get_text", { ...rules, run: ({ size }) => letters(size) });
big.read("get_dashes", { ...rules, run: ({ size }) => "—".repeat(size) });
big.read("get_data", { ...rules, run: ({ size }) => ({ letters: letters(size) }) });
big.read("get_log", { description, input, run: ({ size }) => letters(size) });
big.read("sum_up_text", {
  ...rules,
  run: ({ size }) => letters(size),
  summarize: (text: string) => `${text.length} letters`,
});
big.read("get_picture", {
  ...rules,
  run: ({ size }) => content([{ type: "image", mimeType: "image/png", data: letters(size) }]),
});
big.read("get_both", {
  ...rules,
  output: z.object({ letters: z.string() }),
  run: ({ size }) => content([{ type: "text", text: "Here." }], { letters: letters(size) }),
});
big.write("make_text", {
  ...rules,
  plan: ({ size }) => ({ preview: { size }, size }),
  commit: ({ size }) => letters(size),
});
big.write("plan_much", { ...rules, plan: ({ size }) => ({ preview: { text: letters(size) } }), commit: () => "done" });
big.resource({
  name: "text",
  uri: "big://{size}",
  maxResultBytes,
  read: ({ size }) => ({ text: letters(Number(size)) }),
});
big.prompt({ name: "words", maxResultBytes, arguments: { size: {} }, get: ({ size }) => letters(Number(size)) });
big.prompt({ name: "log", arguments: { size: {} }, get: ({ size }) => letters(Number(size)) });

let gate: TestGate;
beforeAll(async () => {
  gate = await openTestGate([big]);
});
afterAll(() => gate.close());

const prompt = (name: string, size: number) =>
  gate.as("ann").request("prompts/get", { name, arguments: { size: String(size) } });
const resource = (size: number) => gate.as("ann").request("resources/read", { uri: `big://${size}` });

describe("an answer larger than maxResultBytes", () => {
  it.each(["get_text", "get_data", "get_picture", "get_both"])("[T5] is refused: %s", async (tool) => {
    expect((await gate.call(tool, { size: 300 })).code).toBeUndefined();
    expect((await gate.call(tool, { size: 600 })).error).toMatchObject({
      code: "result_too_large",
      next: expect.stringContaining("Narrow the arguments"),
    });
  });

  it("[T5] is 65,536 bytes where nobody said otherwise", async () => {
    expect((await gate.call("get_log", { size: 65_536 })).texts).toEqual([letters(65_536)]);
    expect((await gate.call("get_log", { size: 65_537 })).code).toBe("result_too_large");
    expect((await prompt("log", 70_000)).code).toBe("result_too_large");
  });

  it("[T5] is refused by its bytes, not by its letters", async () => {
    expect((await gate.call("get_dashes", { size: 150 })).code).toBeUndefined();
    expect((await gate.call("get_dashes", { size: 200 })).code).toBe("result_too_large");
  });

  it("[T5] becomes its summary where it is text, too", async () => {
    expect((await gate.call("sum_up_text", { size: 600 })).texts).toEqual(["600 letters"]);
  });

  it("[T5] of a resource or prompt is an error for the client", async () => {
    for (const ask of [resource, (size: number) => prompt("words", size)]) {
      expect((await ask(100)).answer.kind).toBe("result");
      expect((await ask(600)).code).toBe("result_too_large");
    }
  });

  it("[T5] of a write says that it took place, of its preview that nothing was done", async () => {
    expect((await gate.call("make_text", { size: 600 })).error?.message).toContain("took place");
    const { error } = await gate.call("plan_much", { size: 600, dry_run: true });
    expect(error).toMatchObject({ code: "result_too_large", message: expect.stringContaining("nothing was done") });
  });
});
