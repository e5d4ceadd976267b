/** Calls that are under way, in no order. Not a `Set`, for the reason that `InFlight` gives. */
export class UnderWay<Call> implements Iterable<Call> {
  readonly #calls: Call[] = [];

  get size(): number {
    return this.#calls.length;
  }

  add(call: Call): void {
    this.#calls.push(call);
  }

  /** False where it was not there. */
  delete(call: Call): boolean {
    const at = this.#calls.indexOf(call);
    const last = this.#calls.at(-1);
    if (at === -1 || last === undefined) return false;
    this.#calls[at] = last;
    this.#calls.pop();
    return true;
  }

  clear(): void {
    this.#calls.length = 0;
  }

  [Symbol.iterator](): IterableIterator<Call> {
    return this.#calls.values();
  }
}
