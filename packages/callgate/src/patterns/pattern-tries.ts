import { type Group, type Root, type Token, types } from "ret";
import { type CharacterSet, EVERYTHING, intersection } from "./character-set.ts";
import { isLookAround, PatternPlaces, type Place } from "./pattern-places.ts";
import { readPattern } from "./read-pattern.ts";

/** More than patterns need that a person can read; with more, every repetition counts as one that meets all others. */
const MOST_MEETINGS = 300_000;

/** What a text of so many characters may cost at worst, in steps of the engine. */
export type Tries = (length: number) => number;

/** Base64 for addresses as zod has it: what follows the repetition is three characters at most, which is not seen here. */
const BASE64_URL = "^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$";

const known = new Map<string, Tries | undefined>([[BASE64_URL, undefined]]);
const MOST_KNOWN = 1_000;
const LONGEST_KEPT = 1_000;

/**
 * How often a safe pattern may try the characters of a text: repetitions that follow each other and may take the same
 * share it in as many ways as one can choose their ends. Undefined for most patterns, which take each character once.
 */
export function triesFor(pattern: string): Tries | undefined {
  if (known.has(pattern)) return known.get(pattern);
  const degree = degreeOf(pattern);
  const tries = degree <= 1 ? undefined : (length: number) => choices(length, degree);
  if (known.size < MOST_KNOWN && pattern.length <= LONGEST_KEPT) known.set(pattern, tries);
  return tries;
}

/** In how many ways a length falls into so many parts and a rest. */
function choices(length: number, parts: number): number {
  let ways = 1;
  for (let part = 1; part <= parts; part += 1) ways *= (length + part) / part;
  return ways;
}

function degreeOf(pattern: string): number {
  const root = withoutEnd(readPattern(pattern));
  const places = new PatternPlaces(root, { loose: true });
  const start: Place = { takes: EVERYTHING, next: [] };
  start.next.push(start, ...places.first);
  const loops = loopsOf(isAnchored(root) ? places.heads : [start, ...places.heads]);
  return longestChain(loops) + looksWithin(root);
}

/** A repetition at the very end is content with its fewest rounds: nothing after it can fail. */
function withoutEnd(root: Root): Root {
  const last = root.stack?.at(-1);
  if (root.stack === undefined || last?.type !== types.REPETITION) return root;
  const before = root.stack.slice(0, -1);
  if (last.min === 0) return withoutEnd({ ...root, stack: before });
  return { ...root, stack: [...before, { ...last, max: last.min }] };
}

function isAnchored({ options, stack = [] }: Root): boolean {
  return (options ?? [stack]).every(([first]) => first?.type === types.POSITION && first.value === "^");
}

/** Looking around at the start happens once; anywhere else perhaps at each character. */
function looksWithin({ options, stack = [] }: Root | Group): number {
  const counts = (options ?? [stack]).map((tokens) => {
    const begin = tokens.findIndex((token) => token.type !== types.POSITION && !isLook(token));
    return tokens.reduce((sum, token, at) => sum + looksIn(token, begin >= 0 && at >= begin), 0);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

function looksIn(token: Token, counts: boolean): number {
  if (token.type === types.REPETITION) return looksIn(token.value, true);
  if (token.type !== types.GROUP) return 0;
  if (isLook(token)) return (counts ? 1 : 0) + looksWithin(token);
  // Its own start is not the start of all.
  return (token.options ?? [token.stack ?? []]).flat().reduce((sum, each) => sum + looksIn(each, true), 0);
}

function isLook(token: Token): boolean {
  return token.type === types.GROUP && isLookAround(token);
}

interface Loop {
  readonly places: ReadonlySet<Place>;
  /** All that is reached from it, itself included. */
  readonly ahead: ReadonlySet<Place>;
}

/** Repetitions, those that lie in each other as one. */
function loopsOf(heads: readonly Place[]): readonly Loop[] {
  const ahead = new Map(heads.map((head) => [head, reachedFrom(head)]));
  const loops: Loop[] = [];
  for (const [head, reached] of ahead) {
    if (loops.some(({ places }) => places.has(head))) continue;
    const places = new Set([...reached].filter((place) => place === head || reachedFrom(place).has(head)));
    loops.push({ places, ahead: reached });
  }
  return loops;
}

function reachedFrom(start: Place): ReadonlySet<Place> {
  const reached = new Set<Place>();
  const open = [start];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const next of place.next) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}

/** The most repetitions one after the other of which each may take what the one before it takes. */
function longestChain(loops: readonly Loop[]): number {
  const budget = { meetings: MOST_MEETINGS };
  const lengths = new Map<Loop, number>();
  const lengthTo = (loop: Loop): number => {
    let length = lengths.get(loop);
    if (length !== undefined) return length;
    length = 1;
    for (const before of loops) {
      if (before === loop || ![...loop.places].some((place) => before.ahead.has(place))) continue;
      length = Math.max(length, lengthTo(before) + (meet(before, loop, budget) ? 1 : 0));
    }
    lengths.set(loop, length);
    return length;
  };
  return Math.max(0, ...loops.map(lengthTo));
}

/** Whether some text leads round in the one, round in the other, and from the one to the other. */
function meet(one: Loop, other: Loop, budget: { meetings: number }): boolean {
  return [...one.places].some((begin) => [...other.places].some((end) => meetAt({ one, begin, other, end }, budget)));
}

interface Meeting {
  readonly one: Loop;
  readonly begin: Place;
  readonly other: Loop;
  readonly end: Place;
}

function meetAt({ one, begin, other, end }: Meeting, budget: { meetings: number }): boolean {
  const seen = new Map<Place, Map<Place, Set<Place>>>();
  const open: (readonly [Place, Place, Place])[] = [[begin, begin, end]];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [inOne, between, inOther] = at;
    for (const [first, second, taken] of steps(
      inOne.next.filter((each) => one.places.has(each)),
      between.next,
    )) {
      for (const third of inOther.next) {
        if (--budget.meetings < 0) return true;
        if (!other.places.has(third) || intersection(taken, third.takes).length === 0) continue;
        if (first === begin && second === end && third === end) return true;
        if (isNew(seen, [first, second, third])) open.push([first, second, third]);
      }
    }
  }
  return false;
}

function isNew(
  seen: Map<Place, Map<Place, Set<Place>>>,
  [first, second, third]: readonly [Place, Place, Place],
): boolean {
  const bySecond = seen.get(first) ?? new Map<Place, Set<Place>>();
  seen.set(first, bySecond);
  const thirds = bySecond.get(second) ?? new Set<Place>();
  bySecond.set(second, thirds);
  if (thirds.has(third)) return false;
  thirds.add(third);
  return true;
}

/** Pairs of places that take the same, and what both take. */
function steps(some: readonly Place[], others: readonly Place[]): readonly (readonly [Place, Place, CharacterSet])[] {
  return some.flatMap((one) =>
    others.flatMap((other) => {
      const taken = intersection(one.takes, other.takes);
      return taken.length === 0 ? [] : [[one, other, taken] as const];
    }),
  );
}
