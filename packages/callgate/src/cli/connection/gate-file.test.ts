import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { isWithout } from "../../testing/is-without.ts";
import { announceGate, findRunningGate } from "./gate-file.ts";

const project = mkdtempSync(join(tmpdir(), "callgate-word-"));
afterAll(() => rmSync(project, { recursive: true }));

const running = { url: "http://127.0.0.1:7400", pid: process.pid };

it("leaves word in a folder that is not there yet, for its owner alone, and takes it back", () => {
  const folder = join(project, ".callgate");
  const withdraw = announceGate(folder, running);
  expect(statSync(join(folder, "gate.json")).mode & 0o777).toBe(0o600);
  expect(findRunningGate(project)).toEqual(running);
  withdraw();
  expect(existsSync(join(folder, "gate.json"))).toBe(false);
});

it("leaves alone what another gate has written since", () => {
  const folder = join(project, ".callgate");
  const withdraw = announceGate(folder, running);
  announceGate(folder, { ...running, pid: 1 });
  withdraw();
  expect(JSON.parse(readFileSync(join(folder, "gate.json"), "utf8"))).toMatchObject({ pid: 1 });
});

// Nobody writes there, not even root.
it.skipIf(isWithout("Linux", process.platform === "linux"))("goes without where nothing may be written", () => {
  expect(announceGate("/sys/callgate", running)).not.toThrow();
  expect(existsSync("/sys/callgate")).toBe(false);
});
