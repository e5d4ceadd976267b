import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AcceptedForm } from "./accepted-form.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ["which is no JSON", "<<<<<<< ours", "delete the file and accept each upstream anew"],
  ["of which one part is broken", '{ "callgate": 1, "upstreams": { "desk": {} } }', 'delete "desk" with all'],
])("[G2] says of a lock file %s what to delete, and how to go on", (_what, text, words) => {
  const path = join(folder, "callgate.lock.json");
  writeFileSync(path, text);
  const read = () => new AcceptedForm({ upstream: "crm", path, address: { url: "https://crm.example/mcp" } });
  expect(read).toThrow(words);
  expect(read).toThrow(/callgate upstreams accept (?:crm|desk)$/);
});
