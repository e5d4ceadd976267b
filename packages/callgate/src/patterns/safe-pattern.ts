import { overlap } from "./character-set.ts";
import { PatternPlaces, type Place } from "./pattern-places.ts";
import { readPattern } from "./read-pattern.ts";

/** Tools by the hundred have the same few patterns, those of dates and addresses; a date's takes a fifth of a millisecond. */
const judged = new Map<string, boolean>();
const MOST_JUDGED = 1_000;
const LONGEST_KEPT = 1_000;

/**
 * Whether a pattern takes no more than polynomial time: nowhere in it may one text lead from a place back to it in two
 * ways, for each further round would double them. A pattern that cannot be read is not safe.
 */
export function isSafePattern(pattern: string): boolean {
  const known = judged.get(pattern);
  if (known !== undefined) return known;
  const isSafe = judge(pattern);
  if (judged.size >= MOST_JUDGED) judged.clear();
  if (pattern.length <= LONGEST_KEPT) judged.set(pattern, isSafe);
  return isSafe;
}

function judge(pattern: string): boolean {
  try {
    return isUnambiguous(new PatternPlaces(readPattern(pattern)).heads);
  } catch {
    return false;
  }
}

/** Two places that take the same text, step by step. */
interface Pair {
  readonly one: Place;
  readonly other: Place;
  readonly after: Pair[];
  readonly before: Pair[];
}

/** More steps than any pattern needs that a person can read; they take up to a second. */
const MOST_STEPS = 10_000_000;

function isUnambiguous(heads: readonly Place[]): boolean {
  const budget = { steps: MOST_STEPS };
  const settled = new Set<Place>();
  for (const head of heads) {
    if (settled.has(head)) continue;
    const loop = pairsOnTheWayBack(head, budget);
    if (loop.some(({ one, other }) => one !== other)) return false;
    // Places that lead to each other all stand in the loop of the first of them.
    const places = new Set(loop.map(({ one }) => one));
    for (const place of places) {
      if (hasTwice(place.next, places)) return false;
      settled.add(place);
    }
  }
  return true;
}

/** All pairs that are reached from this place beside itself, and from which it is reached again. */
function pairsOnTheWayBack(place: Place, budget: { steps: number }): readonly Pair[] {
  const known = new Map<Place, Map<Place, Pair>>();
  const pairOf = (one: Place, other: Place): Pair => {
    const beside = known.get(one) ?? new Map<Place, Pair>();
    known.set(one, beside);
    const pair = beside.get(other) ?? { one, other, after: [], before: [] };
    beside.set(other, pair);
    return pair;
  };
  const start = pairOf(place, place);
  const ahead = reach(start, (pair) => {
    budget.steps -= pair.one.next.length * pair.other.next.length;
    if (budget.steps < 0) throw new RangeError("a pattern has too many ways");
    const others = new Set(pair.other.next);
    for (const one of new Set(pair.one.next)) {
      for (const other of others) {
        if (!overlap(one.takes, other.takes)) continue;
        const next = pairOf(one, other);
        pair.after.push(next);
        next.before.push(pair);
      }
    }
    return pair.after;
  });
  const back = reach(start, ({ before }) => before);
  return [...ahead].filter((pair) => back.has(pair));
}

/** Everything that is reached in one step or more. */
function reach(start: Pair, stepsFrom: (pair: Pair) => readonly Pair[]): Set<Pair> {
  const reached = new Set<Pair>();
  const open = [start];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    for (const next of stepsFrom(pair)) {
      if (reached.has(next)) continue;
      reached.add(next);
      if (next !== start) open.push(next);
    }
  }
  return reached;
}

/** Whether one of these places comes more than once. */
function hasTwice(places: readonly Place[], these: ReadonlySet<Place>): boolean {
  const within = places.filter((place) => these.has(place));
  return new Set(within).size < within.length;
}
