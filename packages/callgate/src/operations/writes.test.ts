import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { call, useOperatedGate } from "./testing/operated-gate.ts";

const gate = useOperatedGate();

describe("a write whose outcome is unknown", () => {
  const on = { on: true, idempotency_key: "lamp-1" };

  async function unknownWrite(operator: Client): Promise<string> {
    const { code, details } = await call(operator, "switch_lamp", on);
    expect(code).toBe("outcome_unknown");
    return (details as { write_id: string }).write_id;
  }

  it.each([
    ["happened", "done", "settled_as_happened"],
    ["did_not_happen", "failed", "settled_as_not_happened"],
  ])("is settled by a person as %s, recorded with who and why, and replayed so", async (outcome, state, code) => {
    const operator = await gate.connect();
    const write_id = await unknownWrite(operator);
    const listed = await call(operator, "list_writes", { state: "unknown" });
    expect(listed).toMatchObject({ writes: [{ write_id, tool: "switch_lamp" }] });
    const settle = { write_id, outcome, note: "I went and looked" };
    const settled = { write_id, state, settled_by: "person:olga", note: "I went and looked" };
    expect(await call(operator, "resolve_write", settle)).toMatchObject(settled);
    expect(await call(operator, "get_write", { write_id })).toMatchObject(settled);
    expect(await call(operator, "switch_lamp", on)).toMatchObject({ code, details: { replayed: true } });
    const { records } = await call(operator, "search_audit", { tool: "resolve_write" });
    expect(records).toMatchObject([{ subject: "person:olga", outcome: "ok" }]);
  });

  it("is settled once", async () => {
    const operator = await gate.connect();
    const write_id = await unknownWrite(operator);
    await call(operator, "resolve_write", { write_id, outcome: "happened", note: "I went and looked" });
    const again = await call(operator, "resolve_write", { write_id, outcome: "did_not_happen", note: "it is dark" });
    expect(again).toMatchObject({ code: "write_not_unknown" });
    expect(await call(operator, "get_write", { write_id })).toMatchObject({ state: "done" });
  });
});
