import type { AskedByServer, LegacyCall } from "./legacy-call.ts";

/** How long a question may stay without its call. */
const UNCLEAR_MS = 30_000;

interface Unclear {
  readonly asked: AskedByServer;
  readonly candidates: Set<LegacyCall>;
  readonly timer: NodeJS.Timeout;
}

/**
 * Finds the call on whose behalf a server asks, where its transport does not say: of those that were under way when it
 * asked, all others must have ended. Never guesses: one caller's question is nobody else's.
 */
export class WhoAsks {
  readonly #calls = new Set<LegacyCall>();
  readonly #unclear = new Set<Unclear>();

  begin(call: LegacyCall): void {
    this.#calls.add(call);
  }

  end(call: LegacyCall): void {
    this.#calls.delete(call);
    for (const unclear of this.#unclear) {
      if (unclear.candidates.delete(call)) this.#look(unclear);
    }
  }

  /** Undefined where no call is under way: the question is the session's own. */
  ask(asked: AskedByServer): "taken" | undefined {
    if (this.#calls.size === 0) return undefined;
    // Whoever waits for an answer already does not ask, unless nobody else could.
    const running = [...this.#calls].filter((call) => !call.isWaiting);
    const unclear: Unclear = {
      asked,
      candidates: new Set(running.length > 0 ? running : this.#calls),
      timer: setTimeout(() => this.#drop(unclear), UNCLEAR_MS),
    };
    unclear.timer.unref();
    this.#unclear.add(unclear);
    this.#look(unclear);
    return "taken";
  }

  clear(): void {
    for (const unclear of this.#unclear) this.#drop(unclear);
    this.#calls.clear();
  }

  #look(unclear: Unclear): void {
    const [only, other] = unclear.candidates;
    if (other !== undefined) return;
    if (only === undefined) return this.#drop(unclear);
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
