import type { Client } from "@modelcontextprotocol/client";
import { expect, it } from "vitest";
import { call, team, useOperatedGate } from "./testing/operated-gate.ts";

const gate = useOperatedGate();

/** A write of tom's in this tenant whose outcome is unknown, and the call that made it. */
async function unknownWrite(tenant: string): Promise<{ write_id: string; call_id: string }> {
  const tom = await gate.connectAs({ ...team, tenant });
  const { details } = await call(tom, "switch_lamp", { on: true, idempotency_key: "lamp-1" });
  const { write_id } = details as { write_id: string };
  const { call_id } = await call(await gate.connect(), "get_write", { write_id });
  return { write_id, call_id: String(call_id) };
}

const operatorOf = (tenant: string): Promise<Client> =>
  gate.connectAs({ kind: "operator", name: "ops", tenant, scopes: ["audit:read", "writes:read", "writes:resolve"] });

it("[C5] who belongs to a tenant finds that tenant's calls in the record, and no others", async () => {
  const [ours, theirs] = [await unknownWrite("a"), await unknownWrite("b")];
  const operator = await operatorOf("a");
  for (const tool of ["search_audit", "export_audit"]) {
    const { records } = await call(operator, tool, { tool: "switch_lamp" });
    expect(records).toEqual([expect.objectContaining({ call_id: ours.call_id, subject: "person:tom#a" })]);
    expect(await call(operator, tool, { subject: "person:tom#b" })).toMatchObject({ records: [] });
  }
  expect(await call(operator, "get_audit_record", { call_id: ours.call_id })).toMatchObject({ tenant: "a" });
  expect(await call(operator, "get_audit_record", { call_id: theirs.call_id })).toMatchObject({ code: "unknown_call" });
});

it("[C5] who belongs to a tenant finds and settles that tenant's writes, and no others", async () => {
  const [ours, theirs] = [await unknownWrite("a"), await unknownWrite("b")];
  const operator = await operatorOf("a");
  const { writes } = await call(operator, "list_writes", {});
  expect(writes).toEqual([expect.objectContaining({ write_id: ours.write_id })]);
  const settle = { outcome: "happened", note: "I went and looked" };
  for (const [tool, more] of [
    ["get_write", {}],
    ["resolve_write", settle],
  ] as const) {
    const refused = await call(operator, tool, { write_id: theirs.write_id, ...more });
    expect(refused).toMatchObject({ code: "unknown_write" });
    expect(await call(operator, tool, { write_id: ours.write_id, ...more })).toMatchObject({ subject: "person:tom#a" });
  }
});

it("who belongs to none finds those of every tenant", async () => {
  const all = [await unknownWrite("a"), await unknownWrite("b")];
  const operator = await gate.connectAs({ kind: "operator", name: "ops" });
  const { records } = await call(operator, "search_audit", { tool: "switch_lamp" });
  expect((records as { call_id: string }[]).map(({ call_id }) => call_id).toSorted()).toEqual(
    all.map(({ call_id }) => call_id).toSorted(),
  );
  const { writes } = await call(operator, "list_writes", { tool: "switch_lamp" });
  expect(writes).toHaveLength(2);
});
