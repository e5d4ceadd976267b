import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuditFault } from "../../audit-port.ts";
import { auditRow } from "../../contract-suite/sample-rows.ts";
import { storeOptions } from "../../contract-suite/store-under-test.ts";
import type { Store } from "../../port.ts";
import { sqlite } from "../sqlite.ts";

const DAY = 86_400_000;

describe("retention", () => {
  let folder: string;
  const open = (today: number): Promise<Store> =>
    sqlite(join(folder, "gate.db"), { segmentRows: 10, retentionDays: 30 }).open({
      ...storeOptions,
      clock: () => today * DAY,
    });
  const files = (): readonly string[] => readdirSync(join(folder, "audit"));
  const segmentFiles = (...numbers: readonly number[]) =>
    files().filter((name) => numbers.includes(Number.parseInt(name, 10)));

  /** What is wrong where somebody has changed the registry, and how many rows are left. */
  const verified = async (today: number): Promise<readonly [number, readonly Partial<AuditFault>[]]> => {
    const store = await open(today);
    const { rows, faults } = await store.audit.verify();
    await store.close();
    return [rows, faults.map(({ problem, ordinal }) => ({ problem, ordinal }))];
  };
  const tamper = (sql: string): void => {
    const registry = new DatabaseSync(join(folder, "audit", "index.db"));
    registry.exec(sql);
    registry.close();
  };
  const removeFiles = (number: number): void => {
    for (const name of segmentFiles(number)) rmSync(join(folder, "audit", name));
  };
  const retain = async (...gone: readonly number[]): Promise<void> => {
    const store = await open(32);
    await expect.poll(() => segmentFiles(...gone)).toEqual([]);
    await store.close();
  };

  /** Three sealed segments: two with rows of the first day, one with rows of the twentieth. */
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-retention-"));
    const store = await open(20);
    for (let index = 0; index < 31; index += 1)
      await store.audit.append(auditRow(`c${index}`, { at: (index < 20 ? 1 : 20) * DAY }));
    await store.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("removes what an earlier one left behind, whatever stands in the way of single files", async () => {
    const copy = join(folder, "copy");
    cpSync(join(folder, "audit"), copy, { recursive: true });
    const first = await open(32);
    await expect.poll(() => segmentFiles(1, 2)).toEqual([]);
    await first.close();
    // As a crash between the word of the registry and the removal of the files would leave it.
    for (const name of readdirSync(copy)) {
      if ([1, 2].includes(Number.parseInt(name, 10))) cpSync(join(copy, name), join(folder, "audit", name));
    }
    rmSync(join(folder, "audit", "1.db-wal"), { force: true });
    mkdirSync(join(folder, "audit", "1.db-wal"));
    const second = await open(32);
    await expect.poll(() => segmentFiles(1, 2)).toEqual(["1.db-wal"]);
    expect(await second.audit.verify()).toMatchObject({ rows: 11, faults: [] });
    await second.close();
  });

  it("is what alone can say that a segment was dropped (SECURITY 31)", async () => {
    tamper("UPDATE segments SET state = 'dropped' WHERE number = 3");
    removeFiles(3);
    const [rows, faults] = await verified(20);
    expect(rows).toBe(21);
    expect(faults).toContainEqual({ problem: "head-mismatch", ordinal: 30 });
  });

  it("does not believe times that the seal does not vouch for (SECURITY 31)", async () => {
    tamper("UPDATE segments SET until_at = 0 WHERE number = 3");
    await retain(1, 2);
    expect(segmentFiles(3)).toContain("3.db");
    expect(await verified(32)).toEqual([11, [{ problem: "head-mismatch", ordinal: 30 }]]);
  });

  it("vouches for no rows before the ones that it dropped (SECURITY 31)", async () => {
    await retain(1, 2);
    tamper("DELETE FROM segment_writers WHERE segment = 1");
    const gone = { problem: "missing", ordinal: 0 };
    const before = { problem: "missing", ordinal: 1 };
    expect(await verified(32)).toEqual([11, [gone, before]]);
    tamper("DELETE FROM segments WHERE number = 1");
    expect(await verified(32)).toEqual([11, [gone, before]]);
  });
});
