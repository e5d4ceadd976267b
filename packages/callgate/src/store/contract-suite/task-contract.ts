// oxlint-disable max-lines-per-function -- a suite is one block of many short tests
import { describe, expect, it } from "vitest";
import type { NewTask, TaskRow, TaskTake, TaskTaken } from "../task-port.ts";
import { type DeclareStore, useStore } from "./store-under-test.ts";

const room = { all: 1_000, ofSubject: 1_000 };

/** A task as a call leaves it, but for what is given. */
function newTask(id: string, given: Partial<NewTask> = {}): NewTask {
  return {
    id,
    subject: "user:anna",
    tenant: undefined,
    tool: "build_report",
    callId: `call-${id}`,
    writeId: undefined,
    priority: 0,
    sealedCall: new Uint8Array([1, 2, 3]),
    due: undefined,
    createdAt: 1_000,
    expiresAt: 100_000,
    ...given,
  };
}

/** What every store promises of long work (L1, L2). */
export function describeTasks(declare: DeclareStore): void {
  describe("tasks", () => {
    const host = useStore(declare);
    const insert = (id: string, given?: Partial<NewTask>) => host.store.tasks.insert(newTask(id, given), room);
    const take = (id: string, given: Partial<TaskTake> = {}) => {
      const { now = 2_000 } = given;
      const first = { id, attempt: 0, owner: "me", now, leaseUntil: now + 1_000, most: undefined };
      return host.store.tasks.take({ ...first, ...given });
    };
    const taken = async (outcome: Promise<TaskTaken>): Promise<TaskRow> => {
      const got = await outcome;
      if (got.kind !== "taken") throw new Error(`the task was ${got.kind}`);
      return got.row;
    };
    const idsOf = (rows: readonly TaskRow[]): readonly string[] => rows.map(({ id }) => id);

    it("keep all that is said of them", async () => {
      expect(await insert("t1", { tenant: "north", writeId: "w1", priority: 3, due: "nightly 1" })).toBe("inserted");
      const { attempt } = await taken(take("t1"));
      const changed = await host.store.tasks.move({
        id: "t1",
        attempt,
        from: ["working"],
        now: 2_500,
        set: {
          state: "failed",
          sealedOutcome: new Uint8Array([9]),
          progress: [{ at: 2_400, done: 1, total: 12, message: "May" }],
          cost: { usd: 0.25 },
          workedMs: 500,
          code: "system_error",
          expiresAt: 200_000,
        },
      });
      await host.reopen();
      const kept = await host.store.tasks.get("t1");
      expect(kept).toEqual(changed);
      expect(kept).toEqual({
        ...newTask("t1", { tenant: "north", writeId: "w1", priority: 3, due: "nightly 1" }),
        sealedCall: expect.objectContaining({ length: 3 }),
        state: "failed",
        attempt: 1,
        owner: undefined,
        leaseUntil: 0,
        sealedInput: undefined,
        sealedOutcome: expect.objectContaining({ length: 1 }),
        progress: [{ at: 2_400, done: 1, total: 12, message: "May" }],
        cost: { usd: 0.25 },
        workedMs: 500,
        code: "system_error",
        cancelBy: undefined,
        cancelAt: undefined,
        updatedAt: 2_500,
        finishedAt: 2_500,
        expiresAt: 200_000,
      });
      expect(await host.store.tasks.get("t2")).toBeUndefined();
    });

    it("go to one of a hundred that take them up", async () => {
      await insert("t1");
      const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => take("t1", { owner: `o${index}` })));
      const winners = outcomes.filter(({ kind }) => kind === "taken");
      expect(winners).toHaveLength(1);
      expect(await host.store.tasks.get("t1")).toMatchObject({ attempt: 1, state: "working" });
    });

    it("stay with their holder, whoever knows its attempt, until its lease is over or it is known to be dead", async () => {
      await insert("leased");
      await insert("left");
      for (const id of ["leased", "left"]) await take(id);
      const again = { attempt: 1, owner: "other" };
      expect(await take("leased", { ...again, now: 3_000 })).toEqual({ kind: "gone" });
      expect(await take("leased", { ...again, now: 3_000, owner: "me" })).toEqual({ kind: "gone" });
      expect(await take("leased", { ...again, now: 3_000, goneOwner: "somebody" })).toEqual({ kind: "gone" });
      expect(await host.store.tasks.get("leased")).toMatchObject({ attempt: 1, owner: "me" });
      expect(await take("leased", { ...again, now: 3_001 })).toMatchObject({ kind: "taken", row: { attempt: 2 } });
      expect(await take("left", { ...again, goneOwner: "me" })).toMatchObject({ kind: "taken", row: { attempt: 2 } });
    });

    it("obey nobody whose attempt is over", async () => {
      await insert("t1");
      const first = await taken(take("t1"));
      const second = await taken(take("t1", { attempt: first.attempt, owner: "other", now: 9_000 }));
      const finish = (attempt: number) =>
        host.store.tasks.move({ id: "t1", attempt, from: ["working"], now: 9_100, set: { state: "completed" } });
      expect(await finish(first.attempt)).toBeUndefined();
      expect(await finish(second.attempt)).toMatchObject({ state: "completed", owner: undefined });
      expect(await finish(second.attempt)).toBeUndefined();
      expect(await take("t1", { attempt: second.attempt })).toEqual({ kind: "gone" });
    });

    it("are changed by nobody who has not seen what stands there now, where that is asked for", async () => {
      await insert("t1");
      const { attempt } = await taken(take("t1"));
      const note = (text: number, whileInput?: Uint8Array) =>
        host.store.tasks.move({
          id: "t1",
          attempt,
          from: ["working"],
          whileInput,
          now: 2_500,
          set: { sealedInput: new Uint8Array([text]) },
        });
      const first = await note(1);
      const changes = await Promise.all([note(2, first?.sealedInput), note(3, first?.sealedInput)]);
      expect(changes.filter((row) => row !== undefined)).toHaveLength(1);
      expect(await note(4, first?.sealedInput)).toBeUndefined();
      const seen = await host.store.tasks.get("t1");
      expect((await note(5, seen?.sealedInput))?.sealedInput).toEqual(expect.objectContaining({ 0: 5 }));
    });

    it("of one tool, by all its names, are at work no more than may be, whoever takes them", async () => {
      await insert("t1", { tool: "make_report" });
      for (const id of ["t2", "t3"]) await insert(id);
      await insert("other", { tool: "build_other" });
      const most = { tasks: 2, tools: ["make_report", "build_report"] };
      const outcomes = await Promise.all(["t1", "t2", "t3"].map((id) => take(id, { most, owner: id })));
      expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["busy", "taken", "taken"]);
      expect(await take("other", { most: { tasks: 1, tools: ["build_other"] } })).toMatchObject({ kind: "taken" });
      const left = outcomes.findIndex(({ kind }) => kind === "busy");
      // A lease that is over holds no place.
      expect(await take(`t${left + 1}`, { most, now: 9_000 })).toMatchObject({ kind: "taken" });
    });

    it("wait in the order of their priority, then of their age", async () => {
      await insert("young", { createdAt: 1_500 });
      await insert("old", { createdAt: 1_100 });
      await insert("urgent", { createdAt: 1_900, priority: 9 });
      await insert("taken", { createdAt: 1_000 });
      await take("taken", { now: 2_000 });
      const waiting = async (now: number, limit = 10): Promise<readonly string[]> =>
        idsOf(await host.store.tasks.waiting({ now, tools: ["build_report"], limit }));
      expect(await waiting(2_500)).toEqual(["urgent", "old", "young"]);
      expect(await waiting(2_500, 2)).toEqual(["urgent", "old"]);
      expect(idsOf(await host.store.tasks.held(2_500, 10))).toEqual(["taken"]);
      expect(await waiting(9_000)).toEqual(["urgent", "taken", "old", "young"]);
      expect(await host.store.tasks.held(9_000, 10)).toEqual([]);
    });

    it("wait and are at work by their tools", async () => {
      for (const id of ["a1", "a2", "a3"]) await insert(id, { tool: "a", createdAt: 1_000, priority: 9 });
      for (const id of ["b1", "b2"]) await insert(id, { tool: "b", createdAt: 1_001 });
      await insert("c1", { tool: "c", createdAt: 1_002 });
      const waiting = async (...tools: string[]): Promise<readonly string[]> =>
        idsOf(await host.store.tasks.waiting({ now: 2_500, tools, limit: 2 }));
      expect(await waiting("b", "c")).toEqual(["b1", "b2"]);
      expect(await waiting("c", "unheard of")).toEqual(["c1"]);
      for (const id of ["a1", "a2", "b1"]) await take(id);
      expect(Object.fromEntries(await host.store.tasks.atWork(2_500))).toEqual({ a: 2, b: 1 });
      expect(Object.fromEntries(await host.store.tasks.atWork(9_000))).toEqual({});
    });

    it("that nobody is at are cancelled at once, the others by whoever is at them", async () => {
      await insert("idle");
      await insert("busy");
      await take("busy");
      expect(await host.store.tasks.requestCancel("idle", "user:ben", 3_000)).toMatchObject({
        state: "cancelled",
        code: "call_cancelled",
        cancelBy: "user:ben",
        cancelAt: 3_000,
        finishedAt: 3_000,
      });
      expect(await host.store.tasks.requestCancel("busy", "user:ben", 3_000)).toMatchObject({
        state: "working",
        cancelBy: "user:ben",
        finishedAt: undefined,
      });
      const again = await host.store.tasks.requestCancel("busy", "user:cleo", 4_000);
      expect(again).toMatchObject({ cancelBy: "user:ben", cancelAt: 3_000 });
      expect(await host.store.tasks.requestCancel("none", "user:ben", 3_000)).toBeUndefined();
      expect(await take("idle")).toEqual({ kind: "gone" });
    });

    it("that have ended are cancelled no more", async () => {
      await insert("t1");
      const { attempt } = await taken(take("t1"));
      await host.store.tasks.move({ id: "t1", attempt, from: ["working"], now: 2_100, set: { state: "completed" } });
      expect(await host.store.tasks.requestCancel("t1", "user:ben", 3_000)).toMatchObject({
        state: "completed",
        cancelBy: undefined,
      });
    });

    it("are no more than there is room for, of all and of one subject", async () => {
      const tight = { all: 3, ofSubject: 2 };
      const add = (id: string, subject: string) => host.store.tasks.insert(newTask(id, { subject }), tight);
      expect(await add("t1", "user:anna")).toBe("inserted");
      expect(await add("t2", "user:anna")).toBe("inserted");
      expect(await add("t3", "user:anna")).toBe("full");
      expect(await add("t4", "user:ben")).toBe("inserted");
      expect(await add("t5", "user:cleo")).toBe("full");
      await host.store.tasks.requestCancel("t1", "user:anna", 3_000);
      expect(await add("t5", "user:cleo")).toBe("inserted");
    });

    it("of one due time there is one, however many begin it", async () => {
      const begun = await Promise.all(["t1", "t2", "t3"].map((id) => insert(id, { due: "nightly 7" })));
      expect(begun.toSorted()).toEqual(["due", "due", "inserted"]);
      expect(await insert("t4", { due: "nightly 8" })).toBe("inserted");
    });

    it("are listed newest first, page by page, by subject, tenant, tool and state", async () => {
      for (let index = 0; index < 5; index += 1) await insert(`t${index}`, { createdAt: 1_000 + (index >> 1) });
      await insert("ben", { subject: "user:ben", tenant: "north", tool: "build_other" });
      const first = await host.store.tasks.list({ subject: "user:anna", limit: 2 });
      expect(idsOf(first.rows)).toEqual(["t4", "t3"]);
      const second = await host.store.tasks.list({ subject: "user:anna", limit: 2, cursor: String(first.cursor) });
      expect(idsOf(second.rows)).toEqual(["t2", "t1"]);
      const third = await host.store.tasks.list({ subject: "user:anna", limit: 2, cursor: String(second.cursor) });
      expect(idsOf(third.rows)).toEqual(["t0"]);
      expect(third.cursor).toBeUndefined();
      expect(idsOf((await host.store.tasks.list({ tenant: "north", limit: 9 })).rows)).toEqual(["ben"]);
      expect(idsOf((await host.store.tasks.list({ tool: "build_other", limit: 9 })).rows)).toEqual(["ben"]);
      expect((await host.store.tasks.list({ state: "failed", limit: 9 })).rows).toEqual([]);
      await expect(host.store.tasks.list({ limit: 9, cursor: "' or 1=1" })).rejects.toMatchObject({
        code: "store_invalid",
      });
    });

    it("are removed when they are kept no longer, but never while somebody is at them", async () => {
      for (const id of ["done", "idle", "busy", "left"]) await insert(id, { expiresAt: 5_000 });
      const { attempt } = await taken(take("done"));
      await host.store.tasks.move({ id: "done", attempt, from: ["working"], now: 2_100, set: { state: "completed" } });
      await take("left");
      await take("busy", { now: 4_500 });
      expect(await host.store.tasks.expire(4_999)).toBe(0);
      expect(await host.store.tasks.expire(5_000)).toBe(1);
      expect(await host.store.tasks.get("done")).toBeUndefined();
      for (const id of ["idle", "left"])
        expect(await host.store.tasks.get(id)).toMatchObject({ state: "cancelled", code: "task_expired" });
      expect(await host.store.tasks.get("busy")).toMatchObject({ state: "working", owner: "me" });
      expect(await host.store.tasks.expire(5_000 + 3_600_000)).toBe(2);
    });
  });
}
