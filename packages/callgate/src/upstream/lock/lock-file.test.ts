import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readLock, writeLock } from "./lock-file.ts";
import type { LockedUpstream } from "./locked.ts";

const NAMES = ["billing", "crm", "desk", "mail"];
const LOCKED: LockedUpstream = {
  address: { url: "https://crm.example/mcp" },
  revision: "2026-07-28",
  server: "crm",
  tools: [],
  resources: [],
  resourceTemplates: [],
  prompts: [],
};

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "callgate-lock-"));
  path = join(folder, "callgate.lock.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that accepts an upstream as soon as it is told to. */
async function waiting(name: string, end: "well" | "killed" = "well"): Promise<ChildProcess> {
  const script = join(import.meta.dirname, "test-processes", "accept-when-told.ts");
  const child = fork(script, [path, name, end], { execArgv: [] });
  await once(child, "message");
  return child;
}

describe("[G2] the lock file", () => {
  it("has what each of several processes accepts at the same moment", async () => {
    const children = await Promise.all(NAMES.map((name) => waiting(name)));
    const ended = children.map((child) => once(child, "exit"));
    for (const child of children) child.send("accept");
    expect(await Promise.all(ended)).toEqual(NAMES.map(() => [0, null]));
    expect(Object.keys(readLock(path))).toEqual(NAMES);
    expect(readdirSync(folder)).toEqual(["callgate.lock.json"]);
  });

  it("can be written after a process that was killed while it wrote", async () => {
    const killed = await waiting("crm", "killed");
    killed.send("accept");
    expect(await once(killed, "exit")).toEqual([null, "SIGKILL"]);
    expect(readdirSync(folder)).toEqual(["callgate.lock.json.lock"]);
    writeLock(path, "desk", () => LOCKED);
    expect(Object.keys(readLock(path))).toEqual(["desk"]);
    expect(readdirSync(folder)).toEqual(["callgate.lock.json"]);
  });

  it("is changed as it stands, and stays as it is where it cannot be", () => {
    writeLock(path, "crm", () => LOCKED);
    writeLock(path, "crm", (before) => ({ ...LOCKED, server: `${before?.server} again` }));
    expect(readLock(path)["crm"]?.server).toBe("crm again");
    const fail = (): never => {
      throw new Error("no");
    };
    expect(() => writeLock(path, "crm", fail)).toThrow("no");
    expect(readLock(path)["crm"]?.server).toBe("crm again");
    expect(readdirSync(folder)).toEqual(["callgate.lock.json"]);
  });
});
