import type { Rate } from "../define/backend.ts";
import { RateLimit } from "../limits/rate-limit.ts";

/** Wrong credentials by address. Who guesses too often is not looked at for a while. */
export class GuessLimit {
  readonly #rate: RateLimit;

  constructor(rate: Rate, clock: () => number) {
    this.#rate = new RateLimit(rate, clock);
  }

  /** Milliseconds for which further credentials from this address are not looked at; 0 where they are. */
  waitFor(address: string | undefined): number {
    return this.#rate.waitFor(guesser(address));
  }

  /** Counts a wrong one; 0, or the milliseconds to wait where it was one too many. */
  wrong(address: string | undefined): number {
    return this.#rate.take(guesser(address));
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
