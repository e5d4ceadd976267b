const FAILURES_TO_OPEN = 5;
const OPEN_MS = 10_000;

/**
 * Stops calls to a backend that has failed five times in a row, for ten seconds; then one call tries.
 * Only failures of the backend itself count, never a refusal or a caller's mistake.
 */
export class Breaker {
  readonly #clock: () => number;
  #failures = 0;
  #openUntil = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** 0 where a call may go now, which while it is open is the one try of its time; else the milliseconds until the next. */
  enter(): number {
    if (this.#failures < FAILURES_TO_OPEN) return 0;
    const wait = this.#openUntil - this.#clock();
    if (wait > 0) return wait;
    this.#openUntil = this.#clock() + OPEN_MS;
    return 0;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures >= FAILURES_TO_OPEN) this.#openUntil = this.#clock() + OPEN_MS;
  }
}
