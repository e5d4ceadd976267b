import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuditFault } from "../audit-port.ts";
import { auditRow } from "../contract-suite/sample-rows.ts";
import { storeOptions } from "../contract-suite/store-under-test.ts";
import { sqlite } from "./sqlite.ts";

describe("verify names a changed or deleted row (SECURITY 31)", () => {
  let original: string;
  let folder: string;
  const declared = () => sqlite(join(folder, "gate.db"), { segmentRows: 50 });
  const tamper = (segment: number, sql: string): void => {
    const database = new DatabaseSync(join(folder, "audit", `${segment}.db`));
    database.exec(sql);
    database.close();
  };
  const registered = (sql: string): readonly unknown[] => {
    const registry = new DatabaseSync(join(folder, "audit", "index.db"));
    const rows = registry.prepare(sql).all();
    registry.close();
    return rows;
  };
  const faults = async (
    options = storeOptions,
  ): Promise<readonly Pick<AuditFault, "problem" | "ordinal" | "callId">[]> => {
    const store = await declared().open(options);
    const { faults: found } = await store.audit.verify();
    await store.close();
    return found.map(({ problem, ordinal, callId }) => ({ problem, ordinal, callId }));
  };

  beforeAll(async () => {
    original = mkdtempSync(join(tmpdir(), "callgate-verify-"));
    folder = original;
    const store = await declared().open(storeOptions);
    const rows = Array.from({ length: 120 }, (_, index) =>
      auditRow(`c${index + 1}`, { reason: `reason ${index + 1}` }),
    );
    for (const row of rows) await store.audit.append(row);
    await store.close();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "callgate-verify-"));
    cpSync(original, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  afterAll(() => rmSync(original, { recursive: true }));

  it("finds nothing where nothing has been done", async () => {
    expect(await faults()).toEqual([]);
  });

  it.each(["reason = 'another'", "outcome = 'error'", "result = NULL", "at = at + 1", "code = ''", "hash = 'x'"])(
    "names the row where %s was set",
    async (change) => {
      tamper(1, `UPDATE rows SET ${change} WHERE call_id = 'c7'`);
      expect(await faults()).toContainEqual({ problem: "changed", ordinal: 7, callId: "c7" });
    },
  );

  it("names an erasure that was not made by the gate", async () => {
    tamper(
      2,
      "UPDATE rows SET reason = NULL, arguments = NULL, result = NULL, payload_digest = 'x' WHERE call_id = 'c60'",
    );
    expect(await faults()).toEqual([{ problem: "changed", ordinal: 60, callId: "c60" }]);
  });

  it("names what was deleted", async () => {
    tamper(1, "DELETE FROM rows WHERE call_id IN ('c9', 'c10')");
    expect(await faults()).toEqual([9, 10].map((ordinal) => ({ problem: "missing", ordinal, callId: undefined })));
  });

  it("names what has changed places", async () => {
    tamper(
      1,
      "UPDATE rows SET position = -1 WHERE call_id = 'c9'; UPDATE rows SET position = 9 WHERE call_id = 'c10'; UPDATE rows SET position = 10 WHERE position = -1",
    );
    expect(await faults()).toEqual([{ problem: "reordered", ordinal: 9, callId: "c9" }]);
  });

  it("names a row that was added", async () => {
    tamper(
      3,
      "CREATE TEMP TABLE copy AS SELECT * FROM rows WHERE call_id = 'c110'; UPDATE copy SET position = 9999; INSERT INTO rows SELECT * FROM copy",
    );
    expect(await faults()).toEqual([{ problem: "reordered", ordinal: 110, callId: "c110" }]);
  });

  it("names a tail that was cut off", async () => {
    tamper(3, "DELETE FROM rows WHERE position > 15");
    expect(await faults()).toEqual([{ problem: "head-mismatch", ordinal: 120, callId: undefined }]);
  });

  it("names a head that nobody signed", async () => {
    const path = join(folder, "audit", "heads.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace(/"ordinal":120/, '"ordinal":110'));
    tamper(3, "DELETE FROM rows WHERE position > 10");
    expect(await faults()).toEqual([{ problem: "head-mismatch", ordinal: 110, callId: undefined }]);
  });

  it("names a segment whose file is gone", async () => {
    for (const ending of ["", "-wal", "-shm"]) rmSync(join(folder, "audit", `2.db${ending}`), { force: true });
    expect(existsSync(join(folder, "audit", "2.db"))).toBe(false);
    expect(await faults()).toContainEqual({ problem: "missing", ordinal: 51, callId: undefined });
  });

  it("proves rows of an earlier chain key only with that key", async () => {
    const newer = { chainKey: new Uint8Array(32).fill(9), chainKeyId: "k2" };
    expect(await faults({ ...storeOptions, keyRing: newer })).toMatchObject([{ problem: "unreadable" }]);
    const olderChainKeys = new Map([["k1", storeOptions.keyRing.chainKey]]);
    expect(await faults({ ...storeOptions, keyRing: { ...newer, olderChainKeys } })).toEqual([]);
  });

  it("proves a segment that holds rows of two chain keys once it is sealed", async () => {
    const olderChainKeys = new Map([["k1", storeOptions.keyRing.chainKey]]);
    const keyRing = { chainKey: new Uint8Array(32).fill(9), chainKeyId: "k2", olderChainKeys };
    const store = await declared().open({ ...storeOptions, keyRing });
    for (let index = 121; index <= 160; index += 1) await store.audit.append(auditRow(`c${index}`));
    await store.close();
    expect(registered("SELECT state FROM segments WHERE number = 3")).toEqual([{ state: "sealed" }]);
    expect(await faults({ ...storeOptions, keyRing })).toEqual([]);
  });

  it("ends where nobody waits for it any more, for the reason given", async () => {
    const store = await declared().open(storeOptions);
    const given = new AbortController();
    const verified = store.audit.verify(given.signal);
    given.abort(new Error("too late"));
    await expect(verified).rejects.toThrow("too late");
    await expect(store.audit.verify(given.signal)).rejects.toThrow("too late");
    const path = join(folder, "audit", "heads.jsonl");
    const heads = readFileSync(path, "utf8");
    writeFileSync(path, heads.repeat(300_000));
    await expect(store.audit.verify(AbortSignal.timeout(200))).rejects.toMatchObject({ name: "TimeoutError" });
    writeFileSync(path, heads);
    expect(await store.audit.verify(new AbortController().signal)).toMatchObject({ rows: 120, faults: [] });
    await store.close();
  });

  it("ends with the store", async () => {
    const store = await declared().open(storeOptions);
    const verified = store.audit.verify();
    await Promise.all([expect(verified).rejects.toMatchObject({ code: "store_closed" }), store.close()]);
    await expect(store.audit.verify()).rejects.toMatchObject({ code: "store_closed" });
  });
});
