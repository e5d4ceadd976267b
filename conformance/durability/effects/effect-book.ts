import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Effect, Wish } from "./effect.ts";

/** The effects that took place: a line each, on disk before anybody hears of it. */
export class EffectBook {
  readonly #file: number;
  readonly #byKey = new Map<string, Effect>();
  readonly #forgetsKeys: boolean;
  #count = 0;

  /** `forgetsKeys` makes a world that breaks its word: what it says to take once, it takes as often as it comes. */
  constructor(path: string, { forgetsKeys }: { readonly forgetsKeys: boolean }) {
    this.#file = openSync(path, "ax", 0o600);
    this.#forgetsKeys = forgetsKeys;
  }

  /** Makes the effect, or finds the one that there is for this key. */
  make({ key, story, tool, takesKey }: Wish): Effect {
    const known = takesKey && !this.#forgetsKeys ? this.#byKey.get(key) : undefined;
    if (known !== undefined) return known;
    this.#count += 1;
    const effect: Effect = { id: this.#count, key, story, tool };
    writeSync(this.#file, `${JSON.stringify(effect)}\n`);
    fdatasyncSync(this.#file);
    this.#byKey.set(key, effect);
    return effect;
  }

  find(key: string): Effect | undefined {
    return this.#byKey.get(key);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Every effect of a book, in order. */
export function readEffects(path: string): readonly Effect[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Effect);
}
