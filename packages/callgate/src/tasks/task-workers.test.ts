import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallLog } from "../define/context.ts";
import { createSealer } from "../ledger/sealer.ts";
import { openKeyRing } from "../secrets/key-ring.ts";
import type { Store } from "../store/port.ts";
import { sqlite } from "../store/sqlite/sqlite.ts";
import type { TaskRow } from "../store/task-port.ts";
import { newTaskId, TaskBoard } from "./task-board.ts";
import type { TaskRun } from "./task-run.ts";
import { TaskWorkers, type TaskWorkersOptions } from "./task-workers.ts";

const quiet: CallLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let folder: string;
let store: Store;
let board: TaskBoard;
let now: number;

function open(): Promise<Store> {
  return sqlite(join(folder, "gate.db")).open({ keyRing: openKeyRing({ folder }), clock: () => now });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "callgate-workers-"));
  now = 1_000_000;
  store = await open();
  const sealer = createSealer(openKeyRing({ folder }));
  const room = { all: 999, ofSubject: 999 };
  board = new TaskBoard({ store: store.tasks, signals: store.signals, sealer, clock: () => now, room });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function workers(given: Partial<TaskWorkersOptions> & Pick<TaskWorkersOptions, "work">): TaskWorkers {
  const { tasks, signals } = store;
  return new TaskWorkers({
    store: tasks,
    signals,
    board,
    clock: () => now,
    log: quiet,
    atOnce: 2,
    mostOf: () => undefined,
    tools: () => ["build_report"],
    ...given,
  });
}

async function begin(tool = "build_report"): Promise<TaskRow> {
  const task = { subject: "person:ann", tenant: undefined, tool, callId: "call_1", writeId: undefined };
  const begun = await board.begin({ ...task, id: newTaskId(), priority: 0, due: undefined, call: {}, ttlMs: 60_000 });
  if (typeof begun === "string") throw new Error(begun);
  return begun;
}

/** Works until it is told to stop, and then does what that asks for. */
async function untilStopped(run: TaskRun): Promise<void> {
  await new Promise((resolve) => run.signal.addEventListener("abort", resolve, { once: true }));
  if (run.stopped === "handed-over") await run.handOver();
  if (run.stopped === "cancelled") await run.end("cancelled", undefined, "call_cancelled");
}

it("a task is waited for no longer where the clock is set back meanwhile", async () => {
  const signal = new AbortController().signal;
  const waiting = board.whenSettled(await begin(), { until: now + 20, signal, onLook: () => undefined });
  now -= 3_600_000;
  expect((await waiting).state).toBe("working");
});

describe("workers", () => {
  it("[L1] hand over what does not end in time, at once and with what was known of it", async () => {
    const first = workers({
      work: async (run) => {
        run.progress(3, 12, "March");
        run.addCost({ usd: 1 });
        now += 2_000;
        await untilStopped(run);
      },
    });
    const { id, attempt } = await begin();
    expect((await first.begin({ ...(await begin()), id, attempt })).kind).toBe("begun");
    await first.close(10);
    const left = await store.tasks.get(id);
    expect(left).toMatchObject({ state: "working", owner: undefined, attempt: 1, cost: { usd: 1 }, workedMs: 2_000 });
    expect(left?.progress).toMatchObject([{ done: 3, total: 12, message: "March" }]);
    const reruns: boolean[] = [];
    const second = workers({
      work: async (run) => {
        reruns.push(run.isRerun);
        await run.end("completed", { members: '"content":[]', meta: undefined, error: undefined });
      },
    });
    const waiting = (await second.waiting()).find((row) => row.id === id);
    const begun = waiting && (await second.begin(waiting));
    if (begun?.kind === "begun") await begun.ended;
    expect(await store.tasks.get(id)).toMatchObject({ state: "completed", attempt: 2 });
    // It was given up, not left behind.
    expect(reruns).toEqual([false]);
    await second.close(0);
  });

  it("[L1] leave what is at work alone, here and elsewhere, however often it is brought", async () => {
    const reached: string[] = [];
    const workOf = (name: string) => async (run: TaskRun) => {
      reached.push(name);
      await untilStopped(run);
    };
    const [first, second] = [workers({ work: workOf("first") }), workers({ work: workOf("second") })];
    const { id } = await begin();
    const bring = async (to: TaskWorkers): Promise<string> => (await to.begin((await board.get(id)) as TaskRow)).kind;
    expect(await bring(first)).toBe("begun");
    expect(await bring(first)).toBe("gone");
    expect(await bring(second)).toBe("gone");
    // The clock jumps: who is at it knows so all the same.
    now += 600_000;
    expect(await bring(first)).toBe("gone");
    expect(await board.get(id)).toMatchObject({ attempt: 1 });
    expect(reached).toEqual(["first"]);
    await first.close(0);
    await second.close(0);
  });

  it("[L1] find what they can do behind any number of tasks that they cannot, or for which no place is free", async () => {
    for (let index = 0; index < 101; index += 1) await begin("unheard_of");
    const full: TaskRow[] = [];
    for (let index = 0; index < 102; index += 1) full.push(await begin("build_one"));
    const { id } = await begin();
    const tools = () => ["build_one", "build_report"];
    const one = { tasks: 1, tools: ["build_one"] };
    const hands = workers({ work: untilStopped, tools, mostOf: (tool) => (tool === "build_one" ? one : undefined) });
    expect((await hands.begin(full[0] as TaskRow)).kind).toBe("begun");
    expect((await hands.waiting()).map((row) => row.id)).toEqual([id]);
    await hands.close(0);
    expect((await workers({ work: untilStopped, tools }).waiting()).length).toBe(100);
  });

  it("leave work that they do not know to those that do", async () => {
    const hands = workers({ work: untilStopped });
    const row = await begin("unheard_of");
    expect((await hands.begin(row)).kind).toBe("busy");
    expect(await board.get(row.id)).toMatchObject({ attempt: 0, owner: undefined });
    await hands.close(0);
  });

  it("take nothing up once they close", async () => {
    const closed = workers({ work: untilStopped });
    await closed.close(0);
    expect((await closed.begin(await begin())).kind).toBe("busy");
  });

  it("[L2] stop work whose end was asked for while no signal came through", async () => {
    const hands = workers({ work: untilStopped });
    const row = await begin();
    const begun = await hands.begin(row);
    await store.tasks.requestCancel(row.id, "person:ann", now);
    // A signal that is too long comes through as the word that some were missed: all that is under way is looked at.
    const other = await open();
    other.signals.publish({ topic: "resource-updated", uri: "x".repeat(5_000) });
    if (begun.kind === "begun") await begun.ended;
    expect(await store.tasks.get(row.id)).toMatchObject({ state: "cancelled", cancelBy: "person:ann" });
    await hands.close(0);
    await other.close();
  });

  it("give up what another process has taken up, and leave its row alone", async () => {
    const stopped: unknown[] = [];
    const hands = workers({
      work: async (run) => {
        run.progress(1, 2, undefined);
        await untilStopped(run);
        stopped.push(run.stopped, await run.end("completed", undefined));
      },
    });
    const row = await begin();
    const begun = await hands.begin(row);
    now += 60_000;
    const other = { id: row.id, attempt: 1, owner: "elsewhere/1/x", now, leaseUntil: now + 30_000, most: undefined };
    expect((await store.tasks.take(other)).kind).toBe("taken");
    if (begun.kind === "begun") await begun.ended;
    expect(stopped).toEqual(["lost", false]);
    expect(await store.tasks.get(row.id)).toMatchObject({ state: "working", owner: "elsewhere/1/x", attempt: 2 });
    await hands.close(0);
  });
});
