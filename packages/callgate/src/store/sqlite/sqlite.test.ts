import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { auditRow } from "../contract-suite/sample-rows.ts";
import { searchWhole } from "../contract-suite/search-whole.ts";
import { storeOptions } from "../contract-suite/store-under-test.ts";
import { describeStore } from "../contract-suite.ts";
import { sqlite } from "./sqlite.ts";

describeStore("SQLite", (folder) => sqlite(join(folder, "gate.db"), { segmentRows: 60 }));

describe("SQLite files", () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "callgate-sqlite-")), "data");
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

  it("are for their owner alone", async () => {
    const store = await sqlite(join(folder, "gate.db")).open(storeOptions);
    await store.audit.append(auditRow("c1"));
    for (const each of ["", "audit"]) expect(statSync(join(folder, each)).mode & 0o777).toBe(0o700);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(5);
    for (const { parentPath, name } of files) expect(statSync(join(parentPath, name)).mode & 0o777, name).toBe(0o600);
    await store.close();
  });

  it("of a newer version are refused", async () => {
    await (await sqlite(join(folder, "gate.db")).open(storeOptions)).close();
    const gate = new DatabaseSync(join(folder, "gate.db"));
    gate.exec("UPDATE schema_version SET version = 99");
    gate.close();
    await expect(sqlite(join(folder, "gate.db")).open(storeOptions)).rejects.toMatchObject({ code: "store_newer" });
  });

  it("that were removed or replaced meanwhile take nothing more: it would be gone with the process", async () => {
    const paths = [join(folder, "gate.db"), join(folder, "audit", "1.db")];
    const store = await sqlite(join(folder, "gate.db")).open(storeOptions);
    const signal = AbortSignal.timeout(60_000);
    await store.audit.append(auditRow("before"));
    await store.health(signal);
    const [gatePath = "", auditPath = ""] = paths;
    rmSync(auditPath);
    const gone = { code: "store_unavailable", message: expect.stringContaining("was removed or replaced") };
    await expect(store.audit.append(auditRow("after"))).rejects.toMatchObject(gone);
    await expect(store.health(signal)).rejects.toMatchObject(gone);
    expect(await store.ledger.expire(0, 0)).toBe(0);
    rmSync(gatePath);
    await expect(store.ledger.expire(0, 0)).rejects.toMatchObject(gone);
    writeFileSync(gatePath, "another file of this name");
    await expect(store.ledger.expire(0, 0)).rejects.toMatchObject(gone);
    await store.close();
  });

  it("keep what is kept for a while for as long, also when the machine's clock jumps ahead", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const began = Date.now();
      const store = await sqlite(join(folder, "gate.db")).open({ ...storeOptions, clock: Date.now });
      const room = { all: 10, ofSubject: 10 };
      const task = { subject: "a", tenant: undefined, tool: "t", callId: "c", writeId: undefined, priority: 0 };
      const kept = { sealedCall: new Uint8Array([1]), due: undefined, createdAt: began, expiresAt: began + 60_000 };
      await store.tasks.insert({ id: "t1", ...task, ...kept }, room);
      vi.setSystemTime(began + 400 * 86_400_000);
      await store.tasks.expire(Date.now());
      expect(await store.tasks.get("t1")).toMatchObject({ state: "working" });
      await store.close();
      const again = await sqlite(join(folder, "gate.db")).open({ ...storeOptions, clock: Date.now });
      await again.tasks.expire(Date.now());
      expect(await again.tasks.get("t1")).toMatchObject({ state: "cancelled", code: "task_expired" });
      await again.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it("take no more than may wait, and say so at once (SECURITY 31)", async () => {
    const store = await sqlite(join(folder, "gate.db"), { maxPending: 10 }).open(storeOptions);
    const done = await Promise.allSettled(
      Array.from({ length: 15 }, (_, index) => store.audit.append(auditRow(`c${index}`))),
    );
    const refused = done.filter((each) => each.status === "rejected");
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array.from({ length: 5 }, () => "store_overloaded"));
    await store.audit.append(auditRow("later"));
    expect(await store.audit.status()).toMatchObject({ rows: 11 });
    await store.close();
  });

  it("are sealed as soon as they are full, whether or not a head can be written meanwhile", async () => {
    const audit = join(folder, "audit");
    mkdirSync(join(audit, "heads.jsonl"), { recursive: true });
    const store = await sqlite(join(folder, "gate.db"), { segmentRows: 10 }).open(storeOptions);
    await Promise.all(Array.from({ length: 60 }, (_, index) => store.audit.append(auditRow(`a${index}`))));
    for (let index = 0; index < 41; index += 1) await store.audit.append(auditRow(`b${index}`));
    await store.close();
    using registry = new DatabaseSync(join(audit, "index.db"), { readOnly: true });
    const states = registry.prepare("SELECT state, row_count AS rows FROM segments ORDER BY number").all();
    expect(states.map(({ state }) => state)).toEqual(["sealed", "sealed", "sealed", "sealed", "sealed", "open"]);
    expect(states.reduce((sum, { rows }) => sum + Number(rows), 0)).toBe(100);
  });

  it("are dropped when they are old enough, and the rest still proves", async () => {
    const day = 86_400_000;
    const declared = sqlite(join(folder, "gate.db"), { segmentRows: 10, retentionDays: 30 });
    let now = 10 * day;
    const store = await declared.open({ ...storeOptions, clock: () => now });
    for (let index = 0; index < 35; index += 1)
      await store.audit.append(auditRow(`c${index}`, { at: index < 20 ? day : 20 * day }));
    expect(await store.audit.status()).toMatchObject({ rows: 35, segments: 4 });
    now = 32 * day;
    for (let index = 35; index < 41; index += 1) await store.audit.append(auditRow(`c${index}`, { at: now }));
    await expect.poll(async () => (await store.audit.status()).segments).toBe(3);
    expect(readdirSync(join(folder, "audit"))).not.toContain("1.db");
    expect(await store.audit.verify()).toMatchObject({ rows: 21, segments: 3, faults: [] });
    expect((await searchWhole(store.audit, { limit: 50 })).records).toHaveLength(21);
    await store.close();
  });
});
