const MOST_LINES = 100;
const WINDOW_MS = 10_000;

/** Lets a hundred lines of one kind into the log in ten seconds, and counts the rest. */
export class LogWindow {
  readonly #onLeftOut: (lines: number) => void;
  #ends = 0;
  #lines = 0;
  #leftOut = 0;
  #telling: NodeJS.Timeout | undefined;

  /** `onLeftOut` is told how many were left out, once those ten seconds are over. */
  constructor(onLeftOut: (lines: number) => void) {
    this.#onLeftOut = onLeftOut;
  }

  /** Whether one more line is logged. */
  takes(): boolean {
    const now = performance.now();
    if (now >= this.#ends) this.#begin(now + WINDOW_MS);
    this.#lines += 1;
    if (this.#lines <= MOST_LINES) return true;
    this.#leftOut += 1;
    this.#telling ??= setTimeout(() => this.end(), this.#ends - now).unref();
    return false;
  }

  /** Nothing follows: tells what was left out. */
  end(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    if (this.#leftOut > 0) this.#onLeftOut(this.#leftOut);
    this.#leftOut = 0;
  }

  #begin(ends: number): void {
    this.end();
    this.#ends = ends;
    this.#lines = 0;
  }
}
