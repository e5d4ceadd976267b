import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gate, openGate, sqlite } from "callgate";
import { afterAll, beforeAll, expect, it } from "vitest";
import config from "../callgate.config.ts";
import { rentalsBooks } from "../tools/rentals-backend.ts";
import { call, connectWithin } from "./connect.ts";
import { ensureDemoKeys } from "./demo-keys.ts";

let folder: string;
let gate: Gate;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rentals-keys-"));
  process.env["RENTALS_DB"] = join(folder, "rentals.db");
  gate = await openGate({ ...config, store: sqlite(join(folder, "gate.db")) }, { localOperator: "tests" });
});
afterAll(async () => {
  await gate.close();
  await (await rentalsBooks()).close();
  rmSync(folder, { recursive: true });
});

async function keysInStore(): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const operator = await connectWithin(gate);
  const { keys } = await call<{ keys: { id: string; name: string }[] }>(operator, "list_keys", {});
  await operator.close();
  return keys;
}

it("makes each key once, however many ask at the same time and whatever became of demo.json", async () => {
  const made = await Promise.all([ensureDemoKeys(gate, {}), ensureDemoKeys(gate, {}), ensureDemoKeys(gate, {})]);
  const [first] = made;
  expect(made).toEqual([first, first, first]);
  expect(await ensureDemoKeys(gate, { owner: "cg_p_nonsense" })).toEqual(first);
  expect(await keysInStore()).toHaveLength(7);
});

it("makes another key in place of one that was revoked", async () => {
  const before = await ensureDemoKeys(gate, {});
  const desk = (await keysInStore()).find(({ name }) => name === "desk");
  const operator = await connectWithin(gate);
  await call(operator, "revoke_key", { key_id: desk?.id });
  await operator.close();
  const after = await ensureDemoKeys(gate, { ...before });
  expect(after).toEqual({ ...before, frontdesk: expect.not.stringMatching(before.frontdesk) });
  expect(await ensureDemoKeys(gate, {})).toEqual(after);
});
