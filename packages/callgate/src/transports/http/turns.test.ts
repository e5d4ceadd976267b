import { beforeEach, describe, expect, it } from "vitest";
import { Turns, type WaitingRequest } from "./turns.ts";

describe("turns", () => {
  let now: number;
  let planned: (() => void)[];
  let turns: Turns;
  let said: string[];
  beforeEach(() => {
    now = 0;
    planned = [];
    said = [];
    turns = new Turns({ mostBytes: 100, clock: () => now, nextTurn: (work) => void planned.push(work) });
  });

  const waiting = (name: string, { takes = 0, isWanted = true, bytes = 0 } = {}): WaitingRequest => ({
    bytes,
    isWanted: () => isWanted,
    begin: () => {
      said.push(name);
      now += takes;
    },
    refuse: () => void said.push(`no ${name}`),
  });
  /** What the event loop does behind the callbacks of one turn. */
  const nextTurn = (): void => {
    for (const work of planned.splice(0)) work();
  };
  /** Somebody computes for longer than a turn is; the line forms behind it. */
  const fill = (...behind: readonly WaitingRequest[]): void => {
    expect(turns.mayBegin()).toBe(true);
    now += 100;
    for (const request of behind) turns.wait(request);
    nextTurn();
  };

  it("let a request begin as it comes, for as long as a turn has time", () => {
    for (let index = 0; index < 100; index += 1) {
      expect(turns.mayBegin()).toBe(true);
      now += 0.01;
    }
    now += 10;
    expect(turns.mayBegin()).toBe(false);
    nextTurn();
    expect(turns.mayBegin()).toBe(true);
  });

  it("take who waits in the order of their coming, a turn's worth at a time, and nobody before them", () => {
    fill(...["a", "b", "c", "d"].map((name) => waiting(name, { takes: 3 })));
    nextTurn();
    expect(said).toEqual(["a", "b"]);
    expect(turns.mayBegin()).toBe(false);
    nextTurn();
    expect(said).toEqual(["a", "b", "c", "d"]);
    expect(turns.mayBegin()).toBe(true);
  });

  /** Lets one come for each that is served until no more are let in; gives how many turns the line has been there by then. */
  const stand = (): number => {
    fill(...Array.from({ length: 15 }, () => waiting("first", { takes: 60 })));
    let count = 1;
    for (; turns.wait(waiting("then", { takes: 60 })); count += 1) nextTurn();
    said.length = 0;
    return count;
  };

  it("let in no more than fit", () => {
    expect(turns.mayBegin()).toBe(true);
    for (let index = 0; index < 4_096; index += 1) expect(turns.wait(waiting("x"))).toBe(true);
    expect(turns.wait(waiting("x"))).toBe(false);
  });

  it("let in no more bytes than fit, whoever comes alone, and others once those have begun or gone", () => {
    expect(turns.mayBegin()).toBe(true);
    expect(turns.wait(waiting("alone", { bytes: 200 }))).toBe(true);
    expect(turns.wait(waiting("one more", { bytes: 1 }))).toBe(false);
    nextTurn();
    nextTurn();
    expect(said).toEqual(["alone"]);
    fill(waiting("a", { bytes: 60 }), waiting("gone", { bytes: 40, isWanted: false }));
    expect(turns.wait(waiting("b", { bytes: 1 }))).toBe(false);
    nextTurn();
    expect(said).toEqual(["alone", "a"]);
    nextTurn();
    fill(waiting("c", { bytes: 100 }));
    expect(turns.wait(waiting("d", { bytes: 1 }))).toBe(false);
  });

  it("let nobody join a line that has stood for a second and twenty turns, and whose first has waited for long", () => {
    const count = stand();
    expect(count).toBeGreaterThanOrEqual(20);
    expect(count).toBeLessThan(25);
  });

  it("refuse who has waited too long in it to be helped, and forget who has gone", () => {
    stand();
    now += 200;
    nextTurn();
    expect(said[0]).toBe("no then");
    for (let turn = 0; turn < 40; turn += 1) nextTurn();
    expect(turns.waiting).toBe(0);
    said.length = 0;
    fill(waiting("gone", { isWanted: false }), waiting("new"));
    for (let turn = 0; turn < 2; turn += 1) nextTurn();
    expect(said).toEqual(["new"]);
  });

  it("serve everybody whom a single hold-up has kept waiting, however long it was", () => {
    fill(waiting("a", { takes: 5_000 }), waiting("b"));
    nextTurn();
    expect(turns.wait(waiting("c"))).toBe(true);
    for (let turn = 0; turn < 4; turn += 1) nextTurn();
    expect(said).toEqual(["a", "b", "c"]);
  });

  it("give new connections the next turns, and requests one again after ten milliseconds", () => {
    fill(waiting("a"), waiting("b", { takes: 6 }), waiting("c"));
    for (let turn = 0; turn < 3; turn += 1) {
      turns.connected();
      nextTurn();
      expect(said).toEqual(["a", "b"]);
    }
    now += 4;
    turns.connected();
    nextTurn();
    nextTurn();
    expect(said).toEqual(["a", "b", "c"]);
  });
});
