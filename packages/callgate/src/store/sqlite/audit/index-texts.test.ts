import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditRow } from "../../contract-suite/sample-rows.ts";
import { storeOptions } from "../../contract-suite/store-under-test.ts";
import { sqlite } from "../sqlite.ts";
import { segmentPath } from "./audit-files.ts";
import { indexNextTexts } from "./index-texts.ts";
import { SegmentRegistry } from "./segment-registry.ts";

describe("text indexing", () => {
  let folder: string;
  let audit: string;
  let registry: SegmentRegistry;
  const indexed = () => registry.database.prepare("SELECT text_rows FROM segments ORDER BY number").all();
  const removeSegment = (number: number): void => {
    for (const name of readdirSync(audit)) if (name.startsWith(`${number}.db`)) rmSync(join(audit, name));
  };

  /** Two sealed segments of ten rows and an open one of five, none of them in a text index. */
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-texts-"));
    audit = join(folder, "audit");
    const store = await sqlite(join(folder, "gate.db"), { segmentRows: 10 }).open(storeOptions);
    for (let index = 0; index < 25; index += 1) await store.audit.append(auditRow(`c${index}`));
    await store.close();
    for (const name of readdirSync(audit)) if (name.includes(".text.")) rmSync(join(audit, name));
    registry = new SegmentRegistry(audit);
    registry.database.exec("UPDATE segments SET text_rows = 0");
  });
  afterEach(() => {
    registry.close();
    rmSync(folder, { recursive: true });
  });

  it("goes on to the segments behind one whose file is gone, and comes to an end", () => {
    removeSegment(2);
    expect(indexNextTexts(audit, registry)).toBe(20);
    expect(indexNextTexts(audit, registry)).toBe(0);
    expect(indexed()).toEqual([{ text_rows: 10 }, { text_rows: 0 }, { text_rows: 5 }]);
    expect(indexNextTexts(audit, registry)).toBe(0);
  });

  it("goes on to the segments behind one that cannot be read, and says so when there is nothing else to do", () => {
    removeSegment(2);
    writeFileSync(segmentPath(audit, 2), "this is no database".repeat(1_000));
    expect(indexNextTexts(audit, registry)).toBe(20);
    expect(indexNextTexts(audit, registry)).toBe(0);
    expect(indexed()).toEqual([{ text_rows: 10 }, { text_rows: 0 }, { text_rows: 5 }]);
    expect(() => indexNextTexts(audit, registry)).toThrow("not a database");
  });
});
