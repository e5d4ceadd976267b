import type { ChangeEvent } from "../wire/exchange.ts";

/** Changes that subscribers hear of, within this process. */
export class Events {
  readonly #listeners = new Set<(event: ChangeEvent) => void>();

  publish(event: ChangeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: ChangeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
