import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const callgate = join(dirname(fileURLToPath(import.meta.resolve("callgate/package.json"))), "bin", "callgate.js");
const folder = mkdtempSync(join(tmpdir(), "rentals-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("[T6] callgate check has nothing to warn of, and every write plans its example the same twice", {
  timeout: 90_000,
}, () => {
  const { status, stdout } = spawnSync(process.execPath, [callgate, "check", "--plans", "--deny-warnings", "--json"], {
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, DATABASE_URL: "", RENTALS_DB: join(folder, "rentals.db") },
    encoding: "utf8",
  });
  expect([status, JSON.parse(stdout)]).toMatchObject([
    0,
    {
      warnings: 0,
      plans: [
        { tool: "create_booking", outcome: "same" },
        { tool: "cancel_booking", outcome: "same" },
        { tool: "update_guest_contact", outcome: "same" },
      ],
    },
  ]);
});
