/** How long each stage of a call took, from its arrival on. */
export class StageTimes {
  readonly #startedMs: number = performance.now();
  readonly #tookMs = new Map<string, number>();
  #lastMs = this.#startedMs;

  /** Notes that a stage has ended now; one that is gone through again adds to itself. */
  mark(stage: string): void {
    const now = performance.now();
    this.#tookMs.set(stage, (this.#tookMs.get(stage) ?? 0) + now - this.#lastMs);
    this.#lastMs = now;
  }

  get totalUs(): number {
    return Math.round((performance.now() - this.#startedMs) * 1000);
  }

  /** Stage names to microseconds, as JSON. */
  toJson(): string {
    let text = "{";
    for (const [stage, ms] of this.#tookMs) text += `${text.length > 1 ? "," : ""}"${stage}":${Math.round(ms * 1000)}`;
    return `${text}}`;
  }
}
