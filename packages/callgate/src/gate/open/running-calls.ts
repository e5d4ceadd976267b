/** The calls that are on their way, whoever still waits for their answers. */
export class RunningCalls {
  #count = 0;
  #onNone: (() => void) | undefined;

  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#onNone?.();
  }

  /** Resolves once none runs any more, after `withinMs` at the latest, with how many still do. */
  async ended(withinMs: number): Promise<number> {
    if (this.#count > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.#onNone = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#count;
  }
}
