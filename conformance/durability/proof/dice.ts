import { hash } from "node:crypto";

const RANGE = 2 ** 48;

/** Chance that can be had again: the same seed gives the same throws, on every machine. */
export class Dice {
  readonly #seed: string;
  #thrown = 0;

  constructor(seed: string | number) {
    this.#seed = String(seed);
  }

  /** Dice of their own, which depend on seed and name alone and not on how often these here were thrown. */
  named(name: string): Dice {
    return new Dice(`${this.#seed}/${name}`);
  }

  /** From 0 up to, but not, 1. */
  throw(): number {
    const digest = hash("sha256", `${this.#seed}#${this.#thrown++}`, "hex");
    return Number.parseInt(digest.slice(0, 12), 16) / RANGE;
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.throw() * (to - from + 1));
  }

  /** True so often out of one. */
  chance(share: number): boolean {
    return this.throw() < share;
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.whole(0, values.length - 1)];
    if (value === undefined) throw new Error("there is nothing to pick from");
    return value;
  }

  shuffle<Value>(values: readonly Value[]): Value[] {
    return values
      .map((value) => ({ value, place: this.throw() }))
      .toSorted((one, other) => one.place - other.place)
      .map(({ value }) => value);
  }

  /** Text of so many bytes in hex: for ids and keys. */
  hex(bytes: number): string {
    return hash("sha256", `${this.#seed}#${this.#thrown++}`, "hex").slice(0, bytes * 2);
  }
}
