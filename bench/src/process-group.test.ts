import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { isWithout } from "../../packages/callgate/src/testing/is-without.ts";
import { readGroupUsage } from "./process-group.ts";

test.skipIf(isWithout("Linux", process.platform === "linux"))(
  "counts the CPU time of children, those that have ended too",
  async () => {
    const burn = "const end = process.cpuUsage().user + 200_000; while (process.cpuUsage().user < end);";
    const script = `require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(burn)}]);
    console.log("burnt"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["-e", script], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(child.stdout, "data");
      const usage = readGroupUsage(child.pid ?? 0);
      expect(usage.cpuMicros).toBeGreaterThanOrEqual(200_000);
      expect(usage.residentBytes).toBeGreaterThan(10_000_000);
    } finally {
      child.kill("SIGKILL");
    }
  },
);
