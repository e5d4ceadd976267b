import { describe, expect, it } from "vitest";
import { useLampGates } from "./testing/lamp-gate.ts";
import { expectAbsent, listed, smoke, stateOf } from "./testing/lamp-questions.ts";
import { call, team } from "./testing/operated-gate.ts";

const open = useLampGates();

describe("a smoke test", () => {
  it("[W5] makes real calls, on record as its own with who had it run, and shows how a write was refused", async () => {
    const gate = await open();
    const rita = await gate.keyFor({ kind: "operator", name: "rita" });
    const proof = await call(await gate.connect(rita), "run_smoke", { domain: "lamps" });
    expect(proof).toMatchObject({
      by: "operator:rita",
      checks: [
        { check: "the backend answers", outcome: "passed" },
        { check: "count_lamps {}", outcome: "passed" },
        { check: "the read credential cannot write", detail: "refused: attempt to write a readonly database" },
      ],
    });
    const { records } = (await gate.operate("search_audit", { tool: "count_lamps" })) as {
      records: { call_id: string }[];
    };
    expect(records).toMatchObject([{ subject: "smoke:lamps", outcome: "ok" }]);
    const record = await gate.operate("get_audit_record", { call_id: records[0]?.call_id });
    expect(JSON.stringify(record)).toContain("which operator:rita had run");
  });

  it.each([
    ["can write", { readsWith: "write" as const }, /^the write went through/],
    ["is refused by nothing that was declared", { smoke: { refusesWrites: undefined } }, /Add to `smoke`/],
    [
      "is tried by a probe that is itself mistaken",
      { smoke: { refusesWrites: () => (undefined as unknown as Date).getTime() } },
      /`refusesWrites` itself broke/,
    ],
    [
      "is refused by a backend that has gone away",
      {
        smoke: {
          refusesWrites: (database: { close(): void }) => (database.close(), Promise.reject(new Error("gone"))),
        },
      },
      /the backend went away/,
    ],
  ])("[W5] fails where the read credential %s", async (_what, options, why) => {
    const gate = await open(options as Parameters<typeof open>[0]);
    const { passed, checks } = (await smoke(gate)) as {
      passed: boolean;
      checks: { outcome: string; detail: string }[];
    };
    expect([passed, checks.at(-1)]).toEqual([
      false,
      expect.objectContaining({ outcome: "failed", detail: expect.stringMatching(why) }),
    ]);
    const refused = await gate.operate("graduate_tool", { tool: "switch_lamp" });
    expect(refused).toMatchObject({ code: "smoke_needed", message: "The smoke test of lamps failed." });
  });

  it.each([
    ["expects otherwise", () => false, "the result is not what the check expects"],
    [
      "throws",
      () => {
        throw new Error("two lamps too many");
      },
      "two lamps too many",
    ],
    [
      "finds out later that it expects otherwise",
      () => Promise.resolve(false),
      "the result is not what the check expects",
    ],
    ["rejects", () => Promise.reject(new Error("no lamp at all")), "no lamp at all"],
  ])("[W5] fails where a check %s", async (_what, expect_, detail) => {
    const gate = await open({ smoke: { checks: [{ call: "count_lamps", with: {}, expect: expect_ }] } });
    expect(await smoke(gate)).toMatchObject({
      passed: false,
      checks: [{}, { outcome: "failed", detail }, { outcome: "passed" }],
    });
  });

  it("[W5] keeps no secret that a refusal tells", async () => {
    const secret = ["postgres://reader:hunter", "2@db.example/stays"].join("");
    const refusesWrites = (): never => {
      throw new Error(`permission denied on ${secret}`);
    };
    const gate = await open({ smoke: { refusesWrites } });
    const proof = await smoke(gate);
    expect(proof).toMatchObject({ passed: true });
    expect(JSON.stringify(proof)).toContain("permission denied");
    expect(JSON.stringify(proof)).not.toContain("hunter2");
  });

  it("[W5] that fails takes every write tool of the domain away until one passes", async () => {
    let count = 2;
    const checks = [{ call: "count_lamps", with: {}, expect: ({ lamps }: { lamps: number }) => lamps === count }];
    const gate = await open({ smoke: { checks } });
    const key = await gate.keyFor(team);
    await smoke(gate);
    await gate.operate("graduate_tool", { tool: "switch_lamp" });
    expect(await listed(gate, key)).toEqual(["count_lamps", "switch_lamp"]);
    count = 3;
    expect(await smoke(gate)).toMatchObject({ passed: false });
    expect(await listed(gate, key)).toEqual(["count_lamps"]);
    await expectAbsent(gate, key, "switch_lamp");
    expect((await stateOf(gate)).write_tools[0]).toMatchObject({
      on: false,
      why: expect.stringMatching(/^the smoke test of lamps failed on/),
      next: "callgate smoke lamps",
    });
    count = 2;
    await smoke(gate);
    expect(await listed(gate, key)).toEqual(["count_lamps", "switch_lamp"]);
  });

  it("[W5] is needed: a domain that declares none cannot be written to", async () => {
    const gate = await open({ smoke: "undeclared" });
    expect(await smoke(gate)).toMatchObject({
      code: "smoke_undeclared",
      next: expect.stringContaining("refusesWrites"),
    });
    expect((await stateOf(gate)).write_tools[0]).toMatchObject({
      on: false,
      next: "Declare `smoke` on the domain lamps.",
    });
  });
});
