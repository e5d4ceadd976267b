const FAILURES_TO_OPEN = 5;
const OPEN_MS = 10_000;

/**
 * Stops calls to a backend that has failed five times in a row, for ten seconds or until it is heard of; then one call
 * tries. Only failures of the backend itself count, never a refusal or a caller's mistake.
 */
export class Breaker {
  readonly #clock: () => number;
  #failures = 0;
  #openUntil = 0;
  #wasHeardOf = false;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#failures >= FAILURES_TO_OPEN;
  }

  /** 0 where a call may go now, which while it is open is the one try of its time; else the milliseconds until the next. */
  enter(): number {
    if (!this.isOpen) return 0;
    const wait = this.#openUntil - this.#clock();
    if (wait > 0) return wait;
    this.#openUntil = this.#clock() + OPEN_MS;
    return 0;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#wasHeardOf = false;
  }

  failed(): void {
    this.#failures += 1;
    if (this.isOpen) this.#openUntil = this.#clock() + OPEN_MS;
  }

  /**
   * The backend says that it is well: the next call need not wait for its time. Believed once, until a call has succeeded:
   * one that says so and fails all the same is left alone like any other.
   */
  heardOf(): void {
    if (!this.isOpen || this.#wasHeardOf) return;
    this.#wasHeardOf = true;
    this.#openUntil = 0;
  }
}
