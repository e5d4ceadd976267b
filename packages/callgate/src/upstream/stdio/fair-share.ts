/** How much of the gate's time one child may take: its answers take a tenth where the gate does nothing else. */
const SHARE = 1 / 4;
/** What it may take at once, before it has to let others go first. */
const MOST_OWED_MS = 20;
/** What it can come to owe, by a single message that is large. */
const LARGEST_DEBT_MS = 50;

/** Counts what a child takes of the gate's time, and has it rest where that is more than its share. */
export class FairShare {
  readonly #pause: () => void;
  readonly #resume: () => void;
  #owedMs = 0;
  #countedAt = 0;
  #resting: NodeJS.Timeout | undefined;

  /** `pause` keeps what it says from being read; `resume` is told once it has rested. */
  constructor({ pause, resume }: { readonly pause: () => void; readonly resume: () => void }) {
    this.#pause = pause;
    this.#resume = resume;
  }

  /** Takes in something that it says. */
  spend(work: () => void): void {
    const began = performance.now();
    work();
    const now = performance.now();
    const owed = Math.max(0, this.#owedMs - (now - this.#countedAt) * SHARE);
    this.#owedMs = Math.min(owed + now - began, LARGEST_DEBT_MS);
    this.#countedAt = now;
    if (this.#owedMs > MOST_OWED_MS) this.#rest(this.#owedMs / SHARE);
  }

  /** It is gone. */
  end(): void {
    clearTimeout(this.#resting);
  }

  #rest(ms: number): void {
    this.#pause();
    this.#resting ??= setTimeout(() => {
      this.#resting = undefined;
      this.#resume();
    }, ms);
  }
}
