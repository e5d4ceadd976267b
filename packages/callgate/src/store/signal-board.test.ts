import { describe, expect, it, vi } from "vitest";
import { SignalBoard } from "./signal-board.ts";
import type { HeardSignal } from "./signals-port.ts";

describe("a board of signals", () => {
  it("sends together what comes while the sending before is under way, equal signals once", async () => {
    const sent: (readonly string[])[] = [];
    const gate = Promise.withResolvers<void>();
    const board = new SignalBoard(async (bodies) => {
      sent.push(bodies);
      if (sent.length === 1) await gate.promise;
    });
    board.publish({ topic: "keys-changed" });
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    for (const task of ["a", "b", "a", "a"]) board.publish({ topic: "task-cancel-requested", task });
    gate.resolve();
    await board.close();
    const cancel = (task: string) => JSON.stringify({ topic: "task-cancel-requested", task });
    expect(sent).toEqual([[JSON.stringify({ topic: "keys-changed" })], [cancel("a"), cancel("b")]]);
  });

  it("tells the others that something is missing, once a store that was away answers again", async () => {
    const sent: string[] = [];
    let isAway = true;
    const board = new SignalBoard(async (bodies) => {
      if (isAway) throw new Error("the store is away");
      sent.push(...bodies);
    });
    board.publish({ topic: "keys-changed" });
    board.publish({ topic: "graduation-changed", domain: "stays" });
    await Promise.resolve();
    isAway = false;
    await vi.waitFor(() => expect(sent).toEqual(['{"topic":"missed"}']), { timeout: 30_000 });
    await board.close();
  });

  it("takes what it does not know for a sign that something is missing", () => {
    const heard: HeardSignal[] = [];
    const board = new SignalBoard(() => Promise.resolve());
    board.subscribe((each) => void heard.push(each));
    for (const body of ['{"topic":"of-a-later-version"}', '{"topic":"toString"}', "[", "7", '{"topic":"keys-changed"}'])
      board.receive(body);
    const missed = { topic: "missed" };
    expect(heard).toEqual([missed, missed, missed, missed, { topic: "keys-changed" }]);
  });

  it("goes on when a listener throws", async () => {
    const warned = new Promise((resolve) => process.once("warning", resolve));
    const heard: HeardSignal[] = [];
    const board = new SignalBoard(() => Promise.resolve());
    board.subscribe(() => {
      throw new Error("not me");
    });
    board.subscribe((each) => void heard.push(each));
    board.publish({ topic: "keys-changed" });
    expect(heard).toHaveLength(1);
    expect(String(await warned)).toContain("not me");
    await board.close();
  });
});
