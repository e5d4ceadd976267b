// oxlint-disable max-lines-per-function -- a suite is one block of many short tests
import { describe, expect, it } from "vitest";
import type { Claim, LedgerRow, RowApproval, WriteState } from "../ledger-port.ts";
import { approvalOf, claimOf } from "./sample-rows.ts";
import { type DeclareStore, useStore } from "./store-under-test.ts";

/** What every ledger promises (docs/writes.md; W1, W2). */
export function describeLedger(declare: DeclareStore): void {
  describe("ledger", () => {
    const host = useStore(declare);
    const claim = (id: string, given?: Partial<Claim>) => host.store.ledger.claim(claimOf(id, given));
    const move = (row: LedgerRow, [from, to]: readonly [WriteState, WriteState], now = 1_100) =>
      host.store.ledger.move({ row, from: [from], to, now });

    it("gives two hundred concurrent claims of one key one winner", async () => {
      const outcomes = await Promise.all(Array.from({ length: 200 }, (_, index) => claim(`w${index}`)));
      const winners = outcomes.filter(({ kind }) => kind === "claimed");
      expect(winners).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === "found")).toHaveLength(199);
      expect(new Set(outcomes.map(({ row }) => row.id))).toEqual(new Set([winners[0]?.row.id]));
    });

    it("gives two hundred concurrent claims without a key one winner", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, index) => claim(`w${index}`, { key: undefined })),
      );
      expect(outcomes.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
    });

    it("keeps all fields of a row", async () => {
      const { row } = await claim("w1", { tenant: "north" });
      const moved = await host.store.ledger.move({
        row,
        from: ["claimed"],
        to: "done",
        now: 1_500,
        leaseUntil: 1_600,
        sealedOutcome: Buffer.from([1, 2]),
        code: "c",
        settledBy: "s",
        note: "n",
      });
      expect(row).toMatchObject({
        state: "claimed",
        attempt: 1,
        key: "key-1",
        tenant: "north",
        owner: "owner-w1",
        finishedAt: undefined,
      });
      await host.reopen();
      const kept = await host.store.ledger.get("w1");
      expect(kept).toEqual({
        ...row,
        state: "done",
        updatedAt: 1_500,
        finishedAt: 1_500,
        leaseUntil: 1_600,
        sealedOutcome: new Uint8Array([1, 2]),
        code: "c",
        settledBy: "s",
        note: "n",
      });
      expect(moved).toEqual({ ...kept, sealedOutcome: Buffer.from([1, 2]) });
      expect(await host.store.ledger.find("user:anna", "create_booking", "key-1")).toMatchObject({ id: "w1" });
      expect(await host.store.ledger.get("w2")).toBeUndefined();
    });

    it("tells a key that is used again for something else", async () => {
      await claim("w1");
      expect(await claim("w2", { digest: "digest-2" })).toMatchObject({ kind: "mismatch", row: { id: "w1" } });
      expect(await claim("w3", { subject: "user:ben" })).toMatchObject({ kind: "claimed" });
      expect(await claim("w4", { tool: "cancel_booking" })).toMatchObject({ kind: "claimed" });
    });

    it("keeps a code no longer than the state that it explains", async () => {
      const { row } = await claim("w1");
      const doubtful = await host.store.ledger.move({
        row,
        from: ["claimed"],
        to: "unknown",
        now: 1_100,
        code: "late",
      });
      expect(doubtful).toMatchObject({ state: "unknown", code: "late" });
      await move(doubtful ?? row, ["unknown", "done"]);
      expect(await host.store.ledger.get("w1")).toMatchObject({ state: "done", code: undefined });
    });

    it("lets a claim take over what was released, and nothing else, however old it is", async () => {
      const { row } = await claim("w1");
      expect(await claim("w2", { now: 2_001 })).toMatchObject({ kind: "found", row: { attempt: 1, state: "claimed" } });
      await move(row, ["claimed", "released"]);
      const taken = await claim("w3", { now: 2_001, leaseUntil: 3_000 });
      expect(taken).toMatchObject({
        kind: "claimed",
        row: { id: "w1", attempt: 2, owner: "owner-w3", callId: "call-w3", leaseUntil: 3_000, state: "claimed" },
      });
      expect(await move(row, ["claimed", "running"])).toBeUndefined();
      await move(taken.row, ["claimed", "released"]);
      expect(await claim("w4", { now: 2_002 })).toMatchObject({ kind: "claimed", row: { id: "w1", attempt: 3 } });
    });

    it("never takes over what is running, however late it is", async () => {
      const { row } = await claim("w1");
      await move(row, ["claimed", "running"]);
      expect(await claim("w2", { now: 1_000_000 })).toMatchObject({
        kind: "found",
        row: { state: "running", attempt: 1 },
      });
      expect(await claim("w3", { now: 1_000_000, key: undefined })).toMatchObject({ kind: "found", row: { id: "w1" } });
    });

    it("moves a row once out of a state, whoever tries", async () => {
      const { row } = await claim("w1");
      const moved = await Promise.all(Array.from({ length: 50 }, () => move(row, ["claimed", "running"])));
      expect(moved.filter((each) => each !== undefined)).toHaveLength(1);
    });

    it("lets a move take the row over, after which the old attempt is nobody's", async () => {
      const { row } = await claim("w1");
      await move(row, ["claimed", "running"]);
      const takeOver = { owner: "other", callId: "call-9" };
      const taken = await host.store.ledger.move({
        row,
        from: ["running"],
        to: "running",
        now: 5_000,
        takeOver,
      });
      expect(taken).toMatchObject({ attempt: 2, owner: "other", callId: "call-9", state: "running" });
      expect(await move(row, ["running", "done"])).toBeUndefined();
    });

    it("says of an equal write without a key that it has just been done, for as long as asked", async () => {
      const { row } = await claim("w1", { key: undefined });
      expect(row.key).toBe("new-w1");
      await move(row, ["claimed", "done"], 1_100);
      expect(await claim("w2", { key: undefined, repeatSince: 1_100 })).toMatchObject({
        kind: "repeat",
        row: { id: "w1" },
      });
      expect(await claim("w3", { key: undefined, repeatSince: 1_101 })).toMatchObject({
        kind: "claimed",
        row: { id: "w3" },
      });
    });

    it("does again at once what has no look-back", async () => {
      const { row } = await claim("w1", { key: undefined });
      await move(row, ["claimed", "done"]);
      expect(await claim("w2", { key: undefined })).toMatchObject({
        kind: "claimed",
        row: { id: "w2", key: "new-w2" },
      });
    });

    it("removes what finished long ago and never what is open", async () => {
      const done = await claim("done", { key: "a" });
      await move(done.row, ["claimed", "done"]);
      const unknown = await claim("unknown", { key: "b" });
      await move(unknown.row, ["claimed", "unknown"]);
      await claim("claimed", { key: "c" });
      const later = await claim("later", { key: "d" });
      await move(later.row, ["claimed", "failed"], 1_101);
      expect(await host.store.ledger.expire(1_201, 100)).toBe(1);
      const left = await host.store.ledger.list({ limit: 10 });
      expect(left.rows.map(({ id }) => id)).toEqual(["later", "claimed", "unknown"]);
    });

    it("lists the writes of one tenant alone", async () => {
      await claim("w1", { tenant: "north" });
      await claim("w2", { tenant: "south", subject: "user:ben" });
      await claim("w3", { key: "other" });
      const { rows } = await host.store.ledger.list({ tenant: "north", limit: 10 });
      expect(rows.map(({ id }) => id)).toEqual(["w1"]);
    });

    it("refuses a cursor that it has not given", async () => {
      const asked = host.store.ledger.list({ limit: 5, cursor: "not a cursor" });
      await expect(asked).rejects.toMatchObject({ code: "store_invalid" });
    });

    it("lists page by page, newest first, and by subject, tool and state", async () => {
      for (let index = 0; index < 25; index += 1)
        await claim(`w${index}`, { key: `k${index}`, subject: `user:${index % 2}` });
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await host.store.ledger.list({
          subject: "user:0",
          limit: 4,
          ...(cursor === undefined ? {} : { cursor }),
        });
        ids.push(...page.rows.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(ids).toEqual(Array.from({ length: 13 }, (_, index) => `w${24 - 2 * index}`));
      expect((await host.store.ledger.list({ state: "done", limit: 9 })).rows).toEqual([]);
      expect((await host.store.ledger.list({ tool: "create_booking", state: "claimed", limit: 99 })).rows).toHaveLength(
        25,
      );
    });

    it("names what its holder has left behind", async () => {
      await claim("stale", { key: "a", leaseUntil: 1_500 });
      await claim("live", { key: "b", leaseUntil: 9_000 });
      const running = await claim("running", { key: "c" });
      await move(running.row, ["claimed", "running"]);
      const finished = await claim("finished", { key: "d" });
      await move(finished.row, ["claimed", "done"]);
      const asking = await claim("asking", { key: "e" });
      await move(asking.row, ["claimed", "awaiting"]);
      expect((await host.store.ledger.abandoned(2_001)).map(({ id }) => id)).toEqual(["stale", "running"]);
    });

    it("keeps what is asked of people on the row, and finds it by its id", async () => {
      const { row } = await claim("w1");
      const asked = await host.store.ledger.move({
        row,
        from: ["claimed", "approved"],
        to: "awaiting",
        now: 1_100,
        approval: approvalOf("apr_1"),
        sealedRequest: new Uint8Array([7, 8]),
      });
      await host.reopen();
      const kept = await host.store.ledger.byApproval("apr_1");
      expect(kept).toEqual(asked);
      expect(kept).toMatchObject({ id: "w1", state: "awaiting", finishedAt: undefined, approval: approvalOf("apr_1") });
      expect(kept?.sealedRequest).toEqual(new Uint8Array([7, 8]));
      // A list of many rows has the rest of each alone.
      const { rows } = await host.store.ledger.list({ state: "awaiting", limit: 9 });
      expect(rows).toEqual([{ ...asked, sealedRequest: undefined }]);
      expect(await host.store.ledger.byApproval("apr_2")).toBeUndefined();
      expect(await claim("w2", { key: undefined })).toMatchObject({ kind: "found", row: { id: "w1" } });
      expect(await claim("w3")).toMatchObject({ kind: "found", row: { state: "awaiting" } });
      expect(await host.store.ledger.expire(9_000, 0)).toBe(0);
    });

    it("counts one of many decisions that know the same approval, and none that knows an older one", async () => {
      const { row } = await claim("w1");
      const ledger = host.store.ledger;
      const to = (known: LedgerRow, state: WriteState, approval: RowApproval) =>
        ledger.move({ row: known, from: ["claimed", "awaiting"], to: state, now: 1_100, approval });
      const asked = (await to(row, "awaiting", approvalOf("apr_1"))) as LedgerRow;
      const decided = await Promise.all(
        ["ben", "cid", "dan"].map((user) => to(asked, "awaiting", approvalOf("apr_1", [user]))),
      );
      expect(decided.filter((each) => each !== undefined)).toHaveLength(1);
      expect(await to(asked, "approved", approvalOf("apr_1", ["eve"]))).toBeUndefined();
      expect((await ledger.get("w1"))?.approval?.decisions).toHaveLength(1);
    });

    it("keeps the approval of a row through moves that do not speak of it, and asks anew under another id", async () => {
      const { row } = await claim("w1");
      const { ledger } = host.store;
      const first = { row, from: ["claimed"], to: "approved", now: 1_100, approval: approvalOf("apr_1") } as const;
      const approved = (await ledger.move({ ...first, sealedRequest: new Uint8Array([1]) })) as LedgerRow;
      const spent = { ...approvalOf("apr_1"), spentAt: 1_200 };
      const takeOver = { owner: "o2", callId: "c2" };
      const running = {
        row: approved,
        from: ["approved"],
        to: "running",
        now: 1_200,
        approval: spent,
        takeOver,
      } as const;
      const moved = await Promise.all([ledger.move(running), ledger.move(running)]);
      expect(moved.filter((each) => each !== undefined)).toHaveLength(1);
      const held = moved.find((each) => each !== undefined) as LedgerRow;
      expect(held).toMatchObject({ attempt: 2, owner: "o2", callId: "c2" });
      await move(held, ["running", "done"]);
      expect(await ledger.get("w1")).toMatchObject({ state: "done", approval: { spentAt: 1_200 } });
      expect((await ledger.get("w1"))?.sealedRequest).toEqual(new Uint8Array([1]));
    });

    it("lets a claim take over what was withdrawn or has expired, and not what was denied", async () => {
      for (const state of ["withdrawn", "expired", "denied"] as const) {
        const { row } = await claim(state, { key: state });
        await move(row, ["claimed", state]);
        const taken = await claim(`${state}-2`, { key: state, now: 2_000 });
        expect(taken.kind, state).toBe(state === "denied" ? "found" : "claimed");
        expect(taken.row.finishedAt === undefined, state).toBe(state !== "denied");
      }
    });

    it("names what one holder has moved last: open, or finished since a time", async () => {
      await claim("open", { key: "a", owner: "one" });
      const done = await claim("done", { key: "b", owner: "one" });
      await move(done.row, ["claimed", "done"], 1_400);
      await claim("other", { key: "c", owner: "two" });
      const ids = async (since: number) => (await host.store.ledger.heldBy("one", since)).map(({ id }) => id);
      expect(await ids(1_000)).toEqual(["open", "done"]);
      expect(await ids(1_400)).toEqual(["open", "done"]);
      expect(await ids(1_401)).toEqual(["open"]);
    });

    it("fails a claim that cannot be stored alone, not its neighbours", async () => {
      const taken = await Promise.allSettled([
        claim("w1", { key: "a" }),
        claim("w1", { key: "b" }),
        claim("w3", { key: "c" }),
      ]);
      expect(taken.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(taken[1]).toMatchObject({ reason: { code: "store_conflict" } });
    });
  });
}
