import type { RequestOptions } from "../connection.ts";
import { UpstreamError } from "../upstream-error.ts";
import type { LegacyCall } from "./legacy-call.ts";

/** People answer forms. */
const HOLD_MS = 10 * 60_000;
const MOST_HELD = 256;
const MOST_HELD_OF_ONE = 16;
/** Of the questions for which they wait, all together. */
const MOST_LETTERS = 64 << 20;

interface Held {
  readonly call: LegacyCall;
  readonly timer: NodeJS.Timeout;
}

/**
 * Calls that wait between two rounds for their client: bounded in number, time and what is asked, each for the subject that began it,
 * and held by this process alone.
 */
export class HeldCalls {
  readonly #name: string;
  readonly #held = new Map<string, Held>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Gives back the state under which the next round finds the call. */
  hold(call: LegacyCall): { readonly held: string } {
    let ofOne = 0;
    for (const { call: other } of this.#held.values()) if (other.subject === call.subject) ofOne += 1;
    if (ofOne >= MOST_HELD_OF_ONE || this.#held.size >= MOST_HELD || !this.#hasRoom(call.openLetters)) {
      const words = `${this.#name} has too many calls that wait for answers of their clients.`;
      const busy = new UpstreamError({ kind: "busy", retryAfterMs: 30_000 }, words);
      call.giveUp(busy);
      throw busy;
    }
    const timer = setTimeout(() => {
      this.#held.delete(call.id);
      call.giveUp(new Error("nobody answered in time"));
    }, HOLD_MS);
    timer.unref();
    this.#held.set(call.id, { call, timer });
    call.wait((letters) => this.#hasRoom(letters));
    return { held: call.id };
  }

  /** The call that a round goes on with; it can be taken once. */
  take({ state, subject }: Pick<RequestOptions, "state" | "subject">): LegacyCall {
    const id = typeof state === "object" && state !== null && "held" in state ? String(state.held) : "";
    const found = this.#held.get(id);
    if (found === undefined || found.call.subject !== subject.id) {
      throw new UpstreamError({ kind: "lost" }, `${this.#name} no longer holds the call that this answer is for.`);
    }
    clearTimeout(found.timer);
    this.#held.delete(id);
    return found.call;
  }

  /** Gives up all of them. */
  clear(): void {
    for (const { call, timer } of this.#held.values()) {
      clearTimeout(timer);
      call.giveUp(new Error("the session has ended"));
    }
    this.#held.clear();
  }

  #hasRoom(letters: number): boolean {
    let all = letters;
    for (const { call } of this.#held.values()) all += call.openLetters;
    return all <= MOST_LETTERS;
  }
}
