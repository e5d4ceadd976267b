import type { Stop } from "../define/stop.ts";
import { UpstreamError } from "./upstream-error.ts";

export interface PlacesOptions {
  readonly name: string;
  /** Requests at the same time. */
  readonly most: number;
  /** Requests in line for a place; one more is answered `busy`. */
  readonly mostWaiting: number;
}

interface Waiting {
  readonly enter: () => void;
}

/** How many requests a server gets at once, and how many wait: one that is slow fills its own places and no other's. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #line: Waiting[] = [];
  #taken = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /** Takes a place, at once or in line; rejects as `busy`, with nothing sent, where the line is full or the signal aborts. */
  enter(signal: Stop): Promise<void> | undefined {
    if (this.#taken < this.#options.most) {
      this.#taken += 1;
      return undefined;
    }
    if (signal.aborted || this.#line.length >= this.#options.mostWaiting) return Promise.reject(this.#busy());
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        enter: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#line.splice(this.#line.indexOf(waiting), 1);
        reject(this.#busy());
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#line.push(waiting);
    });
  }

  /** Gives a place back: the next in line has it. */
  leave(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#taken -= 1;
    else next.enter();
  }

  #busy(): UpstreamError {
    const words = `${this.#options.name} has as many requests as it gets at once, and no place came free.`;
    return new UpstreamError({ kind: "busy", retryAfterMs: 1_000 }, words);
  }
}
