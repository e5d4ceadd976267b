import type { ChangeEvent } from "../wire/exchange.ts";

const REVIEW_EVERY_MS = 1_000;

/** Hears of changes; `review` is its chance to see every second whether it still may. */
export interface Listener {
  hear(event: ChangeEvent): void;
  review(): void;
}

/** Changes that subscribers hear of, within this process. */
export class Events {
  readonly #listeners = new Set<Listener>();
  #reviewing: NodeJS.Timeout | undefined;

  publish(event: ChangeEvent): void {
    for (const listener of this.#listeners) listener.hear(event);
  }

  subscribe(listener: Listener): void {
    this.#listeners.add(listener);
    this.#reviewing ??= setInterval(() => this.#review(), REVIEW_EVERY_MS).unref();
  }

  unsubscribe(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#reviewing);
    this.#reviewing = undefined;
  }

  #review(): void {
    for (const listener of this.#listeners) listener.review();
  }
}
