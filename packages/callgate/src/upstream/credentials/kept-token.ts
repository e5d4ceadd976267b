import { orAborted } from "./or-aborted.ts";
import type { Token } from "./token.ts";
import { TokenError } from "./token-errors.ts";

/** What a token is kept with. */
export interface KeepingOptions {
  /** Finds a token, other than one that was refused. */
  readonly find: (refused: string | undefined) => Promise<Token>;
  readonly clock: () => number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A server that refuses one fresh token after the other is not asked about each of them. */
const REFUSED_AGAIN_MS = 5_000;

/**
 * A token for many requests at once: found once, used while it holds, found anew before it ends while the old one is still
 * used. Where none can be found, requests are told so at once, and it is tried again after a growing while.
 */
export class KeptToken {
  readonly #options: KeepingOptions;
  #token: Token | undefined;
  #finding: Promise<Token> | undefined;
  #failure: { readonly error: unknown; readonly pauseMs: number; readonly until: number } | undefined;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(options: KeepingOptions) {
    this.#options = options;
  }

  /** A token that can be used now. Whoever waits for one does no harm by going away. */
  async value(signal: AbortSignal): Promise<string> {
    const now = this.#options.clock();
    const token = this.#token;
    if (token !== undefined && now < token.usableUntil) {
      if (now >= token.renewAt && !this.#pauses()) this.#find(undefined).catch(() => undefined);
      return token.value;
    }
    if (this.#finding === undefined && this.#pauses()) throw this.#failure?.error;
    return (await orAborted(this.#find(undefined), signal)).value;
  }

  /** True where another one than the refused one is there, or can be found. */
  async refused(value: string, signal: AbortSignal): Promise<boolean> {
    if (this.#token !== undefined && this.#token.value !== value) return true;
    const now = performance.now();
    if (this.#finding === undefined && (this.#pauses() || now - this.#refusedAt < REFUSED_AGAIN_MS)) return false;
    this.#refusedAt = now;
    return this.renew(value, signal);
  }

  /** The same, where more is known by now of what is wanted: one is asked for, however short ago the last was. */
  async renew(value: string, signal: AbortSignal): Promise<boolean> {
    if (this.#token !== undefined && this.#token.value !== value) return true;
    this.#token = undefined;
    return this.#isAnother(this.#find(value), { value, signal });
  }

  /** True where another one is there, or comes of what is under way. */
  async other(value: string, signal: AbortSignal): Promise<boolean> {
    if (this.#finding !== undefined) return this.#isAnother(this.#finding, { value, signal });
    return this.#token !== undefined && this.#token.value !== value;
  }

  async #isAnother(
    finding: Promise<Token>,
    { value, signal }: { readonly value: string; readonly signal: AbortSignal },
  ): Promise<boolean> {
    try {
      return (await orAborted(finding, signal)).value !== value;
    } catch (error) {
      if (error instanceof TokenError) return false;
      throw error;
    }
  }

  #pauses(): boolean {
    return this.#failure !== undefined && performance.now() < this.#failure.until;
  }

  #find(refused: string | undefined): Promise<Token> {
    this.#finding ??= this.#findNow(refused).finally(() => {
      this.#finding = undefined;
    });
    return this.#finding;
  }

  async #findNow(refused: string | undefined): Promise<Token> {
    try {
      this.#token = await this.#options.find(refused);
      this.#failure = undefined;
      return this.#token;
    } catch (error) {
      const pauseMs = Math.min((this.#failure?.pauseMs ?? FIRST_PAUSE_MS / 2) * 2, LONGEST_PAUSE_MS);
      // Replicas that fail together do not come back together.
      this.#failure = { error, pauseMs, until: performance.now() + pauseMs * (0.75 + Math.random() / 2) };
      throw error;
    }
  }
}
