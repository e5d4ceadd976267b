import type { UpstreamError } from "./upstream-error.ts";

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;

/** How it went to reach a server, over all connections to it: each failure puts the next try off for longer. */
export class Tries {
  readonly #longestDelayMs: number;
  #failures = 0;
  #next = 0;
  #lastError: UpstreamError | undefined;

  /** Tries come at most so far apart, whatever has failed before; 30 seconds unless said otherwise. */
  constructor(longestDelayMs: number = LONGEST_DELAY_MS) {
    this.#longestDelayMs = longestDelayMs;
  }

  /** Why the last one failed; undefined while the server is there. */
  get lastError(): UpstreamError | undefined {
    return this.#lastError;
  }

  /** Until the next one may be made. */
  get waitMs(): number {
    return this.#next - performance.now();
  }

  succeeded(): void {
    this.#lastError = undefined;
  }

  /** What began has lasted: its end is no reason to wait. */
  lasted(): void {
    this.#failures = 0;
  }

  /** The first try after a session that was well comes at once; each after that comes later. */
  failed(error: UpstreamError): void {
    this.#lastError = error;
    if (this.#failures > 0)
      this.#next = performance.now() + Math.min(FIRST_DELAY_MS * 2 ** (this.#failures - 1), this.#longestDelayMs);
    this.#failures += 1;
  }
}
