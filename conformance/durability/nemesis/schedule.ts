import type { Dice } from "../proof/dice.ts";
import { type FaultPoint, faultPoints } from "../replica/setting.ts";
import type { StoreName } from "../stores/open-tried-store.ts";
import type { Fault, FaultKind, Strike } from "./fault.ts";

export interface ScheduleOptions {
  readonly dice: Dice;
  readonly ms: number;
  readonly replicas: number;
  readonly store: StoreName;
  /** Whether the replicas count together. */
  readonly hasRedis: boolean;
}

/** Longer than a write's lease: whoever wakes after that finds that others went on without it. */
const LONG_PAUSE_MS = 8_500;
const FIRST_AFTER_MS = 300;

/** How often each kind of fault is dealt before all begin anew. */
const common: readonly FaultKind[] = [
  ...Array.from({ length: faultPoints.length }, () => "kill-at" as const),
  "kill",
  "end",
  "pause",
  "pause",
  "clock",
  "clock",
  "outside",
  "outside",
];
const ofStore: Readonly<Record<StoreName, readonly FaultKind[]>> = {
  sqlite: ["full-disk", "slow-store"],
  postgres: ["database", "slow-store", "database"],
};

const redis: readonly FaultKind[] = ["redis", "redis"];

/** What goes wrong in a run, and when: known before it begins, by its dice alone. Every kind comes up, then all again. */
export function scheduleFaults({ dice, ms, replicas, store, hasRedis }: ScheduleOptions): readonly Strike[] {
  const kinds = new Deck(dice.named("kinds"), [...common, ...ofStore[store], ...(hasRedis ? redis : [])]);
  const points = new Deck(dice.named("points"), faultPoints);
  const choice = dice.named("choices");
  const strikes: Strike[] = [];
  for (let at = FIRST_AFTER_MS; at < ms; at += choice.whole(300, 1_500))
    strikes.push({ at, fault: toFault(kinds.deal(), { choice, replica: choice.whole(0, replicas - 1), points }) });
  return strikes;
}

interface Choosing {
  readonly choice: Dice;
  readonly replica: number;
  readonly points: Deck<FaultPoint>;
}

function toFault(kind: FaultKind, { choice, replica, points }: Choosing): Fault {
  switch (kind) {
    case "kill-at":
      return { kind, replica, point: points.deal(), passing: choice.whole(1, 5) };
    case "kill":
    case "end":
      return { kind, replica };
    case "pause":
      return { kind, replica, ms: choice.chance(0.3) ? LONG_PAUSE_MS : choice.whole(200, 3_000) };
    case "clock":
      return { kind, replica, aheadMs: choice.whole(-20_000, 20_000), ms: choice.whole(500, 5_000) };
    case "outside":
      return {
        kind,
        mood: choice.pick(["slow", "breaks_before", "breaks_after"] as const),
        ms: choice.whole(200, 1_000),
      };
    case "full-disk":
      return { kind, replica, ms: choice.whole(500, 2_000) };
    case "slow-store":
      return { kind, ms: choice.whole(300, 2_500) };
    case "redis":
      return { kind, how: choice.pick(["kill", "hang"] as const), ms: choice.whole(500, 3_000) };
    case "database":
      return { kind, how: choice.pick(["restart", "kill"] as const) };
  }
}

/** Deals every card once before any comes up again. */
class Deck<Card> {
  readonly #dice: Dice;
  readonly #cards: readonly Card[];
  #left: Card[] = [];

  constructor(dice: Dice, cards: readonly Card[]) {
    this.#dice = dice;
    this.#cards = cards;
  }

  deal(): Card {
    if (this.#left.length === 0) this.#left = this.#dice.shuffle(this.#cards);
    const card = this.#left.pop();
    if (card === undefined) throw new Error("a deck without cards");
    return card;
  }
}
