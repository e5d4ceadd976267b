import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isWithout } from "../../testing/is-without.ts";
import { storeOptions } from "../contract-suite/store-under-test.ts";
import type { Store } from "../port.ts";
import { sqlite } from "./sqlite.ts";

const appendProcess = join(import.meta.dirname, "test-processes/append-process.ts");
const fullCheckpointProcess = join(import.meta.dirname, "test-processes/full-checkpoint-process.ts");
const fullDiskProcess = join(import.meta.dirname, "test-processes/full-disk-process.ts");

/** SECURITY 31 and 33 as far as they are the store's. */
describe("SQLite under force", () => {
  let folder: string;
  const path = () => join(folder, "gate.db");
  const start = (...parts: readonly string[]): ChildProcess =>
    spawn(process.execPath, [appendProcess, path(), ...parts], { stdio: ["ignore", "pipe", "inherit"] });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "callgate-crash-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("has every acknowledged row and claim after kill -9", async () => {
    for (const [name, stopAt] of [
      ["a", 100],
      ["b", 1_000],
    ] as const) {
      const child = start(name, "100000", "300");
      const acknowledged: string[] = [];
      for await (const id of createInterface({ input: readable(child) })) {
        acknowledged.push(id);
        if (acknowledged.length === stopAt) child.kill("SIGKILL");
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(stopAt);
      await holds(acknowledged);
    }
  });

  it("serves several processes on the same files", async () => {
    const names = ["a", "b", "c"];
    const children = names.map((name) => start(name, "40", "100"));
    for (const child of children) child.stdout?.resume();
    await Promise.all(children.map((child) => once(child, "exit")));
    expect(children.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    await holds(
      names.flatMap((name) =>
        Array.from({ length: 800 }, (_, index) => `${name}-${Math.floor(index / 20)}-${index % 20}`),
      ),
    );
  });

  const withoutLimits = isWithout("prlimit", spawnSync("prlimit", ["--version"]).status === 0);
  it.skipIf(withoutLimits)(
    "refuses all of a batch that the disk cannot take, and goes on when it can (needs prlimit)",
    async () => {
      const limited = `trap '' XFSZ; exec "$0" "$@"`;
      const parts = ["--fsize=1000000:unlimited", "sh", "-c", limited, process.execPath, fullDiskProcess, path()];
      const child = spawn("prlimit", parts, { stdio: ["pipe", "pipe", "inherit"] });
      const lines = createInterface({ input: readable(child) })[Symbol.asyncIterator]();
      const full = JSON.parse((await lines.next()).value ?? "");
      expect(full).toMatchObject({ refused: "store_unavailable" });
      expect(full.recorded).toBeGreaterThan(0);
      execFileSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited:unlimited"]);
      child.stdin?.write("go on\n");
      const after = JSON.parse((await lines.next()).value ?? "");
      expect(after).toEqual({ again: "recorded", recorded: full.recorded + 20, rows: full.recorded + 20, faults: [] });
      await once(child, "exit");
    },
  );

  it.skipIf(withoutLimits)(
    "keeps what is committed where the disk cannot take the checkpoint (needs prlimit)",
    async () => {
      const limited = `trap '' XFSZ; exec "$0" "$@"`;
      const child = spawn("sh", ["-c", limited, process.execPath, fullCheckpointProcess, folder], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      const [said, complained] = await Promise.all([
        text(readable(child)),
        text(child.stderr ?? []),
        once(child, "exit"),
      ]);
      expect(JSON.parse(said)).toEqual({ recorded: 60, grewAgain: true, again: 60, isFull: true });
      expect(complained).toMatch(/^callgate: .*could not be shortened.*$/m);
      const store = await sqlite(path()).open(storeOptions);
      expect(await store.audit.verify()).toMatchObject({ rows: 180, faults: [] });
      await store.close();
    },
  );

  async function holds(ids: readonly string[]): Promise<void> {
    const store = await sqlite(path(), { segmentRows: 300 }).open(storeOptions);
    try {
      const recorded = await allCallIds(store);
      expect(ids.filter((id) => !recorded.has(id))).toEqual([]);
      const claims = await Promise.all(ids.map((id) => store.ledger.get(id)));
      expect(claims.filter((claim) => claim === undefined)).toEqual([]);
      expect((await store.audit.verify()).faults).toEqual([]);
    } finally {
      await store.close();
    }
  }
});

async function allCallIds(store: Store): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await store.audit.search({ limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    for (const { callId } of page.records) {
      expect(found.has(callId), callId).toBe(false);
      found.add(callId);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

function readable({ stdout }: ChildProcess): NodeJS.ReadableStream {
  if (stdout === null) throw new Error("the process was started without a pipe");
  return stdout;
}
