const WHOLE = 1_000_000;

/** The part of every rate that is this replica's own while Redis is away, and time as that part sees it. */
export class Share {
  readonly #now: () => number;
  readonly #untold: number;
  #millionths = 0;
  #elapsed = 0;
  #at: number;

  /** `untold`: the part, from 0 to 1, as long as Redis has told none. */
  constructor(now: () => number, untold: number) {
    this.#now = now;
    this.#untold = untold;
    this.#at = now();
  }

  /** From 0 to 1. */
  get part(): number {
    return this.#millionths === 0 ? this.#untold : this.#millionths / WHOLE;
  }

  /** As Redis has told it. */
  get millionths(): number {
    return this.#millionths;
  }

  set millionths(told: number) {
    this.#elapsed = this.time();
    this.#at = this.#now();
    this.#millionths = told;
  }

  /** Milliseconds since this replica began, each as long as the part is large: a third of a rate is a rate in a third of the time. */
  time(): number {
    return this.#elapsed + Math.max(0, this.#now() - this.#at) * this.part;
  }
}
