import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openTestGate } from "../../gate/testing/open-test-gate.ts";
import { type ServedOffering, serveOffering } from "../../upstream/testing/serve-offering.ts";
import { upstream } from "../../upstream/upstream.ts";
import { startWords } from "./start-words.ts";

const inputSchema = { type: "object" };
let folder: string;
let server: ServedOffering;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "callgate-words-"));
  const tools = ["find_contacts", "purge_contacts"].map((name) => ({ name, description: "Of contacts.", inputSchema }));
  server = await serveOffering({ tools });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ["writes that every key opens", {}, /opens the write purge_contacts of crm, .*scope: "crm:use"/],
  ["nothing of writes that have a scope", { scope: "crm:use" }, /^(?!.*opens)/s],
])("tells who starts a gate of %s", async (_what, rules, words) => {
  const lockFile = join(folder, "callgate.lock.json");
  const gate = await openTestGate([upstream("crm", { url: server.url, lockFile, reads: ["find_*"], ...rules })]);
  const said = await startWords(gate.gate, "http://127.0.0.1:7400");
  await gate.close();
  expect(said).toMatch(words);
});
