import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { type Gate, openGate, sqlite } from "callgate";
import { afterAll, beforeAll, expect, it } from "vitest";
import config from "../callgate.config.ts";
import { call, connectWithin } from "../demo/connect.ts";
import { type DemoKeys, ensureDemoKeys } from "../demo/demo-keys.ts";
import { rentalsBooks } from "./rentals-backend.ts";

let folder: string;
let gate: Gate;
let keys: DemoKeys;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rentals-tools-"));
  process.env["RENTALS_DB"] = join(folder, "rentals.db");
  gate = await openGate(
    { ...config, graduation: "off", store: sqlite(join(folder, "gate.db")) },
    { localOperator: "tests" },
  );
  keys = await ensureDemoKeys(gate, {});
});
afterAll(async () => {
  await gate.close();
  await (await rentalsBooks()).close();
  rmSync(folder, { recursive: true });
});

/** Books as a guest who writes to the business; `guest_id` is put in by the gate. */
async function bookAs(channel: Client, guestId: string, stay: object): Promise<unknown> {
  const { phone } = await (await rentalsBooks()).getGuest(guestId);
  const booked = await channel.callTool({
    name: "create_booking",
    arguments: { property_id: "prop_0001", guests: 1, idempotency_key: "booking-1", ...stay },
    _meta: { "io.callgate/identity": { phone } },
  });
  return booked.structuredContent;
}

it("[W2] two guests who choose the same key each book their own stay", async () => {
  const channel = await connectWithin(gate, keys.channel);
  const one = await bookAs(channel, "guest_00042", { start: "2029-03-05", end: "2029-03-10" });
  const other = await bookAs(channel, "guest_00043", { start: "2029-04-05", end: "2029-04-10" });
  expect(one).toMatchObject({ guest_id: "guest_00042", start: "2029-03-05" });
  expect(other).toMatchObject({ guest_id: "guest_00043", start: "2029-04-05" });
});

it.each([
  ["in_the_past", { start: "2025-03-05", end: "2025-03-10" }],
  ["overlap", { start: "2029-06-08", end: "2029-06-12" }],
  ["min_stay", { start: "2029-07-05", end: "2029-07-06" }],
])("[W1] a preview refuses what the booking would: %s", async (code, stay) => {
  const desk = await connectWithin(gate, keys.frontdesk);
  const book = async (args: object): Promise<unknown> => {
    const request = { property_id: "prop_0001", guest_id: "guest_00042", guests: 1, ...args };
    const { _meta } = await desk.callTool({ name: "create_booking", arguments: request });
    return (_meta?.["io.callgate/error"] as { code: string } | undefined)?.code;
  };
  await book({ start: "2029-06-05", end: "2029-06-10", idempotency_key: "first" });
  expect(await book({ ...stay, dry_run: true })).toBe(code);
  expect(await book(stay)).toBe(code);
});

it("[W3] an agent cancels only what the person it acts for has agreed to, and then once", async () => {
  const stay = { property_id: "prop_0001", guest_id: "guest_00042", guests: 1, start: "2029-09-05", end: "2029-09-10" };
  const desk = await connectWithin(gate, keys.frontdesk);
  const booked = await call<{ booking_id: string }>(desk, "create_booking", {
    ...stay,
    idempotency_key: "to-be-cancelled",
  });
  const operator = await connectWithin(gate);
  const grant = { kind: "agent", name: "helper", user: "desk", role: "frontdesk", idempotency_key: "helper" };
  const { secret } = await call<{ secret: string }>(operator, "create_key", grant);
  const agent = await connectWithin(gate, secret);
  const cancel = { booking_id: booked.booking_id, cancellation_reason: "the guest is ill", idempotency_key: "cancel" };
  const asked = await agent.callTool({ name: "cancel_booking", arguments: cancel });
  expect(asked._meta?.["io.callgate/error"]).toMatchObject({
    code: "approval_pending",
    details: { approval: "owner" },
  });
  const person = await connectWithin(gate, keys.frontdesk, "approvals");
  const { approvals } = await call<{ approvals: { approval_id: string }[] }>(person, "list_approvals", {});
  const [{ approval_id } = { approval_id: "" }] = approvals;
  const seen = await call<object>(person, "get_approval", { approval_id });
  expect(seen).toMatchObject({
    // Read by a person, to whom cents are no price.
    preview: { booking_id: booked.booking_id, refund: expect.stringMatching(/^\d+\.\d\d EUR$/) },
    because: ["An agent cancels only what its person has agreed to."],
  });
  await call(person, "decide_approval", { approval_id, decision: "approve" });
  const cancelled = await call<{ refund: number }>(agent, "cancel_booking", cancel);
  expect(await call(agent, "cancel_booking", cancel)).toEqual(cancelled);
});
