import type { Rate } from "../define/backend.ts";
import { parseRate } from "../limits/rate-limit.ts";

const MOST_GUESSERS = 20_000;

/** Wrong credentials by address (GCRA, as rates are). Who guesses too often is not looked at for a while. */
export class GuessLimit {
  readonly #intervalMs: number;
  readonly #slackMs: number;
  readonly #clock: () => number;
  /** When each guesser's account is even again; the one who guessed last stands last. */
  readonly #evenAt = new Map<string, number>();

  constructor(rate: Rate, clock: () => number) {
    const { intervalMs, burst } = parseRate(rate);
    this.#intervalMs = intervalMs;
    this.#slackMs = intervalMs * (burst - 1);
    this.#clock = clock;
  }

  /** Milliseconds for which further credentials from this address are not looked at; 0 where they are. */
  waitFor(address: string | undefined): number {
    return this.#waitOf(guesser(address));
  }

  /** Counts a wrong one; 0, or the milliseconds to wait where it was one too many. */
  wrong(address: string | undefined): number {
    const key = guesser(address);
    const wait = this.#waitOf(key);
    if (wait > 0) return wait;
    const evenAt = Math.max(this.#evenAt.get(key) ?? 0, this.#clock()) + this.#intervalMs;
    this.#evenAt.delete(key);
    if (this.#evenAt.size >= MOST_GUESSERS) this.#forgetOldest();
    this.#evenAt.set(key, evenAt);
    return 0;
  }

  #waitOf(key: string): number {
    const evenAt = this.#evenAt.get(key);
    return evenAt === undefined ? 0 : Math.max(0, Math.ceil(evenAt - this.#slackMs - this.#clock()));
  }

  /** Many at once, so that a full map costs the next guesses nothing. */
  #forgetOldest(): void {
    let left = MOST_GUESSERS / 10;
    for (const key of this.#evenAt.keys()) {
      if (left === 0) return;
      this.#evenAt.delete(key);
      left -= 1;
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
