import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { upstream } from "../../upstream/upstream.ts";
import { refuseUnaccepted } from "./refuse-unaccepted.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unaccepted-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("[T6] [K1] does not judge a server of which nobody has accepted anything, and says how it is accepted", () => {
  const lockFile = join(folder, "callgate.lock.json");
  const crm = upstream("crm", { url: "https://crm.example.com/mcp", lockFile });
  expect(() => refuseUnaccepted({ domains: [crm] })).toThrow(
    expect.objectContaining({
      reason: "cannotStart",
      message: "Nobody has accepted what crm offers, where the config has it.",
      next: expect.stringContaining("callgate upstreams accept crm"),
    }),
  );
  expect(() => refuseUnaccepted({ domains: [] })).not.toThrow();
});
