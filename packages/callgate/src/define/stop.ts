/** What tells work to end before its time. */
export type Stop = AbortSignal | LightSignal;

/**
 * What is used of an `AbortSignal` here, for a tenth of the cost of one: every call has two. It becomes one where somebody
 * asks for that.
 */
export class LightSignal {
  #aborted = false;
  #reason: unknown;
  #listeners: (() => void)[] = [];
  #controller: AbortController | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** The same as a signal for others' code. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Only the first time counts. */
  abort(reason: Error): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
    this.#controller?.abort(reason);
  }

  /** A listener is called once, and not at all where it comes too late. */
  addEventListener(_type: "abort", listener: () => void, _options?: { readonly once: true }): void {
    if (!this.#aborted) this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }
}

/** A signal for what takes nothing else. */
export function toSignal(stop: Stop): AbortSignal {
  return stop instanceof LightSignal ? stop.signal : stop;
}

/** What a context of the gate holds beside the signal that it gives to tools. */
export interface Stopping {
  readonly stop: Stop;
}

/** What a context's work ends by, without a signal of its own where there is something cheaper. */
export function stopOf(ctx: { readonly signal: AbortSignal } & Partial<Stopping>): Stop {
  return ctx.stop ?? ctx.signal;
}
