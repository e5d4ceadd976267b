import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { isOnPath, root, textOf, unreadVariables } from "./deploy-files.ts";
import { useExampleGate } from "./use-example-gate.ts";

const run = promisify(execFile);
const gate = useExampleGate();

describe("deploy/callgate.service", () => {
  const unit = textOf("deploy/callgate.service");
  const setting = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";

  it("gives the gate longer to end than it may take, by the signal that drains", () => {
    expect(Number(setting("TimeoutStopSec"))).toBeGreaterThan(gate.graceSeconds);
    expect(setting("KillSignal")).toBe("SIGTERM");
  });

  it("sets what is read, and starts what is there", () => {
    const names = setting("Environment")
      .split(" ")
      .map((pair) => pair.split("=")[0] ?? "");
    expect(unreadVariables(names)).toEqual([]);
    const [, program = "", ...args] = setting("ExecStart").split(" ");
    for (const path of [program, args.at(-1) ?? ""]) {
      expect(existsSync(join(root, path.replace("/opt/rentals/", "")))).toBe(true);
    }
  });

  it.skipIf(!isOnPath("systemd-analyze"))(
    "is a unit that systemd takes, and shut off from the rest of the machine (needs systemd-analyze)",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "callgate-unit-"));
      const path = join(folder, "callgate.service");
      writeFileSync(path, unit.replace("/usr/bin/node", process.execPath).replaceAll("/opt/rentals", root));
      const { stderr } = await run("systemd-analyze", ["verify", path]);
      expect(stderr).toBe("");
      // 10 is open to everything; what systemd calls OK ends at 5.
      const { stdout } = await run("systemd-analyze", [
        "security",
        "--offline=yes",
        "--threshold=20",
        "--no-pager",
        path,
      ]);
      expect(stdout).toContain("Overall exposure level");
      rmSync(folder, { recursive: true });
    },
  );
});
