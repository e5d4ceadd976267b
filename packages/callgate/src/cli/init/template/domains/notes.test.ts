import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Client } from "@modelcontextprotocol/client";
import { createMemoryTransport, type Gate, openGate, sqlite } from "callgate";

// The whole gate with a store of its own, called by the official client. Nothing has to be switched on here first.
const folder = mkdtempSync(join(tmpdir(), "notes-test-"));
const client = new Client({ name: "notes-test", version: "0.1.0" }, { versionNegotiation: { mode: "auto" } });
let gate: Gate;

before(async () => {
  process.env["NOTES_DB"] = join(folder, "notes.db");
  const { default: config } = await import("../callgate.config.ts");
  gate = await openGate({ ...config, graduation: "off", store: sqlite(join(folder, "gate.db")) });
  await client.connect(createMemoryTransport({ host: gate.host }));
});

after(async () => {
  await client.close();
  await gate.close();
  rmSync(folder, { recursive: true });
});

async function call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const result = await client.callTool({ name, arguments: args });
  assert.notEqual(result.isError, true, JSON.stringify(result.content));
  return result.structuredContent as Record<string, unknown>;
}

void test("a dry run keeps nothing", async () => {
  const { preview } = await call("add_note", { text: "water the plants", dry_run: true });
  assert.deepEqual(preview, { action: "add_note", text: "water the plants", author: "me" });
  assert.deepEqual((await call("list_notes", {}))["notes"], []);
});

void test("a note that is sent twice is kept once", async () => {
  const once = { text: "water the plants", idempotency_key: "plants-1" };
  const first = await call("add_note", once);
  assert.deepEqual(await call("add_note", once), first);
  assert.deepEqual((await call("list_notes", { text: "plants" }))["notes"], [first]);
});
