import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { searchWhole } from "../store/contract-suite/search-whole.ts";
import type { TestGate } from "./testing/open-test-gate.ts";
import type { Reply } from "./testing/test-caller.ts";
import { openThingsGate } from "./testing/things-gate.ts";

let gate: TestGate;
beforeAll(async () => {
  ({ gate } = await openThingsGate());
});
afterAll(() => gate.close());

const withoutId = (reply: Reply): string => JSON.stringify(reply.answer).replaceAll(/call_[0-9a-f]+/g, "call");

describe("what a caller does not see", () => {
  const clerk = () => gate.as("clerk");

  it("[C2] is not listed", async () => {
    expect([...(await clerk().tools()).keys()]).toEqual(["search_things", "get_thing", "get_misfit", "pay_thing"]);
    expect([...(await gate.as("ann").tools()).keys()]).toContain("drop_everything");
  });

  it("[C2] answers as what does not exist, byte for byte (SECURITY 1)", async () => {
    const hidden = withoutId(await clerk().call("drop_everything"));
    const absent = withoutId(await clerk().call("drop_everythinh"));
    expect(hidden.replaceAll("drop_everything", "NAME")).toBe(absent.replaceAll("drop_everythinh", "NAME"));
    expect(hidden).toContain("-32602");
    expect(hidden).toContain(`"code":"unknown_tool"`);
  });

  it.each([
    "Drop_everything",
    "drop-everything",
    "drop.everything",
    "drop_everything ",
    "drop_everythıng",
    "ｄrop_everything",
  ])("[C2] is not reached as %s either (SECURITY 2)", async (name) => {
    for (const credential of ["clerk", "ann"]) {
      expect((await gate.as(credential).call(name)).answer).toMatchObject({ kind: "error", code: -32_602 });
    }
  });

  it("[C2] is not told of by arguments, cursors or dry runs that would be wrong", async () => {
    const plain = withoutId(await clerk().call("drop_everything"));
    for (const input of [{ dry_run: true }, { cursor: "x" }, { nonsense: 1 }, { idempotency_key: "" }])
      expect(withoutId(await clerk().call("drop_everything", input))).toBe(plain);
  });

  it("[C2] is all but the tools of their mode for those who present no credential", async () => {
    expect([...(await gate.as(undefined).tools()).keys()]).toEqual(["find_stays"]);
    expect((await gate.as(undefined).call("get_thing", { id: "a" })).answer.kind).toBe("error");
  });

  it("[C2] a credential that is wrong is refused and not lowered to nobody's", async () => {
    expect((await gate.as("stolen").call("get_thing", { id: "a" })).answer).toMatchObject({ httpStatus: 401 });
  });
});

describe("arguments", () => {
  const ann = (input: Record<string, unknown>) => gate.as("ann").call("get_thing", input);

  it("[T4] that are wrong name the field, what was expected and the tool to call", async () => {
    const { error } = await ann({ id: 7 });
    expect(error).toMatchObject({ code: "invalid_arguments", category: "validation" });
    expect(error?.message).toMatch(/id: .*string/);
    expect(error?.next).toContain("search_things");
    expect(error?.details?.["fields"]).toEqual([{ field: "id", problem: expect.stringContaining("string") }]);
  });

  it("[T4] that are wrong deep inside name the whole way", async () => {
    const { error } = await ann({ id: "a", deep: { level: "high" } });
    expect(error?.message).toContain("deep.level");
  });

  it("[T4] that are not there are said to be missing, whatever a library calls it", async () => {
    const { error } = await ann({ deep: { level: "high" } });
    expect(error).toMatchObject({ message: expect.stringMatching(/id: missing; deep\.level: (?!missing)/) });
  });

  it("[T4] that nobody knows are refused, with the nearest that is known", async () => {
    expect((await ann({ idd: "a" })).error).toMatchObject({ code: "unknown_argument", next: "Did you mean `id`?" });
    expect((await ann({ id: "a", inclued: [] })).error?.next).toContain("`include`");
    expect((await ann({ id: "a", quite_different: 1 })).error?.next).toContain("id, owner, deep");
  });

  it.each([
    ["include", "history"],
    ["include", ["nothing"]],
    ["reason", 7],
    ["reason", "x".repeat(1_001)],
  ])("[T4] of the gate itself that are wrong are refused: %s", async (name, value) => {
    expect((await ann({ id: "a", [name]: value })).code).toBe("invalid_arguments");
  });

  it("[T4] that no branch of a union knows are refused instead of dropped", async () => {
    const { error } = await gate.as("ann").call("pay_thing", { card: "c", tipp: 5 });
    expect(error).toMatchObject({ code: "unknown_argument", next: "Did you mean `tip`?" });
    expect((await gate.as("ann").call("pay_thing", { cash: 5, reason: "r" })).texts).toEqual(['{"cash":5}']);
  });

  it("[T4] that are no object are refused", async () => {
    const { answer } = await gate.as("ann").request("tools/call", { name: "get_thing", arguments: [1] });
    expect(JSON.stringify(answer)).toContain("must be an object");
  });

  it("[T1] named like what every object has are unknown, not inherited", async () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const input = JSON.parse(`{"id":"a","${name}":{"polluted":true}}`) as Record<string, unknown>;
      expect((await ann(input)).code).toBe("unknown_argument");
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("a guard", () => {
  const ann = (id: string) => gate.as("ann").call("get_thing", { id });

  it("[C5] that throws denies, and what it said stays in the log", async () => {
    const reply = await ann("throws");
    expect(reply.code).toBe("not_allowed");
    expect(JSON.stringify(reply)).not.toContain("hunter2");
    expect(JSON.stringify(gate.logged)).toContain("the books are closed");
  });

  it("[C5] that hangs denies at the deadline", async () => {
    expect((await ann("hangs")).code).toBe("not_allowed");
  });

  it("[C5] that answers anything but true denies (SECURITY 3)", async () => {
    expect((await ann("odd")).code).toBe("not_allowed");
  });

  it("[C5] may say in its own words why not", async () => {
    expect((await ann("explains")).error).toMatchObject({ code: "thing_locked", message: "Locked." });
  });
});

describe("a result", () => {
  it("[T3] holds optional parts only where they are asked for", async () => {
    const plain = await gate.as("ann").call("get_thing", { id: "a" });
    const more = await gate.as("ann").call("get_thing", { id: "a", include: ["history"] });
    expect(plain.structured).toEqual({ id: "a" });
    expect(more.structured).toEqual({ id: "a", history: ["made a"] });
  });

  it("[T1] that does not fit its schema never reaches the caller, not even in part", async () => {
    const reply = await gate.as("ann").call("get_misfit");
    expect(reply.code).toBe("result_invalid");
    expect(JSON.stringify(reply)).not.toContain("hunter2");
  });

  it("[T1] without a declared output is text", async () => {
    expect(await gate.as("ann").call("drop_everything")).toMatchObject({ texts: ["dropped"], structured: undefined });
  });

  it("[T4] that is an unexpected throw says only where to look: secrets stay in the log", async () => {
    const reply = await gate.as("ann").call("get_thing", { id: "breaks" });
    expect(reply.code).toBe("system_error");
    expect(JSON.stringify(reply)).not.toContain("hunter2");
    const id = /call_[0-9a-f]+/.exec(reply.error?.message ?? "")?.[0];
    expect(gate.logged.some(({ fields }) => fields["callId"] === id)).toBe(true);
  });
});

describe("the record", () => {
  it("[O1] holds every call before it is answered: who, what, why, how it ended and how long each stage took", async () => {
    await gate.as("ann").call("get_thing", { id: "recorded", reason: "a guest asked" });
    const { records } = await searchWhole(gate.gate.store.audit, { tool: "get_thing", limit: 1 });
    expect(records[0]).toMatchObject({
      kind: "call",
      outcome: "ok",
      subject: "person:ann",
      reason: "a guest asked",
      arguments: '{"id":"recorded","reason":"a guest asked"}',
      result: '{"id":"recorded"}',
    });
    expect(Object.keys(JSON.parse(records[0]?.stages ?? "{}"))).toEqual([
      "identify",
      "limit",
      "check",
      "guard",
      "run",
      "shape",
    ]);
  });

  it("[O1] goes on with the caller's trace", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    await gate.as("ann").call("get_thing", { id: "a" }, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    expect((await searchWhole(gate.gate.store.audit, { traceId, limit: 5 })).records).toHaveLength(1);
  });
});
