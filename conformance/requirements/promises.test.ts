import { content, type Domain, defineDomain } from "callgate";
import { expect, test } from "vitest";
import { z } from "zod";
import { openTestGate } from "../../packages/callgate/src/gate/testing/open-test-gate.ts";
import { workshop } from "../../packages/callgate/src/gate/testing/workshop.ts";
import { searchWhole } from "../../packages/callgate/src/store/contract-suite/search-whole.ts";

function credentialOf(name: string): Domain<undefined> {
  const domain = defineDomain(name, { owner: "o", purpose: "p", concern: "c" });
  domain.read(`show_${name}`, {
    description: `Shows which credential came for ${name}.`,
    input: z.object({}),
    output: z.object({ came: z.string().optional() }),
    run: (_input, { domainCredential }) => ({ came: domainCredential }),
  });
  return domain;
}

test("[C8] a credential that rides along reaches the tools of its domain, and of no other", async () => {
  await using gate = await openTestGate(["lamps", "doors", "bells"].map(credentialOf));
  const ann = gate.as("ann::lamps=for-lamps::doors=for-doors");
  const came = async (name: string): Promise<unknown> => (await ann.call(`show_${name}`)).structured;
  expect(await came("lamps")).toEqual({ came: "for-lamps" });
  expect(await came("doors")).toEqual({ came: "for-doors" });
  expect(await came("bells")).toEqual({});
});

test("[L3] a tool that says nothing of its deadline has five seconds", async () => {
  await using gate = await openTestGate([workshop(() => new Promise(() => {}))]);
  const from = performance.now();
  const { code } = await gate.call("do_work");
  const took = performance.now() - from;
  expect(code).toBe("deadline_exceeded");
  expect(took).toBeGreaterThan(4_900);
  expect(took).toBeLessThan(20_000);
});

test("[T3] what a list costs a model to read is on record, and what a result does that is more than JSON", async () => {
  const pictures = defineDomain("pictures", { owner: "o", purpose: "p", concern: "c" });
  pictures.read("show_picture", {
    description: "Shows a picture, and says what is on it.",
    input: z.object({}),
    run: () =>
      content([
        { type: "text", text: "A house by the sea. ".repeat(17) },
        { type: "image", data: "A".repeat(10_000), mimeType: "image/png" },
      ]),
  });
  await using gate = await openTestGate([pictures]);
  await gate.as("ann").tools();
  await gate.call("show_picture");
  const { records } = await searchWhole(gate.gate.store.audit, { limit: 2 });
  const [shown, listed] = records.map(({ method, resultTokens }) => ({ method, resultTokens }));
  expect(shown).toEqual({ method: "tools/call", resultTokens: 100 });
  expect(listed?.method).toBe("tools/list");
  expect(listed?.resultTokens).toBeGreaterThan(50);
});
