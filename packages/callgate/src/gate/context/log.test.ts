import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestGate, type TestGate } from "../testing/open-test-gate.ts";
import { workshop } from "../testing/workshop.ts";

let gate: TestGate;
beforeAll(async () => {
  const domain = workshop((_input, { log, callId }) => {
    log.info("worked", { guest: { passport_no: "C01X00T47" }, password: "hunter2", callId: "forged" });
    log.debug("done");
    log.warn("refused: postgres://desk:hunter2@db", { error: new Error("password=hunter2 was refused") });
    return callId;
  });
  gate = await openTestGate([domain], { config: { audit: { maskFields: ["passport_no"] } } });
});
afterAll(() => gate.close());

describe("what a tool logs", () => {
  it("[O1] names its call, trace and tool, whatever the tool says", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const { texts } = await gate.call("do_work", {}, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    const own = { callId: texts[0], traceId, tool: "do_work" };
    expect(gate.logged.slice(-3)).toMatchObject([
      { level: "info", message: "worked", fields: own },
      { level: "debug", message: "done", fields: own },
      { level: "warn", fields: own },
    ]);
  });

  it("[O1] is found by its call and trace, also where their digits look like the number of a card", async () => {
    const traceId = "abcd4111111111111111abcdabcdabcd";
    await gate.call("do_work", {}, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    expect(gate.logged.at(-1)?.fields).toMatchObject({ traceId });
  });

  it("[O1] is masked like the audit, words and errors too, in a log of the program's own too", async () => {
    await gate.call("do_work");
    expect(gate.logged.at(-1)?.message).toBe("refused: postgres://desk:[masked]@db");
    expect(gate.logged.at(-3)?.fields).toMatchObject({ guest: { passport_no: "[masked]" }, password: "[masked]" });
    expect(JSON.stringify(gate.logged)).not.toMatch(/C01X00T47|hunter2/);
  });
});
