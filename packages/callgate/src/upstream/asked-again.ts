const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * Does something each time that another side asks for it, but not more often than the gate can afford: at once, then once
 * for all that was asked meanwhile, after a rest that doubles from one second to thirty while the asking goes on.
 */
export class AskedAgain {
  readonly #work: () => void;
  #restMs = FIRST_MS;
  #resting: NodeJS.Timeout | undefined;
  #isAsked = false;

  constructor(work: () => void) {
    this.#work = work;
  }

  ask(): void {
    this.#isAsked = true;
    if (this.#resting === undefined) this.#begin();
  }

  /** Whatever was asked for is not done any more. */
  stop(): void {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    this.#isAsked = false;
    this.#restMs = FIRST_MS;
  }

  #begin(): void {
    this.#isAsked = false;
    this.#resting = setTimeout(() => this.#rested(), this.#restMs).unref();
    this.#work();
  }

  #rested(): void {
    this.#resting = undefined;
    this.#restMs = this.#isAsked ? Math.min(this.#restMs * 2, LONGEST_MS) : FIRST_MS;
    if (this.#isAsked) this.#begin();
  }
}
