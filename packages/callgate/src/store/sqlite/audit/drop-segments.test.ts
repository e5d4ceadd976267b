import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
});
