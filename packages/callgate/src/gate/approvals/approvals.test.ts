import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CallError } from "../../define/call-error.ts";
import { searchWhole } from "../../store/contract-suite/search-whole.ts";
import type { LedgerRow } from "../../store/ledger-port.ts";
import { type Asking, aborted, gateThatAsks, stay } from "../testing/gate-that-asks.ts";

describe("a write that demands approval", () => {
  it("[W3] waits, goes through once it is approved, and is replayed from then on", async () => {
    await using asking = await gateThatAsks();
    const { gate, bookings } = asking;
    const first = await gate.call("create_booking", stay("k"));
    expect(first.error).toMatchObject({ code: "approval_pending", retry: "same_key", details: { approval: "owner" } });
    expect(bookings.effects).toEqual([]);
    await asking.decide("approve");
    expect((await gate.call("create_booking", stay("k"))).structured).toMatchObject({ id: "b1" });
    expect((await gate.call("create_booking", stay("k"))).meta).toMatchObject({ "io.callgate/replayed": true });
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W3] is on record with who agreed to it, and says in its preview that somebody has to", async () => {
    await using asking = await gateThatAsks();
    const { gate } = asking;
    const preview = await gate.call("create_booking", stay(undefined, { dry_run: true }));
    expect(preview.structured).toMatchObject({ dry_run: true, approval: "owner" });
    await gate.call("create_booking", stay("k"));
    const { id, approval } = await asking.waiting();
    await asking.decide("approve");
    await gate.call("create_booking", stay("k"));
    const { records } = await searchWhole(gate.gate.store.audit, { writeId: id, outcome: "ok", limit: 5 });
    expect(records.map((record) => JSON.parse(record.arguments ?? ""))).toMatchObject([
      { guest: "Ann", "io.callgate/approval": { id: approval?.id, by: [{ by: "person:ann", as: "owner" }] } },
    ]);
  });

  it("[W3] is found again without a key, and lets no other arguments through", async () => {
    await using asking = await gateThatAsks();
    const { gate, bookings } = asking;
    await gate.call("create_booking", stay());
    await asking.decide("approve");
    expect((await gate.call("create_booking", { guest: "Eve" })).code).toBe("approval_pending");
    expect((await gate.call("create_booking", stay())).structured).toMatchObject({ guest: "Ann" });
    expect(bookings.effects.map(({ guest }) => guest)).toEqual(["Ann"]);
  });

  it("[W3] shows the approver what is planned, for whom and why", async () => {
    await using asking = await gateThatAsks();
    await asking.gate.as("agent:ann").call("create_booking", stay("k", { reason: "she asked me to" }));
    const row = await asking.waiting();
    expect(asking.ledger.approvals.requestOf(row)).toMatchObject({
      preview: { action: "create_booking", guest: "Ann", price: 100 },
      reason: "she asked me to",
      subject: { kind: "agent", user: "ann" },
      tool: "create_booking",
    });
    expect(row.approval).toMatchObject({ level: "owner", user: "ann", asked: 1, decisions: [] });
    expect(Buffer.from(row.sealedRequest ?? []).toString("latin1")).not.toContain("Ann");
  });

  it("[W3] asks anew when its plan has changed since, five times at most (SECURITY 17)", async () => {
    await using asking = await gateThatAsks();
    const { gate, bookings } = asking;
    const codes: unknown[] = [];
    for (let round = 1; round <= 6; round += 1) {
      codes.push((await gate.call("create_booking", stay("k"))).code);
      if (round < 6) await asking.decide("approve");
      bookings.price += 1;
    }
    expect(codes).toEqual([...Array.from({ length: 5 }, () => "approval_pending"), "approval_unavailable"]);
    expect(bookings.effects).toEqual([]);
  });

  it("[W3] is told of a no, and asks nobody again under that key", async () => {
    await using asking = await gateThatAsks();
    const { gate, bookings } = asking;
    await gate.call("create_booking", stay("k"));
    await asking.decide("deny", { note: "too dear" });
    const denied = await gate.call("create_booking", stay("k"));
    expect(denied.error).toMatchObject({ code: "approval_denied", message: expect.stringContaining("too dear") });
    expect((await gate.call("create_booking", stay("k"))).code).toBe("approval_denied");
    expect(bookings.effects).toEqual([]);
  });

  it("[W3] asks anew once nobody has decided in time, or the approval was not used in time", async () => {
    let now = Date.now();
    await using asking = await gateThatAsks({}, { clock: () => now });
    const { gate, bookings } = asking;
    await gate.call("create_booking", stay("k"));
    const early = await asking.waiting();
    now += 60 * 60_000;
    expect(await asking.decide("approve", { at: now })).toBeUndefined();
    expect((await gate.call("create_booking", stay("k"))).code).toBe("approval_pending");
    expect((await asking.waiting()).approval?.id).not.toBe(early.approval?.id);
    await asking.decide("approve", { at: now });
    now += 60 * 60_000;
    expect((await gate.call("create_booking", stay("k"))).code).toBe("approval_pending");
    expect(bookings.effects).toEqual([]);
  });

  it("[W3] spends one approval once, however many calls come for it at once (SECURITY 18)", async () => {
    await using asking = await gateThatAsks();
    const { gate, bookings } = asking;
    await gate.call("create_booking", stay("k"));
    await asking.decide("approve");
    const replies = await Promise.all(Array.from({ length: 50 }, () => gate.call("create_booking", stay("k"))));
    expect(new Set(replies.map(({ structured }) => structured?.["id"]))).toEqual(new Set(["b1"]));
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W3] counts one of two decisions that are made at once (SECURITY 18)", async () => {
    await using asking = await gateThatAsks();
    await asking.gate.call("create_booking", stay("k"));
    const row = await asking.waiting();
    const by = { by: "person:ann", user: "ann", as: "owner", at: Date.now() } as const;
    const verdicts = ["approve", "deny", "approve", "deny"] as const;
    const decided = await Promise.all(
      verdicts.map((verdict) => asking.ledger.approvals.decide(row, { verdict, ...by })),
    );
    expect(decided.filter((each) => each !== undefined)).toHaveLength(1);
  });

  it("[W3] waits for a second person where two have to agree", async () => {
    await using asking = await gateThatAsks({ approval: "two" });
    const { gate, bookings } = asking;
    await gate.call("create_booking", stay("k"));
    const once = await asking.decide("approve", { by: "person:ben", user: "ben", as: "operator" });
    expect(once?.state).toBe("awaiting");
    const { signal } = aborted();
    expect((await gate.call("create_booking", stay("k"), { signal })).code).toBe("approval_pending");
    await asking.decide("approve", { by: "person:cid", user: "cid", as: "operator" });
    expect((await gate.call("create_booking", stay("k"))).structured).toMatchObject({ id: "b1" });
    expect(bookings.effects).toHaveLength(1);
  });

  it("[W3] has its approval back where the write then did nothing", async () => {
    let tries = 0;
    await using asking = await gateThatAsks({
      commit: (plan, ctx) => {
        tries += 1;
        if (tries === 1) throw new CallError("full", "Full at the moment.", { retry: { afterMs: 1 } });
        return asking.bookings.book(plan, ctx);
      },
    });
    const { gate } = asking;
    await gate.call("create_booking", stay("k"));
    await asking.decide("approve");
    expect((await gate.call("create_booking", stay("k"))).code).toBe("full");
    expect((await gate.call("create_booking", stay("k"))).structured).toMatchObject({ id: "b1" });
  });

  it("[W3] leaves the tool's places to others while a person thinks", async () => {
    await using asking = await gateThatAsks({ concurrency: 1 });
    const { gate } = asking;
    await gate.call("create_booking", stay("k"));
    const waiting = gate.call("create_booking", stay("k"));
    await expect.poll(async () => (await gate.call("create_booking", { guest: "Eve" })).code).toBe("approval_pending");
    await asking.ledger.approvals.decide(await waitingOf(asking, "k"), {
      verdict: "approve",
      by: "person:ann",
      user: "ann",
      as: "owner",
      at: Date.now(),
    });
    expect((await waiting).structured).toMatchObject({ id: "b1" });
  });

  it("[W3] is refused where a hundred of one subject wait already", async () => {
    await using asking = await gateThatAsks();
    const { gate } = asking;
    const guests = Array.from({ length: 100 }, (_, index) => `Guest ${index}`);
    await Promise.all(guests.map((guest) => gate.call("create_booking", { guest })));
    expect((await gate.call("create_booking", { guest: "One more" })).code).toBe("approval_unavailable");
    expect((await gate.as("ben").call("create_booking", { guest: "Ben's" })).code).toBe("approval_pending");
  });

  it("[W3] lets a decision through to a call that waits for it", async () => {
    await using asking = await gateThatAsks();
    const { gate } = asking;
    await gate.call("create_booking", stay("k"));
    const second = gate.call("create_booking", stay("k"));
    await asking.decide("approve");
    expect(await second).toMatchObject({ structured: { id: "b1" } });
  });

  it("[W3] survives a restart between approval and write", async () => {
    const folder = await mkdtemp(join(tmpdir(), "callgate-approvals-"));
    {
      await using asking = await gateThatAsks({}, { folder });
      await asking.gate.call("create_booking", stay("k"));
      await asking.decide("approve");
    }
    {
      await using asking = await gateThatAsks({}, { folder });
      expect((await asking.gate.call("create_booking", stay("k"))).structured).toMatchObject({ id: "b1" });
    }
    await rm(folder, { recursive: true });
  });
});

async function waitingOf({ gate }: Asking, key: string): Promise<LedgerRow> {
  return (await gate.gate.store.ledger.find("person:ann", "create_booking", key)) as LedgerRow;
}
