import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CallLog } from "../define/context.ts";
import { createSealer } from "../ledger/sealer.ts";
import { openKeyRing } from "../secrets/key-ring.ts";
import type { Store } from "../store/port.ts";
import { postgres } from "../store/postgres/postgres.ts";
import { describeWithPostgres, usePostgres } from "../store/postgres/testing/use-postgres.ts";
import type { TaskDatabase } from "../store/task-port.ts";
import { PgBossQueue } from "./pg-boss-queue.ts";
import { newTaskId, TaskBoard } from "./task-board.ts";
import { TaskWorkers, type TaskWorkersOptions } from "./task-workers.ts";

// Real servers, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const quiet: CallLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const soon = { timeout: 30_000 };

describeWithPostgres("the queue of many machines", () => {
  const used = usePostgres({ fsync: false });
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "callgate-queue-"));
    const given = { keyRing: openKeyRing({ folder }), clock: Date.now };
    store = await postgres(used.server.urlOf("postgres"), { folder }).open(given);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it("[L1] leaves a task that it brings once more with the worker that is at it", async () => {
    const { tasks, signals } = store;
    const sealer = createSealer(openKeyRing({ folder }));
    const parts = { store: tasks, signals, clock: Date.now, log: quiet };
    const board = new TaskBoard({ ...parts, sealer, room: { all: 9, ofSubject: 9 } });
    const done = Promise.withResolvers<void>();
    const begun: number[] = [];
    const work: TaskWorkersOptions["work"] = async (run) => {
      begun.push(run.row.attempt);
      await done.promise;
      await run.end("completed", undefined);
    };
    const tools = ["build_report"];
    const workers = new TaskWorkers({ ...parts, board, atOnce: 4, mostOf: () => undefined, tools: () => tools, work });
    const database = tasks.database as TaskDatabase;
    const queue = await PgBossQueue.start({ ...parts, database, workers, atOnce: 4 });
    const id = newTaskId();
    const task = { subject: "person:ann", tenant: undefined, tool: "build_report", callId: "c", writeId: undefined };
    await board.begin({ ...task, id, priority: 0, due: undefined, call: {}, ttlMs: 600_000 });
    for (const [times, delivered] of [1, 2, 3].entries()) {
      queue.deliver({ id, priority: 0 });
      await expect.poll(() => deliveries(), soon).toBe(delivered);
      // One is with the worker, and the others have come to nothing.
      await expect.poll(() => deliveries("completed"), soon).toBeGreaterThanOrEqual(times);
    }
    expect(begun).toEqual([1]);
    done.resolve();
    await expect.poll(async () => (await tasks.get(id))?.state, soon).toBe("completed");
    await queue.stop();
    await workers.close(0);
    await queue.close();
  });

  async function deliveries(state?: string): Promise<number> {
    const asked = "SELECT count(*)::int AS jobs FROM callgate_queue.job WHERE name = 'tasks' AND state::text LIKE $1";
    const [row] = await used.server.query(asked, [state ?? "%"]);
    return Number(row?.["jobs"]);
  }
});
