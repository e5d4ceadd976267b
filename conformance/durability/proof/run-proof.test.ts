import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Strike } from "../nemesis/fault.ts";
import type { ProofOptions } from "./options.ts";
import { toText } from "./report.ts";
import { runProof } from "./run-proof.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "callgate-proof-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const short: ProofOptions = { seconds: 4, replicas: 2, clients: 4, seed: 32, store: "sqlite", forgetsKeys: false };

describe("a proof", { timeout: 90_000 }, () => {
  it("[W2] of some seconds finds every promise kept while replicas die, and says how to have it again (SECURITY 33)", async () => {
    const report = await runProof({ ...short, folder });
    expect(report.violations).toEqual([]);
    expect(report.effects).toBeGreaterThan(0);
    expect(report.replays).toBeGreaterThan(0);
    expect(report.kills).toBeGreaterThan(0);
    expect(toText(report)).toContain("Every promise was kept.");
    expect(toText(report)).toContain("--minutes 0.067 --replicas 2 --clients 4 --seed 32 --store sqlite");
    const schedule = JSON.parse(await readFile(join(folder, "schedule.json"), "utf8")) as readonly Strike[];
    expect(schedule.length).toBeGreaterThan(1);
  });

  it("[W2] fails where the outside world takes a key for which it has made an effect", async () => {
    const report = await runProof({ ...short, folder, forgetsKeys: true });
    expect(report.violations.map(({ kind }) => kind)).toContain("duplicate");
    expect(toText(report)).toContain("promises were broken");
  });
});
