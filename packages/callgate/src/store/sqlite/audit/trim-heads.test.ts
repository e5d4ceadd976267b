import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ChainHasher, type ChainHead } from "../../audit-chain.ts";
import type { AuditFault } from "../../audit-port.ts";
import { auditRow } from "../../contract-suite/sample-rows.ts";
import { storeOptions } from "../../contract-suite/store-under-test.ts";
import { sqlite } from "../sqlite.ts";
import { headsPath, segmentPath, trimmedHeadsPath } from "./audit-files.ts";

describe("a long file of heads", () => {
  let folder: string;
  let audit: string;
  const hasher = new ChainHasher(storeOptions.keyRing.chainKey);
  const headsOnFile = (): readonly ChainHead[] =>
    readFileSync(headsPath(audit), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  /** Appends rows under a writer of their own, and gives what is then wrong. */
  const appendAndVerify = async (rows: number): Promise<readonly AuditFault[]> => {
    const store = await sqlite(join(folder, "gate.db"), { segmentRows: 10 }).open(storeOptions);
    for (let index = 0; index < rows; index += 1) await store.audit.append(auditRow(`c${index}`));
    // The heads are trimmed when a segment is sealed.
    await expect.poll(() => existsSync(segmentPath(audit, 2))).toBe(true);
    await store.close();
    const again = await sqlite(join(folder, "gate.db"), { segmentRows: 10 }).open(storeOptions);
    const { faults } = await again.audit.verify();
    await again.close();
    return faults;
  };
  /** As a process leaves them that has run for long: ten thousand older heads of the one writer that has rows. */
  const makeLong = (): ChainHead => {
    const [head] = headsOnFile();
    if (head === undefined) throw new Error("the store has signed no head");
    const { signature: _, ...signed } = head;
    const older = Array.from({ length: 10_000 }, (_each, index) => hasher.sign({ ...signed, ordinal: 1, at: index }));
    writeFileSync(headsPath(audit), [...older, head].map((each) => `${JSON.stringify(each)}\n`).join(""));
    return head;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-heads-"));
    audit = join(folder, "audit");
    const store = await sqlite(join(folder, "gate.db"), { segmentRows: 10 }).open(storeOptions);
    for (let index = 0; index < 5; index += 1) await store.audit.append(auditRow(`first-${index}`));
    await store.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("keeps the newest head of each writer, and proves what it proved", async () => {
    const head = makeLong();
    appendFileSync(headsPath(audit), '{"writer":"cut');
    expect(await appendAndVerify(10)).toEqual([]);
    expect(statSync(headsPath(audit)).size).toBeLessThan(1_000);
    expect(statSync(headsPath(audit)).mode & 0o777).toBe(0o600);
    expect(headsOnFile()).toContainEqual(head);
    expect(existsSync(trimmedHeadsPath(audit))).toBe(false);
  });

  it("is taken up again where a crash cut its trimming off", async () => {
    const head = makeLong();
    renameSync(headsPath(audit), trimmedHeadsPath(audit));
    const store = await sqlite(join(folder, "gate.db"), { segmentRows: 10 }).open(storeOptions);
    const rows = new DatabaseSync(segmentPath(audit, 1));
    rows.exec("CREATE TEMP TABLE lost AS SELECT * FROM rows WHERE ordinal = 5; DELETE FROM rows WHERE ordinal = 5");
    expect((await store.audit.verify()).faults).toMatchObject([{ problem: "head-mismatch", ordinal: 5 }]);
    rows.exec("INSERT INTO rows SELECT * FROM lost");
    rows.close();
    await store.close();
    expect(await appendAndVerify(10)).toEqual([]);
    expect(headsOnFile()).toContainEqual(head);
    expect(existsSync(trimmedHeadsPath(audit))).toBe(false);
  });

  it("keeps a head that nobody signed beside the ones that it would outdo", async () => {
    const head = makeLong();
    appendFileSync(headsPath(audit), `${JSON.stringify({ ...head, ordinal: 7 })}\n`);
    expect(await appendAndVerify(10)).toMatchObject([{ problem: "head-mismatch", ordinal: 7 }]);
    expect(headsOnFile()).toContainEqual(head);
  });
});
