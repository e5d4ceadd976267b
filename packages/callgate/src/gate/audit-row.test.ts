import { afterEach, describe, expect, it } from "vitest";
import { content } from "../define/content.ts";
import { inputRequired } from "../define/input-required.ts";
import type { AuditRecord } from "../store/audit-port.ts";
import { searchWhole } from "../store/contract-suite/search-whole.ts";
import { openTestGate, type TestGate } from "./testing/open-test-gate.ts";
import type { Asked, Reply } from "./testing/test-caller.ts";
import { type Run, workshop } from "./testing/workshop.ts";

let gate: TestGate;
const open = async (run: Run): Promise<TestGate> => (gate = await openTestGate([workshop(run)]));
afterEach(() => gate.close());

/** What a call was answered, and what is on record of it. */
async function call(asked?: Asked): Promise<{ reply: Reply; row: AuditRecord | undefined }> {
  const reply = await gate.call("do_work", { how: "a" }, asked);
  const { records } = await searchWhole(gate.gate.store.audit, { limit: 1 });
  return { reply, row: records[0] };
}

describe("content", () => {
  it.each([null, "text", {}, { type: 7 }])("[T1] with a block that is none does not leave: %j", async (block) => {
    await open(() => content([{ type: "text", text: "a" }, block as never]));
    expect((await call()).row).toMatchObject({ code: "result_invalid" });
  });
});

describe("the row of a call", () => {
  it("[O1] says how many bytes were answered, whatever letters they spell", async () => {
    await open(() => "æøå €");
    const { reply, row } = await call();
    expect(reply.texts).toEqual(["æøå €"]);
    expect(row?.resultBytes).toBe(Buffer.byteLength(JSON.stringify(reply.result)) - "{}".length);
  });

  it("[O1] holds what the client answered, masked", async () => {
    await open((_input, { state, inputResponses }) =>
      state === undefined ? inputRequired({ state: 1 }) : JSON.stringify(inputResponses),
    );
    const asked = await call();
    expect(JSON.parse(asked.row?.arguments ?? "")).toEqual({ how: "a" });
    const requestState = String(asked.reply.result?.["requestState"]);
    const inputResponses = { name: { action: "accept", content: { name: "Ann", password: "hunter2" } } };
    const { row } = await call({ params: { requestState, inputResponses } });
    expect(JSON.parse(row?.arguments ?? "")).toEqual({
      how: "a",
      "io.callgate/input_responses": { name: { action: "accept", content: { name: "Ann", password: "[masked]" } } },
    });
  });

  it("[O1] holds the content that was answered, masked, with the size of what nobody can read", async () => {
    const data = Buffer.alloc(300).toString("base64");
    const blocks = [
      { type: "text", text: "It is password=hunter2 there." },
      { type: "image", mimeType: "image/png", data },
      { type: "resource", resource: { uri: "a://b", blob: data } },
    ];
    await open(() => content(blocks));
    const { reply, row } = await call();
    expect(reply.result?.["content"]).toEqual(blocks);
    expect(JSON.parse(row?.result ?? "")).toEqual([
      { type: "text", text: expect.stringContaining("[masked]") },
      { type: "image", mimeType: "image/png", data: "[400 letters of base64]" },
      { type: "resource", resource: { uri: "a://b", blob: "[400 letters of base64]" } },
    ]);
    expect(row?.resultTokens).toBeLessThan(20);
  });
});
