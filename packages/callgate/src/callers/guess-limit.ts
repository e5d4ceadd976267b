import type { Rate } from "../define/backend.ts";
import { RateLimit } from "../limits/rate-limit.ts";

const MOST_BLOCKED = 10_000;

/** Wrong credentials by address. Whoever guesses too often is not even asked about for a while. */
export class GuessLimit {
  readonly #rate: RateLimit;
  readonly #clock: () => number;
  readonly #blockedUntil = new Map<string, number>();

  constructor(rate: Rate, clock: () => number) {
    this.#rate = new RateLimit(rate, clock);
    this.#clock = clock;
  }

  /** Milliseconds for which further credentials from this address are not looked at; 0 where they are. */
  waitFor(address: string | undefined): number {
    if (this.#blockedUntil.size === 0) return 0;
    return Math.max(0, (this.#blockedUntil.get(guesser(address)) ?? 0) - this.#clock());
  }

  /** Counts a wrong one; 0, or the milliseconds to wait where it was one too many. */
  wrong(address: string | undefined): number {
    const key = guesser(address);
    const wait = this.#rate.take(key);
    if (wait > 0) {
      if (this.#blockedUntil.size >= MOST_BLOCKED) this.#forgetOver();
      this.#blockedUntil.set(key, this.#clock() + wait);
    }
    return wait;
  }

  #forgetOver(): void {
    const now = this.#clock();
    for (const [key, until] of this.#blockedUntil) {
      if (until <= now || this.#blockedUntil.size >= MOST_BLOCKED) this.#blockedUntil.delete(key);
    }
  }
}

/** An IPv4 address as it is; of an IPv6 address the /64 network, which one household has to itself. */
function guesser(address = "unknown"): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.split("%", 1)[0]?.split("::") ?? [];
  const start = head === "" ? [] : head.split(":");
  const end = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : Math.max(0, 8 - start.length - end.length);
  return [...start, ...Array<string>(gap).fill("0"), ...end].slice(0, 4).join(":");
}
