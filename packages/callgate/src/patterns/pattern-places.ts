import { type Group, type Repetition, type Root, type Token, types } from "ret";
import { type CharacterSet, EVERYTHING, toCharacterSet } from "./character-set.ts";

/** A place of a pattern that takes one character, and the places that may take the next one: each as often as there are ways to it. */
export interface Place {
  readonly takes: CharacterSet;
  readonly next: Place[];
}

/** A part of a pattern: where it may begin and end, and in how many ways it takes nothing (two stands for more). */
interface Part {
  readonly first: readonly Place[];
  readonly last: readonly Place[];
  readonly empty: number;
}

/** A repetition of a fixed number of rounds is written out up to so many; a longer one counts as one without end. */
const MOST_ROUNDS = 64;
const MOST_PLACES = 4_000;

interface PlacesOptions {
  /** What may be left out counts as what may be repeated, for many of them in a row cost as much. */
  readonly loose?: boolean;
  /** How many places it may have. */
  readonly most?: number;
}

/**
 * A pattern as a backtracking engine goes through it, with each look around and each fixed repetition (as one without
 * end) as patterns of their own. Throws where it has too many places.
 */
export class PatternPlaces {
  /** Where the rounds of repetitions begin: every way from a place back to it goes by one of them. */
  readonly heads: Place[] = [];
  /** Where a text may begin. */
  readonly first: readonly Place[];
  readonly #all: Place[] = [];
  readonly #loose: boolean;
  readonly #most: number;

  constructor(root: Root, { loose = false, most = MOST_PLACES }: PlacesOptions = {}) {
    this.#loose = loose;
    this.#most = most;
    this.first = this.#choice(root).first;
  }

  /** In how many ways one place follows another. */
  get ways(): number {
    return this.#all.reduce((sum, { next }) => sum + next.length, 0);
  }

  #choice({ options, stack = [] }: Root | Group): Part {
    const parts = (options ?? [stack]).map((tokens) => this.#sequence(tokens));
    return {
      first: parts.flatMap(({ first }) => first),
      last: parts.flatMap(({ last }) => last),
      empty: ways(parts.reduce((sum, { empty }) => sum + empty, 0)),
    };
  }

  #sequence(tokens: readonly Token[]): Part {
    return tokens.map((token) => this.#part(token)).reduce(joined, NOTHING);
  }

  #part(token: Token): Part {
    switch (token.type) {
      case types.POSITION:
        return NOTHING;
      case types.REFERENCE:
        return this.#endless(this.#place(EVERYTHING));
      case types.REPETITION:
        return this.#repetition(token);
      case types.GROUP:
        return isLookAround(token) ? (this.#choice(token), NOTHING) : this.#choice(token);
      default:
        return this.#place(toCharacterSet(token));
    }
  }

  #repetition({ min, max, value }: Repetition): Part {
    if (max === 0) return NOTHING;
    if (max === 1 && min === 1) return this.#part(value);
    if (max === 1 && !this.#loose) return { ...this.#part(value), empty: 1 };
    // On their own, for no more than a few rounds of a choice between two ways are too many as well.
    const endless = this.#endless(this.#part(value));
    if (min === max && min <= MOST_ROUNDS) {
      return Array.from({ length: min }, () => this.#part(value)).reduce(joined, NOTHING);
    }
    return min === 0 ? endless : joined(this.#part(value), endless);
  }

  /** Any number of rounds; one that takes nothing is not gone, as the language has it. */
  #endless(part: Part): Part {
    link(part, part);
    this.heads.push(...part.first);
    return { ...part, empty: 1 };
  }

  #place(takes: CharacterSet): Part {
    if (this.#all.length >= this.#most) throw new RangeError(`a pattern has more than ${this.#most} places`);
    const place: Place = { takes, next: [] };
    this.#all.push(place);
    return { first: [place], last: [place], empty: 0 };
  }
}

const NOTHING: Part = { first: [], last: [], empty: 1 };

function joined(one: Part, other: Part): Part {
  link(one, other);
  return {
    first: atMostTwice([...one.first, ...times(other.first, one.empty)]),
    last: atMostTwice([...other.last, ...times(one.last, other.empty)]),
    empty: ways(one.empty * other.empty),
  };
}

function link(one: Part, other: Part): void {
  for (const place of one.last) place.next.push(...other.first);
}

function times(places: readonly Place[], count: number): readonly Place[] {
  return count === 2 ? [...places, ...places] : count === 1 ? places : [];
}

/** Two ways are as bad as many, and do not double with each part. */
function atMostTwice(places: readonly Place[]): readonly Place[] {
  return places.filter((place, at) => {
    const before = places.indexOf(place);
    return before === at || places.indexOf(place, before + 1) === at;
  });
}

function ways(count: number): number {
  return Math.min(count, 2);
}

export function isLookAround({ followedBy, notFollowedBy, lookBehind }: Group): boolean {
  return followedBy === true || notFollowedBy === true || lookBehind === true;
}
