import type { AskedByServer, LegacyCall } from "./legacy-call.ts";
import { isSameCaller } from "./only-call.ts";
import { UnderWay } from "./under-way.ts";

/** How long a question may stay without its call. */
const UNCLEAR_MS = 30_000;
const MOST_UNCLEAR = 64;
const MOST_UNCLEAR_LETTERS = 8 << 20;
const MOST_GIVEN_UP = 256;
/** A server may come to know only after a while that a call was given up, and answer it; then nothing is unclear. */
const LATE_ANSWER_MS = 60_000;

interface Unclear {
  readonly asked: AskedByServer;
  readonly letters: number;
  readonly candidates: Set<LegacyCall>;
  readonly timer: NodeJS.Timeout;
}

/**
 * Finds the call on whose behalf a server asks, where its transport does not say: of those that were under way when it
 * asked, all others must have ended, as a call does not that waits for an answer of its client. One that was given up may
 * still be worked at, and asked for, until the server has answered it after all: meanwhile no other caller is asked.
 */
export class WhoAsks {
  readonly #calls = new UnderWay<LegacyCall>();
  readonly #givenUp = new Set<LegacyCall>();
  /** More were given up than can be remembered. */
  #isLost = false;
  #lastGivenUp = 0;
  #hasAsked = false;
  readonly #unclear = new Set<Unclear>();

  /**
   * Nothing is under way, and nobody could be asked any more: the server, which asks in this way, has not answered what was
   * given up a minute ago or earlier, as it need not. Only the end of the session makes sure that it does not ask for that.
   */
  get isSpent(): boolean {
    const mayAskLate = this.#givenUp.size > 0 || this.#isLost;
    if (!this.#hasAsked || !mayAskLate || this.#calls.size > 0) return false;
    return performance.now() - this.#lastGivenUp >= LATE_ANSWER_MS;
  }

  begin(call: LegacyCall): void {
    this.#calls.add(call);
  }

  /** Nobody waits for it any more; the server may still be at it. */
  giveUp(call: LegacyCall): void {
    if (!this.#calls.delete(call)) return;
    this.#lastGivenUp = performance.now();
    if (this.#givenUp.size < MOST_GIVEN_UP) this.#givenUp.add(call);
    else this.#isLost = true;
    for (const unclear of this.#unclear) this.#look(unclear);
  }

  /** The server is done with it. */
  end(call: LegacyCall): void {
    this.#calls.delete(call);
    this.#givenUp.delete(call);
    for (const unclear of this.#unclear) {
      if (unclear.candidates.delete(call)) this.#look(unclear);
    }
  }

  /** Undefined where no call is under way: the question is the session's own. */
  ask(asked: AskedByServer): "taken" | undefined {
    this.#hasAsked = true;
    if (this.#calls.size === 0) return undefined;
    const letters = JSON.stringify(asked.request.params ?? {}).length;
    if (!this.#hasRoom(letters)) {
      asked.refuse("Too much is asked before it is clear for which calls.");
      return "taken";
    }
    // Whoever waits for an answer already does not ask, unless nobody else could.
    const running = [...this.#calls].filter((call) => !call.isWaiting);
    const unclear: Unclear = {
      asked,
      letters,
      candidates: new Set([...(running.length > 0 ? running : this.#calls), ...this.#givenUp]),
      timer: setTimeout(() => this.#drop(unclear), UNCLEAR_MS),
    };
    unclear.timer.unref();
    this.#unclear.add(unclear);
    this.#look(unclear);
    return "taken";
  }

  /** The server does not want an answer to it any more. */
  withdraw(id: unknown): void {
    for (const unclear of this.#unclear) if (unclear.asked.request.id === id) this.#forget(unclear);
  }

  clear(): void {
    for (const unclear of this.#unclear) this.#drop(unclear);
    this.#calls.clear();
    this.#givenUp.clear();
  }

  #hasRoom(letters: number): boolean {
    let sum = letters;
    for (const unclear of this.#unclear) sum += unclear.letters;
    return this.#unclear.size < MOST_UNCLEAR && sum <= MOST_UNCLEAR_LETTERS;
  }

  #look(unclear: Unclear): void {
    const all = [...unclear.candidates];
    const [only, ...others] = all.filter((call) => !call.isOver);
    const mayBeAnothers = all.some((call) => only === undefined || !isSameCaller(call.subject, only.subject));
    if (only === undefined || this.#isLost || (mayBeAnothers && all.some((call) => call.isOver))) {
      return this.#drop(unclear);
    }
    if (others.length > 0) return;
    this.#forget(unclear);
    only.ask(unclear.asked);
  }

  #drop(unclear: Unclear): void {
    this.#forget(unclear);
    unclear.asked.refuse("It is not clear for which call this is asked: call the tool alone.");
  }

  #forget(unclear: Unclear): void {
    clearTimeout(unclear.timer);
    this.#unclear.delete(unclear);
  }
}
